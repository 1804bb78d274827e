import Foundation
import Reporting
import Testing

@Suite struct JSONWriterTests {
  @Test func membersKeepTheirOrderAndNilIsLeftOut() {
    let value: JSONValue = [
      "zeta": .int(-1), "alpha": .bool(true), "none": nil, "null": .null, "empty": .array([]), "nothing": [:],
      "list": .array([.string("a"), ["b": .int(2)]]),
    ]
    #expect(
      JSONWriter.text(value) == """
        {
          "zeta": -1,
          "alpha": true,
          "null": null,
          "empty": [],
          "nothing": {},
          "list": [
            "a",
            {
              "b": 2
            }
          ]
        }

        """)
  }

  @Test func everyScalarSurvives() throws {
    let scalars = (0...0x3FF).compactMap(Unicode.Scalar.init) + ["\u{2028}", "\u{FEFF}", "\u{FFFF}", "🔑", "鍵"]
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    let written = JSONWriter.text(.array([.string(text)]))
    let read = try JSONDecoder().decode([String].self, from: Data(written.utf8))
    #expect(read.first?.unicodeScalars.elementsEqual(scalars) == true)
    #expect(written.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
  }

  @Test func shortEscapes() {
    #expect(
      JSONWriter.text(.string("\"\\\u{08}\u{0C}\n\r\t\u{1B}/鍵🔑"))
        == "\"\\\"\\\\\\b\\f\\n\\r\\t\\u001b/鍵🔑\"\n")
  }

  @Test func aDocumentMadeWhileItIsWrittenIsTheSameTextInPieces() {
    @Sendable func value(_ number: Int) -> JSONValue {
      ["number": .int(number), "text": .string(String(repeating: "鍵", count: 100))]
    }
    let draft = JSONDraft.members([
      ("none", nil), ("empty", .made(0, value)), ("elements", .made(1000, value)), ("last", .array([.value(.null)])),
    ])
    var pieces: [[UInt8]] = []
    JSONWriter.write(draft) { pieces.append($0) }
    let whole = JSONWriter.text([
      "empty": .array([]), "elements": .array((0..<1000).map(value)), "last": .array([.null]),
    ])
    #expect(String(decoding: pieces.joined(), as: UTF8.self) == whole)
    #expect(pieces.count > 3)
  }
}
