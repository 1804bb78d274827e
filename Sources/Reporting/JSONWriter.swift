/// Writes JSON text (RFC 8259) that is the same on every machine: members in the order they were given, two spaces
/// of indentation, LF, a final newline.
///
/// Characters that JSON must escape are escaped in their shortest form; all others stand as themselves, in UTF-8,
/// but for U+2028 and U+2029 (line ends to JavaScript) and U+007F to U+009F (control characters to terminals).
package struct JSONWriter {
  private var bytes: [UInt8] = []
  /// Takes what is written so far; nil where all of it is kept.
  private let sink: (([UInt8]) -> Void)?

  private init(_ sink: (([UInt8]) -> Void)?) { self.sink = sink }

  /// So many bytes are handed on at once.
  private static let chunk = 1 << 16

  /// The text of a document.
  package static func text(_ value: JSONValue) -> String { text(.value(value)) }

  /// The text of a document that is made while it is written.
  package static func text(_ draft: JSONDraft) -> String {
    var writer = JSONWriter(nil)
    writer.write(draft, depth: 0)
    writer.bytes.append(UInt8(ascii: "\n"))
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// Writes a document that is made while it is written, piece by piece.
  package static func write(_ draft: JSONDraft, to sink: @escaping ([UInt8]) -> Void) {
    var writer = JSONWriter(sink)
    writer.write(draft, depth: 0)
    writer.bytes.append(UInt8(ascii: "\n"))
    sink(writer.bytes)
  }

  private mutating func write(_ draft: JSONDraft, depth: Int) {
    switch draft {
    case .value(let value): write(value, depth: depth)
    case .object(let members):
      writeGroup("{", members, "}", depth: depth) { writer, member in
        writer.writeQuoted(member.name)
        writer.write(": ")
        writer.write(member.value, depth: depth + 1)
      }
    case .array(let elements):
      writeGroup("[", elements, "]", depth: depth) { writer, element in writer.write(element, depth: depth + 1) }
    case .made(let count, let make):
      writeGroup("[", 0..<count, "]", depth: depth) { writer, index in
        writer.write(make(index), depth: depth + 1)
        writer.handOn()
      }
    }
  }

  private mutating func handOn() {
    guard let sink, bytes.count >= Self.chunk else { return }
    sink(bytes)
    bytes.removeAll(keepingCapacity: true)
  }

  private mutating func write(_ value: JSONValue, depth: Int) {
    switch value {
    case .null: write("null")
    case .bool(let value): write(value ? "true" : "false")
    case .int(let value): write(String(value))
    case .string(let value): writeQuoted(value)
    case .array(let elements):
      writeGroup("[", elements, "]", depth: depth) { writer, element in writer.write(element, depth: depth + 1) }
    case .object(let members):
      writeGroup("{", members, "}", depth: depth) { writer, member in
        writer.writeQuoted(member.name)
        writer.write(": ")
        writer.write(member.value, depth: depth + 1)
      }
    }
  }

  private mutating func writeGroup<Elements: Sequence>(
    _ opening: String, _ elements: Elements, _ closing: String, depth: Int,
    each: (inout JSONWriter, Elements.Element) -> Void
  ) {
    write(opening)
    var isFirst = true
    for element in elements {
      if !isFirst { write(",") }
      isFirst = false
      writeNewline(depth: depth + 1)
      each(&self, element)
    }
    if !isFirst { writeNewline(depth: depth) }
    write(closing)
  }

  private mutating func writeNewline(depth: Int) {
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }

  private mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func writeQuoted(_ text: String) {
    write("\"")
    defer { write("\"") }
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
      write(text)
      return
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": write("\\\"")
      case "\\": write("\\\\")
      case "\u{08}": write("\\b")
      case "\u{0C}": write("\\f")
      case "\n": write("\\n")
      case "\r": write("\\r")
      case "\t": write("\\t")
      case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        write("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
      default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
  }
}
