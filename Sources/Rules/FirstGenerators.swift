import CEL
import Documents
import Synchronization

/// The first generators of rules that are compiled late (see ``RuleBody``): many rules begin with the same one, which is
/// compiled once for all of them.
final class FirstGenerators: Sendable {
  private let expressions = Mutex<[String: Expression]>([:])

  /// The generator of an entry.
  ///
  /// - Parameters:
  ///   - entry: the first one of a rule's `for`.
  ///   - compile: compiles it, where no rule before had the same.
  /// - Returns: the generator; nil where it cannot be compiled.
  func generator(_ entry: Entry, compiledBy compile: () -> Rule.Generator?) -> Rule.Generator? {
    let text = entry.value.text
    if let expression = expressions.withLock({ $0[text] }) {
      return Rule.Generator(variable: entry.key.text, expression: expression, text: text)
    }
    guard let generator = compile() else { return nil }
    // One that reads a parameter means another thing in another rule.
    if generator.expression.references.identifiers == ["estate"] {
      expressions.withLock { $0[text] = generator.expression }
    }
    return generator
  }
}
