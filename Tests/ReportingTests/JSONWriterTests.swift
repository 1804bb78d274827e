import Foundation
import Reporting
import Testing

@Suite struct JSONWriterTests {
  @Test func membersKeepTheirOrderAndNilIsLeftOut() {
    let nothing: String? = nil
    let text = JSONWriter.text { json in
      json.object { json in
        json.member("zeta", -1)
        json.member("alpha", true)
        json.member("none", nothing)
        json.strings("empty", [])
        json.strings("left out", unlessEmpty: [])
        json.object("nothing") { _ in }
        json.array("list", [1, 2]) { json, number in
          if number == 1 { json.write("a") } else { json.object { $0.member(named: "b") { $0.write(number) } } }
        }
        json.objects("objects", ["x", "y"]) { $0.member("c", $1) }
        json.objects("no objects", unlessEmpty: [String]()) { $0.member("c", $1) }
      }
    }
    #expect(
      text == """
        {
          "zeta": -1,
          "alpha": true,
          "empty": [],
          "nothing": {},
          "list": [
            "a",
            {
              "b": 2
            }
          ],
          "objects": [
            {
              "c": "x"
            },
            {
              "c": "y"
            }
          ]
        }

        """)
  }

  @Test func everyScalarSurvives() throws {
    let scalars = (0...0x3FF).compactMap(Unicode.Scalar.init) + ["\u{2028}", "\u{FEFF}", "\u{FFFF}", "🔑", "鍵"]
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    let written = JSONWriter.text { json in json.array([text]) { $0.write($1) } }
    let read = try JSONDecoder().decode([String].self, from: Data(written.utf8))
    #expect(read.first?.unicodeScalars.elementsEqual(scalars) == true)
    #expect(written.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
  }

  /// Eight bytes are looked at together: what must be escaped is found at every place among them.
  @Test(arguments: [
    "\"", "\\", "\n", "\u{1F}", "\u{7F}", "\u{80}", "\u{9F}", "\u{A0}", "\u{2027}", "\u{2028}", "\u{2029}",
  ])
  func whatMustBeEscapedIsFoundAnywhere(_ escaped: String) throws {
    for length in 0..<20 {
      for position in 0...length {
        let text =
          String(repeating: "~", count: position) + escaped + String(repeating: " ", count: length - position)
        let written = JSONWriter.text { $0.write(text) }
        #expect(try JSONDecoder().decode([String].self, from: Data("[\(written)]".utf8)) == [text])
        let staysItself = ["\u{A0}", "\u{2027}"].contains(escaped)
        #expect(written.unicodeScalars.dropFirst().dropLast(2).contains("\\") != staysItself)
      }
    }
  }

  @Test func shortEscapes() {
    #expect(
      JSONWriter.text { $0.write("\"\\\u{08}\u{0C}\n\r\t\u{1B}/鍵🔑") }
        == "\"\\\"\\\\\\b\\f\\n\\r\\t\\u001b/鍵🔑\"\n")
  }

  @Test(arguments: [0, 1, 31, 32, 33, 1000])
  func whatIsWrittenOnBothCoresInPiecesIsTheSameText(_ count: Int) {
    @Sendable func members(_ json: inout JSONWriter, _ number: Int) {
      json.member("number", number)
      json.member("text", String(repeating: "鍵", count: 100))
      json.strings("none", [])
    }
    var pieces: [[UInt8]] = []
    JSONWriter.write(to: { pieces.append($0) }) { json in
      json.object { json in
        json.objects("elements", count: count, members)
        json.member("last", true)
      }
    }
    let whole = JSONWriter.text { json in
      json.object { json in
        json.objects("elements", 0..<count, members)
        json.member("last", true)
      }
    }
    #expect(String(decoding: pieces.joined(), as: UTF8.self) == whole)
    #expect(count < 1000 || pieces.count > 3)
  }

  @Test func deepGroupsAreIndentedTooHoweverDeep() {
    func nested(_ depth: Int, _ json: inout JSONWriter) {
      json.array([depth]) { json, depth in if depth == 0 { json.write(1) } else { nested(depth - 1, &json) } }
    }
    let lines = JSONWriter.text { nested(80, &$0) }.split(separator: "\n")
    #expect(lines[81] == String(repeating: " ", count: 162) + "1")
  }
}
