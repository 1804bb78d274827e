import Findings

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
      write("[")
      for start in stride(from: 0, to: count, by: Self.batch) {
        let batch = start..<min(count, start + Self.batch)
        for piece in Self.pieces(batch, depth: depth, make) { bytes.append(contentsOf: piece) }
        handOn()
      }
      if count > 0 { writeNewline(depth: depth) }
      write("]")
    }
  }

  /// So many elements that are made while they are written are made at once.
  private static let batch = 128

  /// The texts of elements, each behind its comma and line end: one text from each core.
  private static func pieces(_ batch: Range<Int>, depth: Int, _ make: @Sendable (Int) -> JSONValue) -> [[UInt8]] {
    // Of few elements a thread is not worth its start.
    let half = batch.count < 32 ? batch.upperBound : batch.lowerBound + batch.count / 2
    return concurrentMap([batch.lowerBound..<half, half..<batch.upperBound].filter { !$0.isEmpty }) { share in
      var writer = JSONWriter(nil)
      for index in share {
        if index > 0 { writer.write(",") }
        writer.writeNewline(depth: depth + 1)
        writer.write(make(index), depth: depth + 1)
      }
      return writer.bytes
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

  /// A line end, and as many spaces as reports of ours need.
  private static let indentation = [UInt8(ascii: "\n")] + [UInt8](repeating: UInt8(ascii: " "), count: 127)

  private mutating func writeNewline(depth: Int) {
    var missing = 1 + 2 * depth
    bytes.append(contentsOf: Self.indentation.prefix(missing))
    missing -= Self.indentation.count
    if missing > 0 { bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: missing)) }
  }

  private mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Whether a text is of characters only that need no escape and are one byte each.
  private static func standsAsItIs(_ text: String) -> Bool {
    for byte in text.utf8 {
      guard byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { return false }
    }
    return true
  }

  private mutating func writeQuoted(_ text: String) {
    write("\"")
    defer { write("\"") }
    if Self.standsAsItIs(text) {
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
