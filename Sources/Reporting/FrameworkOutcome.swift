import Findings

/// What a report comes to on the controls of a framework.
struct FrameworkOutcome {
  /// What a control comes to.
  enum Status: String, CaseIterable {
    case pass, fail, unknown, notApplicable
    /// No rule decides it: files cannot show it.
    case beyondFiles
  }

  /// One control, with what its rules came to.
  struct ControlOutcome {
    let control: ControlFramework.Control
    let status: Status
    let rules: [RuleOutcome]
    /// Rules that were not judged: left out by the profile, or not there.
    let notJudged: [String]
  }

  /// One rule, at worst, and on each subject.
  struct RuleOutcome {
    let id: String
    let name: String
    let severity: Severity
    let verdict: Verdict
    let judgements: [Judgement]
    /// What failed or could not be told.
    let findings: [Finding]

    /// The rows of an account: each finding at its place, and each subject that has none at its own.
    var rows: [Row] {
      let found = Set(findings.map(\.subject))
      return judgements.filter { !$0.subject.isEmpty && !found.contains($0.subject) }.map {
        Row(verdict: $0.verdict, subject: $0.subject, location: $0.location, message: nil)
      }
        + findings.map {
          Row(verdict: $0.verdict, subject: $0.subject, location: $0.primary, message: $0.message.plain)
        }
    }
  }

  /// One thing that a rule says.
  struct Row {
    let verdict: Verdict
    let subject: String
    let location: Location?
    /// Of a finding.
    let message: String?
  }

  struct Group {
    let title: LocalizedText?
    let controls: [ControlOutcome]
  }

  let framework: ControlFramework
  let groups: [Group]

  init(_ framework: ControlFramework, in report: Report) {
    self.framework = framework
    let judgements = Dictionary(grouping: report.judgements, by: \.rule)
    let findings = Dictionary(grouping: report.findings, by: \.rule)
    let rules = Dictionary(report.rules.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    groups = framework.groups.map { group in
      Group(
        title: group.title,
        controls: group.controls.map { control in
          let outcomes = control.rules.compactMap { id -> RuleOutcome? in
            guard let rule = rules[id] else { return nil }
            let own = judgements[id] ?? []
            return RuleOutcome(
              id: id, name: rule.name, severity: rule.severity, verdict: Self.worst(own.map(\.verdict)),
              judgements: own, findings: findings[id] ?? [])
          }
          let notJudged = control.rules.filter { rules[$0] == nil }
          return ControlOutcome(
            control: control, status: Self.status(outcomes, notJudged: notJudged), rules: outcomes,
            notJudged: notJudged)
        })
    }
  }

  var controls: [ControlOutcome] { groups.flatMap(\.controls) }

  func count(_ status: Status) -> Int { controls.count { $0.status == status } }

  /// How many are decided by rules of which something is left that files cannot show.
  var partlyBeyondFiles: Int {
    controls.count { $0.control.beyondFiles != nil && $0.status != .beyondFiles }
  }

  /// A control that has a rule which nobody judged is at best unknown.
  private static func status(_ rules: [RuleOutcome], notJudged: [String]) -> Status {
    if rules.isEmpty, notJudged.isEmpty { return .beyondFiles }
    switch worst(rules.map(\.verdict)) {
    case .fail: return .fail
    case .unknown: return .unknown
    case .pass: return notJudged.isEmpty ? .pass : .unknown
    case .notApplicable: return notJudged.isEmpty ? .notApplicable : .unknown
    }
  }

  private static func worst(_ verdicts: [Verdict]) -> Verdict {
    for verdict in [Verdict.fail, .unknown, .pass] where verdicts.contains(verdict) { return verdict }
    return .notApplicable
  }
}

extension Wording {
  func status(_ status: FrameworkOutcome.Status) -> String {
    switch status {
    case .pass: self(Verdict.pass)
    case .fail: self(Verdict.fail)
    case .unknown: self(Verdict.unknown)
    case .notApplicable: self(Verdict.notApplicable)
    case .beyondFiles: language == .ja ? "ファイル外" : "beyond files"
    }
  }

  func evidenceHeading(_ framework: String, asOf date: String) -> String {
    language == .ja ? "\(framework): 項目ごとの証跡（\(date) 時点）" : "\(framework): evidence by control, as of \(date)"
  }

  func counted(_ status: FrameworkOutcome.Status, _ count: Int) -> String {
    switch status {
    case .pass: counted(Verdict.pass, count)
    case .fail: counted(Verdict.fail, count)
    case .unknown: counted(Verdict.unknown, count)
    case .notApplicable: counted(Verdict.notApplicable, count)
    case .beyondFiles: language == .ja ? "ファイル外 \(count)" : "\(count) beyond files"
    }
  }

  /// `38 controls (38 passed), 12 of them partly beyond files`.
  func totals(_ outcome: FrameworkOutcome) -> String {
    let count = outcome.controls.count
    let controls = language == .ja ? "項目: \(count)" : count == 1 ? "1 control" : "\(count) controls"
    let parts = FrameworkOutcome.Status.allCases.filter { outcome.count($0) > 0 }.map { counted($0, outcome.count($0)) }
    let partly = outcome.partlyBeyondFiles
    let rest =
      partly == 0 ? "" : language == .ja ? "、うち一部がファイル外 \(partly)" : ", \(partly) of them partly beyond files"
    return "\(controls) (\(parts.joined(separator: comma)))\(rest)"
  }

  var notJudged: String { language == .ja ? "未判定:" : "not judged:" }
  var beyondFiles: String { language == .ja ? "ファイルで示せないこと:" : "beyond files:" }
  var verdict: String { language == .ja ? "判定" : "Verdict" }
  var subject: String { language == .ja ? "対象" : "Subject" }
  var finding: String { language == .ja ? "指摘" : "Finding" }
  var place: String { language == .ja ? "場所" : "Place" }
}
