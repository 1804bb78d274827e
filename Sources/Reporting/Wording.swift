import Findings
import SourceText

/// What reports say in their own words, in one language. Messages of rules come from the rules themselves.
struct Wording {
  let language: Language

  init(_ language: Language) { self.language = language }

  private func say(_ en: String, _ ja: String) -> String { language == .ja ? ja : en }

  // MARK: Verdicts and severities

  func callAsFunction(_ severity: Severity) -> String {
    switch severity {
    case .critical: say("critical", "重大")
    case .high: say("high", "高")
    case .medium: say("medium", "中")
    case .low: say("low", "低")
    case .info: say("info", "情報")
    }
  }

  func callAsFunction(_ severity: Diagnostic.Severity) -> String {
    switch severity {
    case .error: say("error", "エラー")
    case .warning: say("warning", "警告")
    case .note: say("note", "注意")
    }
  }

  func callAsFunction(_ verdict: Verdict) -> String {
    switch verdict {
    case .pass: say("pass", "適合")
    case .fail: say("fail", "違反")
    case .unknown: say("unknown", "判定不能")
    case .notApplicable: say("not applicable", "対象外")
    }
  }

  func counted(_ verdict: Verdict, _ count: Int) -> String {
    switch verdict {
    case .pass: say("\(count) passed", "適合 \(count)")
    case .fail: say("\(count) failed", "違反 \(count)")
    case .unknown: say("\(count) unknown", "判定不能 \(count)")
    case .notApplicable: say("\(count) not applicable", "対象外 \(count)")
    }
  }

  func counted(_ severity: Severity, _ count: Int) -> String {
    say("\(count) \(self(severity))", "\(self(severity)) \(count)")
  }

  /// The heads of a table of findings: how bad, where, by which rule, what.
  var findingColumns: [String] {
    [say("Severity", "重大度"), say("Place", "場所"), say("Rule", "ルール"), say("Finding", "指摘")]
  }

  /// The rest of a list.
  func more(_ count: Int) -> String { say("and \(count) more", "ほか \(count) 件") }

  var comma: String { say(", ", "、") }
  var fullStop: String { say(".", "。") }

  // MARK: Explanations

  var severity: String { say("Severity", "重大度") }
  var origin: String { say("Demanded by", "要求元") }
  var why: String { say("Why", "理由") }
  var checks: String { say("What is checked", "検査内容") }
  var parameters: String { say("Parameters", "パラメーター") }
  var controls: String { say("Controls", "対応する統制") }
  var remediation: String { say("What to do", "対処方法") }
  var references: String { say("References", "参考資料") }
  var failingExample: String { say("An example that fails", "違反する例") }
  var passingExample: String { say("An example that passes", "適合する例") }
  var liveOnly: String {
    say(
      "This cannot be decided from files, so no rule judges it. Check it in the account.",
      "ファイルからは判定できないため、どのルールも判定しません。AWS アカウント上で確認してください。")
  }
  var liveCheck: String { say("How to check", "確認方法") }
  var liveDemands: String { say("Cannot be decided from files", "ファイルからは判定できない要求") }
  var userRule: String { say("a rule of this project's own", "このプロジェクト独自のルール") }

  func check(_ role: RuleCheck.Role) -> String {
    switch role {
    case .generator: say("for each", "対象")
    case .gate: say("when", "条件")
    case .binding: say("with", "定義")
    case .obligation: say("it is required", "要件")
    }
  }

  var derivedMembers: String { say("What derived members stand for", "派生メンバーの定義") }
  var relatedRules: String { say("Related rules", "関連するルール") }

  func leftOut(by profile: String) -> String {
    say("Not judged: profile \(profile) leaves it out.", "プロファイル \(profile) では判定されません。")
  }

  func switchedOff(by path: String) -> String {
    say("Not judged: \(path) switches it off.", "\(path) で無効にされているため判定されません。")
  }

  /// Who gave a setting its value; nil for the rule itself.
  func by(_ source: SettingSource) -> String? {
    switch source {
    case .rule, .example: nil
    case .profile(let name): say("by profile \(name)", "プロファイル \(name) による")
    case .configuration(let path): say("by \(path)", "\(path) による")
    case .commandLine: say("by the command line", "コマンドラインによる")
    }
  }

  /// Where the value of a parameter comes from, and its default.
  func origin(of parameter: RuleParameter, defaultValue: String) -> String {
    guard let by = by(parameter.source) else { return self.defaultValue(defaultValue) }
    return by + comma + self.defaultValue(defaultValue)
  }

  /// Who changed a rule's severity, and from what; nil where nobody did.
  func changed(_ rule: RuleDescription) -> String? {
    by(rule.severitySource).map { "\($0)\(comma)\(defaultValue(self(rule.ownSeverity)))" }
  }

