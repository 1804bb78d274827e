import Findings

/// What keeps findings from being told, by what would settle it: one parameter that is not given leaves many rules
/// undecided, and one line cures them all.
struct UnknownCauses {
  /// Findings with the same cure.
  struct Cause {
    /// What to do, as a sentence.
    let cure: String
    /// The key of the configuration that does the same, as it is written; nil where there is none.
    let key: String?
    let findings: Int
    let rules: Int
  }

  /// Those that settle most first.
  let causes: [Cause]

  init(_ findings: [Finding]) {
    var order: [String] = []
    var groups: [String: [Finding]] = [:]
    for finding in findings where finding.verdict == .unknown {
      // What has several reasons is settled by none of them alone, but each is a step.
      for cure in finding.reasons.compactMap(\.cure).unique {
        if groups[cure] == nil { order.append(cure) }
        groups[cure, default: []].append(finding)
      }
    }
    causes = order.map { cure in
      let group = groups[cure] ?? []
      return Cause(
        cure: cure.asSentence, key: Self.key(of: cure), findings: group.count, rules: Set(group.map(\.rule)).count)
    }.enumerated().sorted { ($1.element.findings, $0.offset) < ($0.element.findings, $1.offset) }.map(\.element)
  }

  /// The key that stands for an option of the command: `give it with --parameter Stage=…` is `parameters: { Stage: … }`.
  private static func key(of cure: String) -> String? {
    for (option, key) in [("--parameter ", "parameters"), ("--stack-tag ", "stack-tags")] {
      let words = cure.split(separator: " ")
      guard let at = words.firstIndex(where: { $0 + " " == option }), at + 1 < words.count else { continue }
      let name = words[at + 1].prefix { $0 != "=" }
      return "\(key): { \(name): … }"
    }
    return cure.contains("--assume-defaults") ? "assume-defaults: true" : nil
  }
}
