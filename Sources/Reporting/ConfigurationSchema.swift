import Findings

/// The JSON Schema of the configuration, for editors that complete and check it: made from the same description of the
/// keys that the reader goes by.
package enum ConfigurationSchema {
  /// The schema (draft-07, which editors' YAML support knows best) as JSON.
  package static func render(_ value: ConfigurationValue) -> String {
    guard case .object(let members) = schema(value) else { return "" }
    let head: [JSONValue.Member] = [
      JSONValue.Member("$schema", .string("http://json-schema.org/draft-07/schema#")),
      JSONValue.Member("title", .string("The configuration of blealint (.blealint.yaml)")),
    ]
    return JSONWriter.text(.object(head + members))
  }

  private static func schema(_ value: ConfigurationValue) -> JSONValue {
    switch value {
    case .text, .path: ["type": .array([.string("string"), .string("number")]), "minLength": .int(1)]
    case .bool: ["type": .string("boolean")]
    case .date: ["type": .string("string"), "pattern": .string("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    case .word(let words): ["type": .string("string"), "enum": .array(words.map(JSONValue.string))]
    case .plain:
      [
        "anyOf": .array([scalar, ["type": .string("array"), "items": scalar]])
      ]
    case .anything: .object([])
    case .list(let element): ["type": .string("array"), "items": schema(element)]
    case .oneOrMore(let element):
      ["anyOf": .array([schema(element), ["type": .string("array"), "items": schema(element)]])]
    case .map(let element, _): ["type": .string("object"), "additionalProperties": schema(element)]
    case .object(_, let keys):
      [
        "type": .string("object"),
        "properties": .object(keys.map { JSONValue.Member($0.name, described($0)) }),
        "required": .filled(keys.filter(\.isRequired).map(\.name)),
        "additionalProperties": .bool(false),
      ]
    }
  }

  private static var scalar: JSONValue {
    ["type": .array([.string("string"), .string("number"), .string("boolean")])]
  }

  private static func described(_ key: ConfigurationKey) -> JSONValue {
    guard case .object(let members) = schema(key.value) else { return .object([]) }
    var description = key.description
    if let value = key.defaultValue { description += " Default: \(value)." }
    return .object([JSONValue.Member("description", .string(description))] + members)
  }
}
