import PostgresSchema
import Values

/// Why there may be more objects of a kind than the catalogue has: statements that could not be parsed, and dynamic SQL
/// that could not be evaluated.
struct SchemaDoubts: Sendable {
  private(set) var roles: Unknown?
  private(set) var functions: Unknown?
  /// What ALTER FUNCTION sets of functions that there are.
  private(set) var functionSettings: Unknown?
  private(set) var views: Unknown?
  private(set) var schemas: Unknown?
  private(set) var extensions: Unknown?
  /// Grants on other objects than tables, which say so themselves.
  private(set) var privileges: Unknown?
  private(set) var defaultPrivileges: Unknown?

  init(_ catalogue: Catalogue) {
    for reason in catalogue.moreObjects?.reasons ?? [] {
      for path in Self.all { add(reason, to: path) }
      add(reason, to: \.functionSettings)
    }
    for dynamic in catalogue.dynamicSQL {
      let reason = Reason(
        .sql, "dynamic SQL ('\(dynamic.text)') cannot be evaluated", at: dynamic.origin.span,
        cure: "write the statement out")
      // With no word that says what it is about, it may be about anything.
      if dynamic.aspects.count == Aspect.allCases.count {
        for path in Self.all { add(reason, to: path) }
      } else if dynamic.aspects.contains(.privileges) {
        add(reason, to: \.privileges)
        add(reason, to: \.defaultPrivileges)
      } else {
        switch dynamic.words.first {
        case "grant", "revoke": add(reason, to: \.privileges)
        case "alter" where ["function", "procedure", "routine"].contains(dynamic.words.dropFirst().first):
          add(reason, to: \.functionSettings)
        default: add(reason, words: dynamic.words)
        }
      }
    }
    for statement in catalogue.unparsedStatements {
      let reason = Reason(
        .sql, "a statement about it could not be parsed", at: statement.error, cure: "correct the statement")
      add(reason, words: statement.words)
    }
  }

  /// What a statement with these words in front is about.
  private mutating func add(_ reason: Reason, words: [String]) {
    let words = Set(words)
    if !words.isDisjoint(with: ["role", "user", "group"]) { add(reason, to: \.roles) }
    if !words.isDisjoint(with: ["function", "procedure"]) { add(reason, to: \.functions) }
    if words.contains("view") { add(reason, to: \.views) }
    if words.contains("schema") { add(reason, to: \.schemas) }
    if words.contains("extension") { add(reason, to: \.extensions) }
    if !words.isDisjoint(with: ["grant", "revoke"]) {
      add(reason, to: \.privileges)
      add(reason, to: \.roles)
    }
    if words.contains("default"), words.contains("privileges") { add(reason, to: \.defaultPrivileges) }
  }

  private static var all: [WritableKeyPath<SchemaDoubts, Unknown?>] {
    [\.roles, \.functions, \.views, \.schemas, \.extensions, \.privileges, \.defaultPrivileges]
  }

  private mutating func add(_ reason: Reason, to path: WritableKeyPath<SchemaDoubts, Unknown?>) {
    self[keyPath: path] = self[keyPath: path]?.union(Unknown(reason)) ?? Unknown(reason)
  }
}
