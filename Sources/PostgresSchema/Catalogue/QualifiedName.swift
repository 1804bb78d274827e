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
