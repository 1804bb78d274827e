/// A JSON document to be written. Members keep the order they are given in, so that the same report gives the same
/// bytes; a literal's nil member is left out.
package enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case int(Int)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// A name and its value, in an object.
  package struct Member: Hashable, Sendable {
    package let name: String
    package let value: JSONValue

    package init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// An array, or nil where it would be empty: for members that say nothing when they hold nothing.
  static func filled(_ elements: [JSONValue]) -> JSONValue? { elements.isEmpty ? nil : .array(elements) }

  /// An array of strings, or nil where it would be empty.
  static func filled(_ strings: [String]) -> JSONValue? { filled(strings.map(JSONValue.string)) }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, JSONValue?)...) {
    var members: [Member] = []
    members.reserveCapacity(elements.count)
    for (name, value) in elements { if let value { members.append(Member(name, value)) } }
    self = .object(members)
  }
}
