/// What is wrong with an input, said so that its author can mend it. (What is wrong with the *system* an input
/// describes is a finding.)
public struct Diagnostic: Hashable, Sendable {
  /// How grave it is: a note explains, a warning leaves the input usable, an error does not.
  public enum Severity: String, Hashable, Comparable, Sendable {
    case note, warning, error

    /// From note to error.
    public static func < (a: Severity, b: Severity) -> Bool { a.order < b.order }

    private var order: Int {
      switch self {
      case .note: 0
      case .warning: 1
      case .error: 2
      }
    }
  }

  /// A stable name in kebab case, such as `duplicate-key`: what a reader searches for and SARIF notifications carry.
  public var id: String
  /// How grave it is.
  public var severity: Severity
  /// The fact, with the offending text in single quotes; one sentence with its full stop.
  public var message: String
  /// What to do about it; one sentence, or nil where the message says it all.
  public var cure: String?
  /// The smallest region that shows it; nil where it is about the file as a whole.
  public var span: Span?
  /// The file's path where there is no span (a file that cannot be read).
  public var path: String?
  /// Other places that the message speaks of, such as the earlier of two equal keys.
  public var related: [Related]

  /// A diagnostic by its parts, in the order in which it reads.
  public init(
    _ id: String, _ severity: Severity, _ message: String, cure: String? = nil, at span: Span? = nil,
    path: String? = nil, related: [Related] = []
  ) {
    self.id = id
    self.severity = severity
    self.message = message
    self.cure = cure
    self.span = span
    self.path = path
    self.related = related
  }

  /// Another place, and what is there.
  public struct Related: Hashable, Sendable {
    /// The other place.
    public let span: Span
    /// What stands at the place, such as "first written here".
    public let message: String

    /// A place and what is there.
    public init(_ span: Span, _ message: String) {
      self.span = span
      self.message = message
    }
  }
}

/// One replacement in a file, against the file as it was read.
public struct TextEdit: Hashable, Sendable {
  /// What is replaced; empty to insert.
  public let span: Span
  /// The text put in its place.
  public let replacement: String

  /// A replacement of what stands at `span`.
  public init(_ span: Span, _ replacement: String) {
    self.span = span
    self.replacement = replacement
  }
}
