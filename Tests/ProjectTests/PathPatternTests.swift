import Testing

@testable import Project

@Suite struct PathPatternTests {
  @Test(arguments: [
    ("infra", "infra/a/b.yaml", true), ("infra", "infra2/b.yaml", false), ("infra/*.yaml", "infra/a.yaml", true),
    ("infra/*.yaml", "infra/a/b.yaml", false), ("infra/**/*.yaml", "infra/a/b/c.yaml", true),
    ("infra/**/*.yaml", "infra/c.yaml", true), ("**/legacy", "a/b/legacy/c.sql", true), ("./db/", "db/1.sql", true),
    (".", "anything/at/all", true), ("a?c", "abc", true), ("a?c", "ac", false), ("*a*b", "xxaxxab", true),
    ("*a*b", "xxaxxac", false), ("größe.sql", "größe.sql", true),
  ])
  func pathsMatch(_ pattern: String, _ path: String, _ isMatch: Bool) {
    #expect(PathPattern(pattern).matches(path) == isMatch)
  }

  @Test(arguments: [
    ("legacy.*", "legacy.users", true), ("legacy.*", "legacy.users.email", true), ("legacy.*", "public.legacy", false),
    ("public.orders", "public.orders.total", true), ("public.order", "public.orders", false),
    ("legacy", "legacy.a", true),
  ])
  func tablesMatchWithWhatBelongsToThem(_ pattern: String, _ name: String, _ isMatch: Bool) {
    #expect(PathPattern.table(pattern).matches(name) == isMatch)
  }

  @Test func namesMatchFromEndToEnd() {
    #expect(PathPattern.name("Orders-*/Key").matches("Orders-Prod/Key"))
    #expect(!PathPattern.name("Orders-*").matches("Orders-Prod/Key"))
  }

  /// Patterns come from files, which anybody may write.
  @Test func aHostilePatternIsQuick() {
    let pattern = PathPattern(String(repeating: "**/*a", count: 200))
    #expect(!pattern.matches(String(repeating: "b/", count: 2000) + "a"))
    let name = PathPattern(String(repeating: "*a", count: 500) + "b")
    #expect(!name.matches(String(repeating: "a", count: 2000)))
  }
}
