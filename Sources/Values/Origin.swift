import SourceText

/// Where a fact stands: its region, and its name in the input's own terms.
public struct Origin: Hashable, Sendable {
  /// The region, in the file that the fact was written in.
  public let span: Span
  /// The path of keys in a template (`Resources/Key/Properties/EnableKeyRotation`) or the qualified name of a
  /// database object (`public.users.email`): stable when code moves.
  public let path: String
  /// What stands there.
  public let kind: Kind

  /// What stands there, in SARIF's words for logical locations where it has them.
  public enum Kind: String, Hashable, Sendable {
    case resource, property, parameter, output, mapping, condition
    case schema, table, column, constraint, index, policy, trigger, function, view, role, grant, `extension`, type
    case statement, file
  }

  /// A place with its name.
  public init(_ span: Span, path: String, kind: Kind) {
    self.span = span
    self.path = path
    self.kind = kind
  }
}

/// One hop between where a value is read and where it was written: a parameter's default, an export, a mapping.
public struct Hop: Hashable, Sendable {
  /// A sentence without its full stop: `Parameter 'Retention' has the default '7'`.
  public let text: String
  /// Where that stands.
  public let origin: Origin
  /// True when the value holds only if nobody overrides it (a parameter's default): reports must say so.
  public let isAssumption: Bool

  /// A hop that a sentence tells.
  public init(_ text: String, at origin: Origin, isAssumption: Bool = false) {
    self.text = text
    self.origin = origin
    self.isAssumption = isAssumption
  }
}
