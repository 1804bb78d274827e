import SourceText
import Testing

@Suite("Did you mean")
struct SuggestionTests {
  @Test(
    arguments: [
      ("Resorces", ["Outputs", "Resources"], "Resources"), ("resources", ["Resources"], "Resources"),
      ("Ouptuts", ["Outputs"], "Outputs"), ("Encrypted", ["Engine"], nil), ("a", ["b"], nil), ("", ["b"], nil),
      ("ab", ["ac", "bb"], "ac"), ("ab", ["bb", "ac"], "ac"), ("same", ["same"], nil), ("名前", ["名称"], "名称"),
      ("名前", ["住所"], nil),
      ("データベース名", ["データベス名"], "データベス名"),
    ] as [(String, [String], String?)])
  func `The nearest name is offered if it is near`(_ name: String, _ candidates: [String], _ expected: String?) {
    #expect(Suggestion.nearest(to: name, among: candidates) == expected)
  }
}
