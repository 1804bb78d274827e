/// How much work the evaluation of dynamic SQL may take in one replay, so that no input, however short, holds a run:
/// loops within loops, texts that double, functions that call each other. Copies of a replay share it. A unit is about
/// the time in which one byte of an expression is parsed.
final class EvaluationBudget {
  /// Bytes of the longest text: what is longer than the longest statement is never run.
  static let textLimit = ParsingLimits.standard.statementSize

  private var left: Int

  init(units: Int) { left = units }

  var isExhausted: Bool { left <= 0 }

  /// Takes units off; false once there are none left, and from then on.
  @discardableResult
  func spend(_ units: Int) -> Bool {
    guard left > 0 else { return false }
    left -= min(left, max(units, 1))
    return left > 0
  }
}
