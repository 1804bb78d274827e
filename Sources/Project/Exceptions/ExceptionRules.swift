import Findings

/// The two rules about exceptions themselves. They are judged where all others have been, so they are no rule files:
/// whether an exception silences anything follows from the findings.
package enum ExceptionRules {
  /// Every exception silences something.
  package static let inUse = "BLEA-EXC-001"
  /// Every exception names rules that there are, gives its reason, and is written so that it can be understood.
  package static let inOrder = "BLEA-EXC-002"

  /// What reports and `explain` say of them.
  package static let descriptions = [
    RuleDescription(
      id: inUse, name: "exception-in-use",
      title: LocalizedText(
        en: "Every exception silences a finding", ja: "すべての例外が実際の指摘を抑止している"),
      severity: .medium, origin: ["judgement"], controls: [],
      rationale: LocalizedText(
        en:
          "An exception that silences nothing is left over: the next violation at its place would be accepted unseen.",
        ja: "何も抑止していない例外は残骸であり、次にその場所で起きた違反が誰にも見られずに受け入れられてしまいます。"),
      remediation: LocalizedText(
        en: "Remove the exception, or move it to the resource, statement or line that the finding is shown at.",
        ja: "例外を削除するか、指摘が表示されるリソース・文・行の上に移してください。"),
      references: [], parameters: [],
      checks: [
        RuleCheck(
          role: .generator, name: "exception", expression: "exceptions of the project and of its configuration"),
        RuleCheck(
          role: .obligation, name: "used", expression: "exception silences, or would silence, a finding",
          severity: .medium),
      ], examples: [], isBuiltIn: true),
    RuleDescription(
      id: inOrder, name: "exception-in-order",
      title: LocalizedText(
        en: "Every exception names a rule and gives a reason", ja: "すべての例外がルールと理由を示している"),
      severity: .medium, origin: ["judgement"], controls: [],
      rationale: LocalizedText(
        en:
          "An exception nobody can explain cannot be reviewed. One with a misspelt rule does not hold, and its author "
          + "believes it does.",
        ja: "説明できない例外は審査できません。ルール名を誤った例外は効いていないのに、書いた人は効いていると信じています。"),
      remediation: LocalizedText(
        en:
          "Write allow(RULE) with the reason behind it, and until when: 'allow(kms-key-rotation) imported key material, "
          + "until 2027-01-31'.",
        ja: "allow(ルール) のあとに理由と期限を書いてください: 'allow(kms-key-rotation) 取り込んだ鍵, until 2027-01-31'。"),
      references: [], parameters: [],
      checks: [
        RuleCheck(
          role: .generator, name: "exception", expression: "exceptions of the project and of its configuration"),
        RuleCheck(
          role: .obligation, name: "rule", expression: "exception names rules that there are", severity: .medium),
        RuleCheck(role: .obligation, name: "reason", expression: "exception gives its reason", severity: .medium),
        RuleCheck(role: .obligation, name: "date", expression: "the end of exception is a date", severity: .medium),
        RuleCheck(
          role: .obligation, name: "written", expression: "exception is written as exceptions are", severity: .medium),
      ], examples: [], isBuiltIn: true),
  ]

  /// The description with an id or a name.
  package static func description(_ idOrName: String) -> RuleDescription? {
    descriptions.first { $0.id.lowercased() == idOrName.lowercased() || $0.name == idOrName.lowercased() }
  }
}
