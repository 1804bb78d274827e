/// A catalogue as data to print: JSON's own kinds of values, members in the order given.
package indirect enum CatalogueValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case number(Int)
  case text(String)
  case list([CatalogueValue])
  case object([(String, CatalogueValue)])

  /// Members without those that say nothing.
  static func members(_ members: [(String, CatalogueValue?)]) -> CatalogueValue {
    .object(members.compactMap { name, value in value.map { (name, $0) } })
  }

  static func texts(_ texts: [String]) -> CatalogueValue { .list(texts.map(CatalogueValue.text)) }

  /// JSON, a member a line.
  package var json: String {
    var writer = Writer()
    writer.write(self, indent: 0)
    return String(decoding: writer.bytes, as: UTF8.self) + "\n"
  }

  package static func == (a: CatalogueValue, b: CatalogueValue) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.bool(let x), .bool(let y)): x == y
    case (.number(let x), .number(let y)): x == y
    case (.text(let x), .text(let y)): x == y
    case (.list(let x), .list(let y)): x == y
    case (.object(let x), .object(let y)): x.elementsEqual(y) { $0.0 == $1.0 && $0.1 == $1.1 }
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(json) }

  private struct Writer {
    var bytes: [UInt8] = []

    mutating func write(_ value: CatalogueValue, indent: Int) {
      switch value {
      case .null: bytes += Array("null".utf8)
      case .bool(let value): bytes += Array((value ? "true" : "false").utf8)
      case .number(let value): bytes += Array(String(value).utf8)
      case .text(let value): write(value)
      case .list(let elements):
        guard !elements.isEmpty else {
          bytes += Array("[]".utf8)
          return
        }
        bracket("[", "]", indent, elements) { writer, element, indent in writer.write(element, indent: indent) }
      case .object(let members):
        guard !members.isEmpty else {
          bytes += Array("{}".utf8)
          return
        }
        bracket("{", "}", indent, members) { writer, member, indent in
          writer.write(member.0)
          writer.bytes += Array(": ".utf8)
          writer.write(member.1, indent: indent)
        }
      }
    }

    private mutating func bracket<Element>(
      _ open: String, _ close: String, _ indent: Int, _ elements: [Element],
      _ body: (inout Writer, Element, Int) -> Void
    ) {
      bytes += Array(open.utf8)
      for (index, element) in elements.enumerated() {
        bytes += Array((index == 0 ? "\n" : ",\n").utf8)
        bytes += [UInt8](repeating: 0x20, count: indent + 1)
        body(&self, element, indent + 1)
      }
      bytes.append(0x0A)
      bytes += [UInt8](repeating: 0x20, count: indent)
      bytes += Array(close.utf8)
    }

    /// RFC 8259: quotation mark, backslash and control characters are escaped.
    private mutating func write(_ text: String) {
      bytes.append(UInt8(ascii: "\""))
      for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
        case 0x0A: bytes += Array("\\n".utf8)
        case 0..<0x20:
          let digits = Array("0123456789abcdef".utf8)
          bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        default: bytes.append(byte)
        }
      }
      bytes.append(UInt8(ascii: "\""))
    }
  }
}
