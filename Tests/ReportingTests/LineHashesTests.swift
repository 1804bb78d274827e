import Reporting
import Testing

/// What github/codeql-action computes for the same texts: an upload by the action and one by REST must agree.
@Suite struct LineHashesTests {
  private func check(
    _ text: String, _ expected: [String], location: Testing.SourceLocation = #_sourceLocation
  ) {
    let hashes = LineHashes(Array(text.utf8))
    let computed = (1...expected.count).map { hashes.ofLine($0) }
    #expect(computed == expected.map(Optional.some), sourceLocation: location)
    #expect(hashes.ofLine(expected.count + 1) == nil, sourceLocation: location)
  }

  private let greetings = [
    "e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "ce8ba1a563dcdaca:1", "e20e36e16fcb0cc8:1", "b3edc88f2938467e:1",
    "c8e28b0b4002a3a0:1", "c129715d7a2bc9a3:1",
  ]

  @Test func emptyText() { check("", ["c129715d7a2bc9a3:1"]) }

  @Test func spacesAndTabsDoNotCount() {
    check(
      " a\nb\n  \t\tc\n d",
      ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"])
  }

  @Test(arguments: [
    " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n",
    " hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r",
    " hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n",
    " hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n",
  ])
  func everyLineEndIsTheSame(_ text: String) { check(text, greetings) }

  @Test func equalLinesAreCounted() {
    check(
      String(repeating: "Lorem ipsum dolor sit amet.\n", count: 10),
      [
        "a7f2ff13bc495cf2:1", "a7f2ff13bc495cf2:2", "a7f2ff13bc495cf2:3", "a7f2ff13bc495cf2:4",
        "a7f2ff13bc495cf2:5", "a7f2ff13bc495cf2:6", "a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1",
        "55ec222b86bcae53:1", "cc97dc7b1d7d8f7b:1", "c129715d7a2bc9a3:1",
      ])
  }
}
