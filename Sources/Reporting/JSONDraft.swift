/// A JSON document whose long arrays are made element by element while they are written: a report of many findings is
/// never in memory as a whole.
package enum JSONDraft {
  case value(JSONValue)
  case object([(name: String, value: JSONDraft)])
  case array([JSONDraft])
  /// So many elements, each made when it is its turn, on either core.
  case made(Int, @Sendable (Int) -> JSONValue)

  /// An object, of which each member that is nil is left out.
  package static func members(_ members: [(name: String, value: JSONDraft?)]) -> JSONDraft {
    .object(members.compactMap { name, value in value.map { (name, $0) } })
  }

  /// A value, or nil for a member to be left out.
  package static func optional(_ value: JSONValue?) -> JSONDraft? { value.map { .value($0) } }
}