  func defaultValue(_ value: String) -> String { say("default \(value)", "既定値 \(value)") }

  var profile: String { say("Profile", "プロファイル") }
  var catalogue: String { say("Rules", "ルール一覧") }
  func catalogueAbstract(_ count: Int) -> String {
    say(
      "All \(count) rules with what can be set of them; `blealint explain RULE` tells everything about one.",
      "全 \(count) 件のルールと設定可能な項目です。詳しくは `blealint explain RULE` を実行してください。")
  }
  var ruleID: String { say("Rule", "ルール") }
  var ruleName: String { say("Name", "名前") }
  var ruleTitle: String { say("Title", "概要") }
  func ruleCount(_ count: Int) -> String { say(count == 1 ? "1 rule" : "\(count) rules", "ルール \(count) 件") }

  // MARK: Findings

  var because: String { say("because:", "根拠:") }
  var when: String { say("when:", "条件:") }
  var assuming: String { say("assuming:", "前提:") }
  var see: String { say("see:", "関連:") }
  var and: String { say("and:", "さらに:") }
  var controlled: String { say("controls:", "統制:") }
  var help: String { say("help:", "対処:") }
  var more: String { say("more:", "詳細:") }
  func line(_ number: Int) -> String { say("line \(number)", "\(number) 行目") }
  func fixHint(_ safety: Fix.Safety) -> String {
    switch safety {
    case .safe: say("(safe fix)", "(安全な修正)")
    case .unsafe: say("(unsafe fix: may change more than this)", "(安全でない修正: 他にも影響し得ます)")
    }
  }

  var unknownsHeading: String {
    say("Cannot be told, which is never a pass", "判定不能（適合とはみなしません）")
  }
  var curesHeading: String { say("What would settle them", "判定不能を解消するには") }
  func settles(_ findings: Int, rules: Int) -> String {
    let rule = rules == 1 ? "1 rule" : "\(rules) rules"
    return say(
      findings == 1 ? "(1 finding)" : "(\(findings) findings of \(rule))", "（\(findings) 件、ルール \(rules) 件）")
  }
  func orKey(_ key: String) -> String {
    say("or in .blealint.yaml, below the project: \(key)", "または .blealint.yaml のプロジェクトの下に: \(key)")
  }
  var noReason: String { say("No reason was recorded", "理由は記録されていません") }
  var diagnosticsHeading: String { say("Problems with the input", "入力の問題") }
  func evidenceHeading(asOf date: String) -> String {
    say("Evidence as of \(date): every rule on every subject", "証跡（\(date) 時点）: 全ルール・全対象の判定")
  }
  var appliesToNothing: String { say("applies to nothing here", "該当する対象なし") }

  // MARK: The end

  func read(_ count: Int, _ parts: [String]) -> String {
    let files = say(count == 1 ? "1 file" : "\(count) files", "\(count) ファイル")
    let list = parts.isEmpty ? "" : " (" + parts.joined(separator: comma) + ")"
    return say("Read \(files)\(list).", "\(files)を読みました\(list)。")
  }
  func role(_ role: ReadFile.Role, _ count: Int) -> String {
    switch role {
    case .template: say(count == 1 ? "1 template" : "\(count) templates", "テンプレート \(count)")
    case .assembly: say(count == 1 ? "1 of an assembly" : "\(count) of assemblies", "アセンブリ \(count)")
    case .schema: say(count == 1 ? "1 schema" : "\(count) schemas", "スキーマ \(count)")
    case .support: say(count == 1 ? "1 other" : "\(count) others", "その他 \(count)")
    }
  }
  func passedOver(_ count: Int) -> String { say("Passed over \(count):", "判定しなかったファイル \(count) 件:") }
  func andMore(_ count: Int) -> String { say("and \(count) more", "他 \(count) 件") }
  func rules(_ total: Int, _ parts: [String]) -> String {
    say("Rules: \(total)", "ルール: \(total)") + list(parts)
  }
  func judgements(_ total: Int, _ parts: [String]) -> String {
    say("Judgements: \(total)", "判定: \(total)") + list(parts)
  }
  private func list(_ parts: [String]) -> String {
    parts.isEmpty ? fullStop : " (" + parts.joined(separator: comma) + ")" + fullStop
  }

  // MARK: What does not count

