import ArgumentParser
import Findings
import Project
import Reporting

/// `blealint check`: judges a project and reports.
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Judge a project's templates and schema by the rules.",
    discussion: """
      Without a PATH the project in the current folder is judged: its cdk.out, templates and SQL are found by themselves,
      and the report says what was read and what was passed over.

      EXAMPLES
        blealint check
        blealint check infra db/migrations --parameter Stage=prod
        blealint check --format sarif --output blealint.sarif --fail-on critical
        blealint check --rule kms-key-rotation --evidence
      """)

  @Argument(help: "Files or folders to check (default: the current folder).", completion: .file())
  var paths: [String] = []

  @Option(help: "How the report is written: text (default), sarif or json.")
  var format: ReportFormat?

  @Option(
    name: .customLong("sarif-profile"),
    help: "What SARIF holds: default (safe to upload anywhere), or full (also what is excepted, and what is gone).")
  var sarif = SARIFProfile.standard

  @Option(name: .shortAndLong, help: "Write the report to a file instead of the terminal.", completion: .file())
  var output: String?

  @Option(
    name: .customLong("fail-on"),
    help:
      "What makes the exit code 1: critical, high (default), medium, low, info, unknown (also anything that cannot be told), or never."
  )
  var failOn: FailureThreshold?

  @Option(
    name: .customLong("as-of"), help: ArgumentHelp("The date to judge by (default: today).", valueName: "yyyy-mm-dd"))
  var asOf: String?

  @Flag(help: "List every rule on every subject, passed ones too.")
  var evidence = false

  @Option(name: .customLong("rule"), help: "Judge by this rule only, by id or name; may be given again.")
  var selection: [String] = []

  @OptionGroup var configuration: ConfigurationOptions
  @OptionGroup var acceptance: AcceptanceOptions
  @OptionGroup var template: TemplateOptions
  @OptionGroup var rules: RuleOptions
  @OptionGroup var printing: PrintingOptions

  func validate() throws {
    if let asOf, !Today.isDate(asOf) {
      throw ValidationError("'\(asOf)' is no date. Write --as-of like 2026-11-22.")
    }
  }

  func run() async throws {
    let file = try configuration.load(for: paths, printing)
    var given = RunSettings.CommandLine(configuration, acceptance, printing)
    given.failOn = failOn
    given.format = format?.rawValue
    let settings = RunSettings(given, file)
    let format = ReportFormat(rawValue: settings.format.value) ?? .text
    var options = Linter.Options()
    options.paths = paths
    options.rules = try rules.library(checksProse: false)
    options.selection = selection
    options.prose = format == .text && file?.outputs.isEmpty != false ? .found : .all
    try template.apply(to: &options)
    options.asOf = asOf
    settings.apply(to: &options)
    try acceptance.apply(settings, to: &options, for: paths, printing)
    let report = await Linter.run(options)
    func rendering(toFile: Bool) -> RenderingOptions {
      var rendering = printing.rendering(evidence: evidence, toFile: toFile)
      rendering.language = settings.language.value
      rendering.sarif = sarif
      return rendering
    }
    let text = render(report, as: format, options: rendering(toFile: output != nil))
    if let output {
      try write(text, to: output)
      // The report went elsewhere: the terminal still hears how it ended.
      Output.write(TextReport.summary(report, options: rendering(toFile: false)), to: .standardError)
    } else {
      Output.write(text)
    }
    for further in file?.outputs ?? [] {
      guard let format = ReportFormat(rawValue: further.value.format) else { continue }
      try write(render(report, as: format, options: rendering(toFile: true)), to: further.value.path.string)
    }
    if report.exitCode != 0 { throw ExitCode(Int32(report.exitCode)) }
  }

  private func write(_ text: String, to path: String) throws {
    guard let problem = ReportFile.write(text, to: path) else { return }
    Output.write("blealint: \(problem)\n", to: .standardError)
    throw ExitCode(2)
  }
}

extension SARIFProfile: ExpressibleByArgument {}

extension FailureThreshold: ExpressibleByArgument {
  /// Reads a severity's name, `unknown` or `never`.
  public init?(argument: String) { self.init(argument) }

  /// As it is written on the command line.
  public var defaultValueDescription: String { name }

  /// For shell completions.
  public static var allValueStrings: [String] { Severity.allCases.map(\.rawValue) + ["unknown", "never"] }
}
