import Testing

@testable import CEL

@Suite struct RegularExpressionTests {
  private func matches(_ pattern: String, _ text: String) -> Bool? {
    guard case .success(let regex) = RegularExpression.compile(pattern) else { return nil }
    return regex.matches(text)
  }

  @Test(arguments: [
    ("", "", true), ("a", "xay", true), ("^a", "xa", false), ("a$", "ab", false), ("^$", "", true), ("a|b", "b", true),
    ("^(a|b)*c$", "abbac", true), ("^a+b?$", "aaa", true), ("^a{2,3}$", "aaaa", false), ("^a{2}$", "aa", true),
    ("^a{2,}$", "aaaaa", true), ("^a{,2}$", "a{,2}", true), ("x{", "x{", true), ("^(a?){3}$", "aa", true),
    ("^(a*)*$", "aaab", false), ("^(|a)+$", "aa", true), ("[abc]", "c", true), ("[^abc]", "abc", false),
    ("^[a-c-]+$", "a-b", true), ("[]a]", "]", true), ("[^]]", "]", false), ("[\\d.]", ".", true), ("[\\]]", "]", true),
    ("^[[:upper:]]+$", "ABC", true), ("[[:^digit:]]", "1", false), ("^\\d+\\s\\w+$", "12 a_b", true),
    ("\\D", "12", false), ("\\bfoo\\b", "a foo b", true), ("\\bfoo\\b", "afoo", false), ("\\Boo", "foo", true),
    ("(?i)straße", "STRASSE", false), ("(?i)ÄB", "äb", true), ("(?i)[a-z]", "Q", true), ("(?i)[^a-z]", "Q", false),
    ("(?i)k", "\u{212A}", true), ("a(?i)b", "aB", true), ("a(?i)b", "AB", false), ("(?i:a)b", "Ab", true),
    ("(?i:a)b", "AB", false), ("a.b", "a\nb", false), ("(?s)a.b", "a\nb", true), ("^b", "a\nb", false),
    ("(?m)^b$", "a\nb\nc", true), ("(?ms)^a.b$", "a\nb", true), ("\\Aa\\z", "a", true), ("a\\z", "a\n", false),
    ("\\p{Lu}", "É", true), ("\\p{Lu}", "é", false), ("\\pL", "語", true), ("\\PL", "語", false),
    ("^[\\p{Nd}_]+$", "١_2", true), ("\\p{^L}", "1", true), ("\\x41\\x{1F600}", "A😀", true), ("\\Qa.b\\E", "a.b", true),
    ("\\Qa.b\\E", "axb", false), ("a\\.b", "axb", false), ("(?P<name>a)(?<other>b)", "ab", true), ("a+?b", "aab", true),
    ("^.$", "日", true), ("^..$", "e\u{301}", true), ("\\t\\n\\v\\f\\r", "\t\n\u{0B}\u{0C}\r", true),
    ("^[\\x00-\\x7f]*$", "abc", true), ("(?U)a+", "a", true), ("\\0", "\0", true), ("\\101", "A", true),
  ])
  func `patterns match as in RE2`(pattern: String, text: String, wanted: Bool) {
    // '\101' would be a back-reference in other dialects: RE2 refuses it as well.
    #expect(matches(pattern, text) == (pattern == "\\101" ? nil : wanted))
  }

  @Test(arguments: [
    "(", ")", "a(b", "[a", "[z-a]", "*", "a**", "a{2}{3}", "a{1001}", "a{3,2}", "\\", "\\1", "(?=a)", "(?!a)", "(?<=a)",
    "(?<!a)", "(?P<>a)", "(?z)", "[[:foo:]]", "\\p{Foo}", "\\pX", "\\x{110000}", "\\xZ", "\\y", "|*", "(?P<a", "[\\",
    "((a{500}){500}){500}", "\\p{Lu", "(?",
  ])
  func `what is no pattern does not compile`(pattern: String) {
    #expect(matches(pattern, "") == nil)
  }

  @Test func `patterns that make others take exponential time take linear time`() {
    let text = String(repeating: "a", count: 2_000)
    #expect(matches("^(a+)+$", text + "b") == false)
    #expect(matches("^(a|a)*$", text + "b") == false)
    #expect(matches("^(a?){200}a{200}$", String(repeating: "a", count: 200)) == true)
  }

