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
      Without a PATH the project in the current folder is judged: its cdk.out, templates and SQL are found by themselves, \
      and the report says what was read and what was passed over.

      EXAMPLES
        blealint check
        blealint check infra db/migrations --parameter Stage=prod
        blealint check --format sarif --output blealint.sarif --fail-on critical
        blealint check --output sarif=blealint.sarif --output junit=blealint.xml
        blealint check --rule kms-key-rotation --evidence
        blealint check --evidence --format markdown --output evidence.md
        blealint check --framework nist-800-53-r5 --profile strict
        blealint check --diff
        blealint check --fix
      """)

  @Argument(help: "Files or folders to check (default: the current folder).", completion: .file())
  var paths: [String] = []

  @OptionGroup var reports: ReportOptions

  @Option(
    name: .customLong("fail-on"),
    help:
      "What makes the exit code 1: critical, high (default), medium, low, info, unknown (also anything that cannot be told), or never."
  )
  var failOn: FailureThreshold?

  @Option(
    name: .customLong("as-of"), help: ArgumentHelp("The date to judge by (default: today).", valueName: "yyyy-mm-dd"))
  var asOf: String?

  @Option(
    name: .customLong("postgres-version"),
    help: ArgumentHelp(
      "The server's major version, where the templates do not tell (default: 16).", valueName: "number"))
  var postgresVersion = 16

  @Flag(help: "Answer the framework control by control, and list every rule on every subject, passed ones too.")
  var evidence = false

  @Option(
    help: ArgumentHelp(
      """
      Answer this framework control by control (default with --evidence: blea-aurora, the items of the Aurora task): \
      one that rules name, such as securityhub or nist-800-53-r5, or a file of your own.
      """, valueName: "name|file"))
  var framework: String?

  @Option(name: .customLong("rule"), help: "Judge by this rule only, by id or name; may be given again.")
  var selection: [String] = []

  @OptionGroup var fixes: FixOptions

  @Flag(name: .shortAndLong, help: "Only failures and problems with the input: no unknowns, no summary, no progress.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say at the end, on standard error, what took how long, by file and by rule.")
  var verbose = false

  @OptionGroup var configuration: ConfigurationOptions
  @OptionGroup var acceptance: AcceptanceOptions
  @OptionGroup var template: TemplateOptions
  @OptionGroup var rules: RuleOptions
  @OptionGroup var printing: PrintingOptions

  func validate() throws {
    if postgresVersion < 10 || postgresVersion > 99 {
      throw ValidationError("'\(postgresVersion)' is no major version of PostgreSQL. Write --postgres-version 16.")
    }
    if let asOf, !Today.isDate(asOf) {
      throw ValidationError("'\(asOf)' is no date. Write --as-of like 2026-11-22.")
    }
  }

  func run() async throws {
    let file = try configuration.load(for: paths, printing)
    var given = RunSettings.Given(configuration, acceptance, printing)
    given.failOn = failOn
    given.profile = rules.profile
    given.format = reports.format?.rawValue
    let settings = RunSettings(given, file)
    let format = ReportFormat(rawValue: settings.format.value) ?? .text
    let further = (file?.outputs ?? []).compactMap { output in
      ReportFormat(rawValue: output.value.format).map { ReportOutput($0, at: output.value.path.string) }
    }
    var options = Linter.Options()
    options.paths = paths
    options.rules = try rules.library(checksProse: false)
    options.selection = selection
    // A single rule answers no framework.
    options.framework = framework ?? (evidence && selection.isEmpty ? FrameworkLibrary.standard : nil)
    options.prose =
      ([format] + (reports.output + further).map { $0.format ?? format }).allSatisfy { $0 == .text } ? .found : .all
    try template.apply(to: &options)
    options.asOf = asOf
    settings.apply(to: &options)
    options.postgresVersion = postgresVersion
    try acceptance.apply(settings, to: &options, for: paths, printing)
    let showsProgress = Terminal.current().showsProgress && !quiet
    let watch = RunWatch(showsProgress: showsProgress)
    if showsProgress || verbose { options.observer = { watch.observe($0, isDone: $1) } }
    var rendering = printing.rendering(evidence: evidence)
    rendering.isQuiet = quiet
    rendering.language = settings.language.value
    let exitCode: Int
    if fixes.diff {
      let (report, plan) = await Linter.planFixes(options, allowing: fixes.safety)
      watch.finish()
      exitCode = fixes.show(plan, of: report, rendering)
    } else {
      let (report, outcome) =
        fixes.fix ? await Linter.fix(options, allowing: fixes.safety) : (await Linter.run(options), nil)
      watch.finish()
      try reports.write(report, as: format, further: further, rendering)
      if let outcome { fixes.tell(outcome, rendering) }
      exitCode = outcome?.problems.isEmpty == false ? 2 : report.exitCode
    }
    if verbose { Output.write(watch.timings, to: .standardError) }
    if exitCode != 0 { throw ExitCode(Int32(exitCode)) }
  }
}

extension FailureThreshold: ExpressibleByArgument {
  /// Reads a severity's name, `unknown` or `never`.
  public init?(argument: String) { self.init(argument) }

  /// As it is written on the command line.
  public var defaultValueDescription: String { name }

  /// For shell completions.
  public static var allValueStrings: [String] { Severity.allCases.map(\.rawValue) + ["unknown", "never"] }
}
