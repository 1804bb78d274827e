import Findings
import Project
import Reporting

/// blealint as a library: checks a project as the command does, and gives the report instead of printing it.
///
/// ```swift
/// let outcome = await BleaLint(paths: ["infra", "db/migrations"]).check(format: .sarif)
/// ```
public struct BleaLint: Sendable {
  /// blealint's version, as reports show it.
  public static let version = Linter.version

  /// How a report is written.
  public enum Format: Sendable {
    /// For people, without colours.
    case text
    /// SARIF 2.1.0.
    case sarif
    /// blealint's own, versioned.
    case json
  }

  /// What a check came to.
  public struct Outcome: Sendable {
    /// The report's text.
    public let report: String
    /// 0 clean, 1 failures of severity `high` or above, 2 something could not be done.
    public let exitCode: Int
  }

  /// Files and folders; the current folder when there are none.
  public var paths: [String]
  /// Files or folders of rules beside the built-in ones.
  public var ruleFolders: [String] = []
  /// Values of template parameters, by name.
  public var parameters: [String: String] = [:]
  /// The date to judge by, `yyyy-mm-dd`; today when nil.
  public var asOf: String?

  /// A check of these paths.
  public init(paths: [String] = []) { self.paths = paths }

  /// Checks by the project's `.blealint.yaml`, where there is one, and reports.
  public func check(format: Format = .text) async -> Outcome {
    var options = Linter.Options()
    options.paths = paths
    options.rules.paths = ruleFolders
    options.parameters = parameters
    options.asOf = asOf
    options.prose = format == .text ? .found : .all
    let reading = Configuration.load(.ofProject, for: paths)
    let settings = RunSettings(RunSettings.Given(), reading.configuration)
    var mistakes = reading.diagnostics
    if let path = settings.baseline?.value {
      switch Baseline.load(path) {
      case .success(let baseline): options.baseline = baseline
      case .failure(let refusal): mistakes.append(refusal.diagnostic)
      }
    }
    guard mistakes.allSatisfy({ $0.severity != .error }) else {
      return Outcome(report: TextReport.render(mistakes, sources: reading.files), exitCode: 2)
    }
    settings.apply(to: &options)
    let report = await Linter.run(options)
    let written: ReportFormat =
      switch format {
      case .text: .text
      case .sarif: .sarif
      case .json: .json
      }
    return Outcome(report: render(report, as: written), exitCode: report.exitCode)
  }
}
