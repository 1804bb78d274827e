import Documents
import SourceText
import Values

/// An entry of a template's Parameters.
package struct Parameter: Sendable {
  /// As written.
  package let name: String
  /// As written: `String`, `CommaDelimitedList`, `AWS::SSM::Parameter::Value<String>`, …
  package let type: String
  /// The name's place.
  package let origin: Origin
  /// The value of `Default`, where it is a scalar.
  package let defaultValue: Node?
  /// The scalars under `AllowedValues`.
  package let allowedValues: [Node]
  /// True when the value must not be shown.
  package let noEcho: Bool
  /// The whole declaration.
  package let node: Node

  /// True when the value is the name of a parameter in Systems Manager's Parameter Store, read at deployment.
  package var isStoreName: Bool { type.hasPrefix("AWS::SSM::Parameter::Value") }

  /// True when `Ref` yields a list.
  package var isList: Bool {
    if type == "CommaDelimitedList" || type.hasPrefix("List<") { return true }
    return isStoreName && (type.contains("Value<List<") || type.contains("Value<CommaDelimitedList"))
  }

  /// The elements of a list parameter's value: cut at commas, without the spaces around them.
  package static func elements(of value: String) -> [String] {
    guard !value.isEmpty else { return [] }
    return value.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { part in
      let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
      var bytes = Array(part)[...]
      while let first = bytes.first, isSpace(first) { bytes.removeFirst() }
      while let last = bytes.last, isSpace(last) { bytes.removeLast() }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}