  /// What was set aside and why, a sentence each.
  func setAside(_ summary: ReportSummary, baseline: BaselineComparison?, changedSince revision: String?) -> [String] {
    var sentences: [String] = []
    if summary.suppressedCount > 0 {
      let inSource = summary.suppressed[.inSource] ?? 0
      let external = summary.suppressed[.external] ?? 0
      sentences.append(
        say(
          "Accepted by exceptions: \(summary.suppressedCount) (\(inSource) beside the code, \(external) by waivers).",
          "例外により受け入れ: \(summary.suppressedCount) 件（コード内 \(inSource)、構成ファイル \(external)）。"))
    }
    if let baseline {
      sentences.append(
        say(
          "Known to the baseline '\(baseline.path)': \(summary.known); gone from it: \(baseline.gone.count).",
          "ベースライン '\(baseline.path)' に既知: \(summary.known) 件、解消: \(baseline.gone.count) 件。"))
    }
    if let revision {
      sentences.append(
        say(
          "Not touched by the change since '\(revision)': \(summary.untouched).",
          "'\(revision)' 以降の変更に無関係: \(summary.untouched) 件。"))
    }
    return sentences
  }

  /// Why one finding does not count, as a clause.
  func why(_ aside: SetAsideFinding) -> String {
    switch aside.reason {
    case .inBaseline: return say("known to the baseline", "ベースラインに既知")
    case .untouched: return say("not touched by the change", "変更に無関係")
    case .suppressed(let suppression):
      let terms = [suppression.approver.map(by), suppression.expires.map(until)].compactMap { $0 }
      let end = terms.isEmpty ? "" : " (" + terms.joined(separator: comma) + ")"
      return say("accepted: ", "受け入れ: ") + suppression.justification + end
    }
  }

  func gone(_ finding: GoneFinding) -> String {
    say(
      "gone: \(finding.rule) at \(finding.logicalPath), \(finding.path)",
      "解消: \(finding.rule) \(finding.logicalPath) (\(finding.path))")
  }
  var setAsideHeading: String { say("Accepted by exceptions", "例外により受け入れた指摘") }
  func until(_ date: String) -> String { say("until \(date)", "\(date) まで") }
  func by(_ name: String) -> String { say("by \(name)", "承認 \(name)") }

  func failures(_ count: Int, _ parts: [String]) -> String {
    say(count == 1 ? "1 failure" : "\(count) failures", "違反 \(count) 件") + " (" + parts.joined(separator: comma) + ")"
  }
  var noFailures: String { say("No failures", "違反なし") }
  func unknowns(_ count: Int) -> String { say("\(count) unknown", "判定不能 \(count) 件") }
  func errors(_ count: Int) -> String { say(count == 1 ? "1 error" : "\(count) errors", "エラー \(count) 件") }
  func warnings(_ count: Int) -> String { say(count == 1 ? "1 warning" : "\(count) warnings", "警告 \(count) 件") }
  func fixable(_ count: Int) -> String {
    say(count == 1 ? "1 has a safe fix" : "\(count) have a safe fix", "\(count) 件は安全に修正できます")
  }
  func fixed(_ count: Int, files: Int, isPlan: Bool) -> String {
    guard count > 0 else { return say("Nothing to fix.", "自動修正できる違反はありません。") }
    let findings = count == 1 ? "1 finding" : "\(count) findings"
    let places = files == 1 ? "1 file" : "\(files) files"
    return isPlan
      ? say("Would fix \(findings) in \(places).", "\(files) ファイルの \(count) 件を修正できます。")
      : say("Fixed \(findings) in \(places).", "\(files) ファイルの \(count) 件を修正しました。")
  }
  func left(_ count: Int, _ reason: FixOutcome.Reluctance) -> String {
    let (has, it) = count == 1 ? ("1 more has a fix", "it") : ("\(count) more have fixes", "they")
    switch reason {
    case .unsafe:
      return say(
        "\(has) that may change more than the rule asks: add --unsafe-fixes to make \(count == 1 ? "it" : "them").",
        "ほかに安全でない修正が \(count) 件あります。適用するには --unsafe-fixes を付けてください。")
    case .generated:
      return say(
        "\(has) in what 'cdk synth' writes, where \(it) would be lost: change the app instead.",
        "ほかに \(count) 件は 'cdk synth' の出力に対する修正です。アプリ側を変更してください。")
    case .overlapping:
      return say("\(has) beside another's place: run again.", "ほかに \(count) 件は別の修正と重なります。もう一度実行してください。")
    case .otherEncoding:
      return say(
        "\(has) in a file that is not in UTF-8: save it as UTF-8 first.",
        "ほかに \(count) 件は UTF-8 でないファイルに対する修正です。先に UTF-8 で保存してください。")
    case .ineffective:
      return say(
        "\(has) that did not mend \(count == 1 ? "it" : "them"): look at \(count == 1 ? "it" : "them") by hand.",
        "ほかに \(count) 件は修正しても違反が残りました。手作業で確認してください。")
    }
  }
  var nothingJudged: String { say("Nothing was judged", "判定した対象がありません") }
}
