import ArgumentParser
import Findings
import Project
import Reporting

/// `blealint baseline`: notes what there is to find today, so that only what is new counts from now on.
struct BaselineCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "baseline",
    abstract: "Write a baseline: the findings of today, so that a check reports new ones only.",
    discussion: """
      Findings are known again by what they are about, not by their lines: code may be moved and reformatted. Keep the \
      file in the repository, and write it anew when findings are gone.

      EXAMPLES
        blealint baseline
        blealint baseline infra -o infra/known.sarif
        blealint check --baseline .blealint-baseline.sarif
      """)

  @Argument(help: "Files or folders to check (default: the current folder).", completion: .file())
  var paths: [String] = []

  @Option(
    name: .shortAndLong,
    help: "The file to write (default: that of the configuration, or .blealint-baseline.sarif).", completion: .file())
  var output: String?

  @Option(
    name: .customLong("as-of"), help: ArgumentHelp("The date to judge by (default: today).", valueName: "yyyy-mm-dd"))
  var asOf: String?

  @Flag(name: .customLong("no-inline"), help: "As of 'blealint check'.")
  var forbidsInlineExceptions = false

  @OptionGroup var configuration: ConfigurationOptions
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
    var options = Linter.Options()
    options.paths = paths
    options.rules = try rules.library(checksProse: false)
    try template.apply(to: &options)
    options.asOf = asOf
    var given = RunSettings.Given()
    given.stage = configuration.stage
    given.profile = rules.profile
    given.projects = configuration.projects
    given.forbidsInlineExceptions = forbidsInlineExceptions
    let settings = RunSettings(given, file)
    settings.apply(to: &options)
    let report = await Linter.run(options)
    let errors = report.diagnostics.filter { $0.severity == .error }
    guard errors.isEmpty else {
      Output.write(
        TextReport.render(errors, sources: report.files.map(\.source), options: printing.rendering()),
        to: .standardError)
      throw ExitCode(2)
    }
    let path = output ?? settings.baseline?.value ?? Baseline.standardPath(for: paths)
    if let problem = OutputFile.write(BaselineReport.render(report), to: path) {
      Output.write("blealint: \(problem)\n", to: .standardError)
      throw ExitCode(2)
    }
    let count = report.findings.count
    Output.write("Wrote \(count) \(count == 1 ? "finding" : "findings") to \(path).\n")
    if settings.baseline?.value != path {
      Output.write("Now check with '--baseline \(path)', or name it under 'baseline' in .blealint.yaml.\n")
    }
  }
}
