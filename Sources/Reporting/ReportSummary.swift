import Findings
import SourceText

/// The counts of a report, which every format gives.
struct ReportSummary {
  /// How many failures of each severity.
  private(set) var failures: [Severity: Int] = [:]
  private(set) var unknowns = 0
  /// How many judgements came to each verdict.
  private(set) var judgements: [Verdict: Int] = [:]
  /// How many rules came to each verdict at worst: one that failed anywhere failed, one that could nowhere be applied
  /// is not applicable.
  private(set) var rules: [Verdict: Int] = [:]
  private(set) var diagnostics: [Diagnostic.Severity: Int] = [:]
  /// How many failures a safe fix would cure.
  private(set) var safelyFixable = 0

  /// What exceptions silence: how many of them stand beside the findings, how many in the configuration.
  private(set) var suppressed: [Suppression.Kind: Int] = [:]
  /// How many findings the baseline has already.
  private(set) var known = 0
  /// How many findings the change does not touch.
  private(set) var untouched = 0

  init(_ report: Report) {
    for aside in report.setAside {
      switch aside.reason {
      case .suppressed(let suppression): suppressed[suppression.kind, default: 0] += 1
      case .inBaseline: known += 1
      case .untouched: untouched += 1
      }
    }
    for finding in report.findings {
      switch finding.verdict {
      case .fail:
        failures[finding.severity, default: 0] += 1
        if finding.fixes.contains(where: { $0.safety == .safe }) { safelyFixable += 1 }
      case .unknown: unknowns += 1
      case .pass, .notApplicable: break
      }
    }
    var worst: [String: Verdict] = [:]
    for judgement in report.judgements {
      judgements[judgement.verdict, default: 0] += 1
      if Self.rank(judgement.verdict) > worst[judgement.rule].map(Self.rank) ?? -1 {
        worst[judgement.rule] = judgement.verdict
      }
    }
    for rule in report.rules { rules[worst[rule.id] ?? .notApplicable, default: 0] += 1 }
    for diagnostic in report.diagnostics { diagnostics[diagnostic.severity, default: 0] += 1 }
  }

  var suppressedCount: Int { suppressed.values.reduce(0, +) }

  var failureCount: Int { failures.values.reduce(0, +) }

  private static func rank(_ verdict: Verdict) -> Int {
    switch verdict {
    case .notApplicable: 0
    case .pass: 1
    case .unknown: 2
    case .fail: 3
    }
  }
}