  @Test func `groups that nest too deep are refused`() {
    #expect(matches(String(repeating: "(", count: 100_000), "") == nil)
    #expect(matches(String(repeating: "[", count: 100_000), "") == nil)
  }

  @Test func `random text as a pattern never crashes`() {
    var random = SeededGenerator(seed: 3)
    let alphabet = Array("ab\\()[]{}*+?|^$.,-:=!<>Ppxdwsb0129iQE^é")
    for _ in 0..<20_000 {
      let pattern = (0..<Int.random(in: 0...12, using: &random)).map { _ in
        alphabet.randomElement(using: &random) ?? "a"
      }
      if case .success(let regex) = RegularExpression.compile(String(pattern)) { _ = regex.matches("ab0é\n") }
    }
  }

  @Test func `random patterns match as a naive matcher does`() {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<4_000 {
      let tree = NaivePattern.random(depth: 3, &random)
      let pattern = tree.text
      guard case .success(let regex) = RegularExpression.compile(pattern) else {
        Issue.record("'\(pattern)' does not compile")
        continue
      }
      for _ in 0..<6 {
        let text = Array(
          (0..<Int.random(in: 0...6, using: &random)).map { _ in
            "abA\n".randomElement(using: &random) ?? "a"
          })
        let wanted = (0...text.count).contains { tree.ends(text, $0).isEmpty == false }
        #expect(regex.matches(String(text)) == wanted, "'\(pattern)' in '\(String(text))'")
      }
    }
  }
}

/// A pattern, and a matcher that tries all ways.
indirect enum NaivePattern {
  case character(Character)
  case any
  case notA
  case start, end
  case sequence(NaivePattern, NaivePattern)
  case choice(NaivePattern, NaivePattern)
  case repetition(NaivePattern, Int, Int?)

  static func random(depth: Int, _ random: inout SeededGenerator) -> NaivePattern {
    let pick = Int.random(in: 0..<(depth > 0 ? 12 : 6), using: &random)
    switch pick {
    case 0, 1: return .character("a")
    case 2: return .character("b")
    case 3: return .any
    case 4: return .notA
    case 5: return Bool.random(using: &random) ? .start : .end
    case 6, 7, 8:
      return .sequence(.random(depth: depth - 1, &random), .random(depth: depth - 1, &random))
    case 9: return .choice(.random(depth: depth - 1, &random), .random(depth: depth - 1, &random))
    default:
      let least = Int.random(in: 0...2, using: &random)
      let most: Int? = Bool.random(using: &random) ? least + Int.random(in: 0...2, using: &random) : nil
      return .repetition(.random(depth: depth - 1, &random), least, most)
    }
  }

  var text: String {
    switch self {
    case .character(let character): String(character)
    case .any: "."
    case .notA: "[^a]"
    case .start: "^"
    case .end: "$"
    case .sequence(let a, let b): a.text + b.text
    case .choice(let a, let b): "(?:\(a.text)|\(b.text))"
    case .repetition(let inner, let least, let most): "(\(inner.text)){\(least),\(most.map(String.init) ?? "")}"
    }
  }

  /// Where matches that begin at a place end.
  func ends(_ text: [Character], _ at: Int) -> Set<Int> {
    switch self {
    case .character(let character): return at < text.count && text[at] == character ? [at + 1] : []
    case .any: return at < text.count && text[at] != "\n" ? [at + 1] : []
    case .notA: return at < text.count && text[at] != "a" ? [at + 1] : []
    case .start: return at == 0 ? [at] : []
    case .end: return at == text.count ? [at] : []
    case .sequence(let a, let b): return Set(a.ends(text, at).flatMap { b.ends(text, $0) })
    case .choice(let a, let b): return a.ends(text, at).union(b.ends(text, at))
    case .repetition(let inner, let least, let most):
      var reached: Set<Int> = [at]
      for _ in 0..<least { reached = Set(reached.flatMap { inner.ends(text, $0) }) }
      var all = reached
      var turns = 0
      while !reached.isEmpty, turns < (most.map { $0 - least } ?? text.count + 1) {
        reached = Set(reached.flatMap { inner.ends(text, $0) })
        all.formUnion(reached)
        turns += 1
      }
      return all
    }
  }
}

/// The same numbers at every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
