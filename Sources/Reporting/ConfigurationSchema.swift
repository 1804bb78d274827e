import Findings

/// The JSON Schema of the configuration, for editors that complete and check it: made from the same description of the
/// keys that the reader goes by.
package enum ConfigurationSchema {
  /// The schema (draft-07, which editors' YAML support knows best) as JSON.
  package static func render(_ value: ConfigurationValue) -> String {
    JSONWriter.text { json in
      json.object { json in
        json.member("$schema", "http://json-schema.org/draft-07/schema#")
        json.member("title", "The configuration of blealint (.blealint.yaml)")
        writeMembers(of: value, to: &json)
      }
    }
  }

  private static func writeMembers(of value: ConfigurationValue, to json: inout JSONWriter) {
    switch value {
    case .text, .path:
      json.strings("type", ["string", "number"])
      json.member("minLength", 1)
    case .bool: json.member("type", "boolean")
    case .date:
      json.member("type", "string")
      json.member("pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    case .word(let words):
      json.member("type", "string")
      json.strings("enum", words)
    case .plain: writeOneOrMore(to: &json) { $0.strings("type", ["string", "number", "boolean"]) }
    case .anything: break
    case .list(let element): writeList(to: &json) { writeMembers(of: element, to: &$0) }
    case .oneOrMore(let element): writeOneOrMore(to: &json) { writeMembers(of: element, to: &$0) }
    case .map(let element, _):
      json.member("type", "object")
      json.object("additionalProperties") { writeMembers(of: element, to: &$0) }
    case .object(_, let keys):
      json.member("type", "object")
      json.object("properties") { json in
        for key in keys { json.member(named: key.name) { $0.object { writeMembers(of: key, to: &$0) } } }
      }
      json.strings("required", unlessEmpty: keys.filter(\.isRequired).map(\.name))
      json.member("additionalProperties", false)
    }
  }

  private static func writeMembers(of key: ConfigurationKey, to json: inout JSONWriter) {
    json.member("description", key.description + (key.defaultValue.map { " Default: \($0)." } ?? ""))
    writeMembers(of: key.value, to: &json)
  }

  private static func writeList(to json: inout JSONWriter, _ element: (inout JSONWriter) -> Void) {
    json.member("type", "array")
    json.object("items", element)
  }

  private static func writeOneOrMore(to json: inout JSONWriter, _ element: (inout JSONWriter) -> Void) {
    json.array("anyOf", [false, true]) { json, isList in
      json.object { json in
        if isList { writeList(to: &json, element) } else { element(&json) }
      }
    }
  }
}
