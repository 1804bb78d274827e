import SourceText
import Values

/// A property of a database object that statements change: its value and the place that last set it.
package struct Fact<Value: Hashable & Sendable>: Hashable, Sendable {
  package var value: Value
  /// The statement that made it so; the object's own origin while nothing has changed it.
  package var origin: Origin
  /// Why the value may be another, such as dynamic SQL that could not be evaluated.
  package var uncertainty: Unknown?

  package init(_ value: Value, at origin: Origin, uncertainty: Unknown? = nil) {
    self.value = value
    self.origin = origin
    self.uncertainty = uncertainty
  }
}

extension Fact where Value == Bool {
  /// The value, or why it cannot be told.
  package var truth: Truth { uncertainty.map { .unknown($0) } ?? Truth(value) }
}

/// The part of an object that an unknown concerns: a rule asks only about the parts it reads.
package enum Aspect: String, Hashable, CaseIterable, Sendable {
  /// Whether the object is there at all at the end.
  case existence
  case columns, constraints, indexes, rowSecurity, policies, triggers, privileges, owner, comment
}

/// What is not known about an object, by aspect.
package struct Uncertainty: Hashable, Sendable {
  private var unknowns: [Aspect: Unknown] = [:]

  package init() {}

  package subscript(aspect: Aspect) -> Unknown? { unknowns[aspect] }

  package var isEmpty: Bool { unknowns.isEmpty }

  package mutating func add(_ reason: Reason, to aspects: [Aspect]) {
    let unknown = Unknown(reason)
    for aspect in aspects { unknowns[aspect] = unknowns[aspect]?.union(unknown) ?? unknown }
  }
}

/// `schema.name`, both as the catalogue stores them (folded, without quotes).
package struct QualifiedName: Hashable, Comparable, Sendable, CustomStringConvertible {
  package var schema: String
  package var name: String

  package init(_ schema: String, _ name: String) {
    self.schema = schema
    self.name = name
  }

  package var description: String { schema + "." + name }

  package static func < (a: QualifiedName, b: QualifiedName) -> Bool { (a.schema, a.name) < (b.schema, b.name) }
}

/// `@blea key=value` in a comment on a table or column, or in a line comment on or above it.
package struct Annotation: Hashable, Sendable {
  /// `classification`, `pii`, `retention`, `exempt`, or any other word.
  package let key: String
  /// Without quotes; "" for a key alone.
  package let value: String
  /// The value's place, or the key's where there is no value.
  package let span: Span

  package init(key: String, value: String, span: Span) {
    self.key = key
    self.value = value
    self.span = span
  }
}

/// SQL text within an object: a default, a policy's condition, a function's body.
package struct SQLExpression: Hashable, Sendable {
  /// As written, comments and all.
  package let text: String
  package let span: Span
  /// The value where the expression is a constant, without its quotes; nil else, and for NULL.
  package let constant: String?
  /// The text with the way back to its file, to analyse further.
  package let source: MappedText

  package init(_ source: MappedText, constant: String? = nil) {
    text = source.string
    span = source.span(0..<source.bytes.count)
    self.constant = constant
    self.source = source
  }

  package static func == (a: SQLExpression, b: SQLExpression) -> Bool {
    a.span == b.span && a.text == b.text && a.constant == b.constant
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(span) }
}

/// A name that SQL mentions where it needs the object to exist.
package struct Mention: Hashable, Sendable {
  package let name: String
  package let origin: Origin
}
