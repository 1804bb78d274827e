import ArgumentParser
import Findings
import Project
import Reporting

/// Which configuration a command goes by.
struct ConfigurationFileOptions: ParsableArguments {
  @Option(
    name: .customLong("config"),
    help: ArgumentHelp("The configuration (default: the nearest .blealint.yaml above the PATH).", valueName: "file"),
    completion: .file())
  var file: String?

  @Flag(name: .customLong("no-config"), help: "Take no configuration.")
  var takesNone = false

  func validate() throws {
    if file != nil, takesNone { throw ValidationError("--config and --no-config exclude each other.") }
  }

  private var choice: ConfigurationChoice { takesNone ? .none : file.map { .file($0) } ?? .ofProject }

  /// The configuration of the paths; with mistakes in it, they are printed and the command ends.
  func load(for paths: [String], _ printing: PrintingOptions) throws -> Configuration? {
    try load(for: paths, printing.rendering())
  }

  func load(for paths: [String], _ rendering: RenderingOptions) throws -> Configuration? {
    let reading = Configuration.load(choice, for: paths)
    if !reading.diagnostics.isEmpty {
      Output.write(
        TextReport.render(reading.diagnostics, sources: reading.files, options: rendering),
        to: .standardError)
    }
    if reading.hasErrors { throw ExitCode(2) }
    return reading.configuration
  }
}

/// Which configuration a command goes by, and which part of it.
struct ConfigurationOptions: ParsableArguments {
  @OptionGroup var file: ConfigurationFileOptions

  @Option(help: ArgumentHelp("The stage of the configuration whose parameters hold.", valueName: "name"))
  var stage: String?

  @Option(
    name: .customLong("project"),
    help: ArgumentHelp("A project of the configuration; may be given again (default: all).", valueName: "name"))
  var projects: [String] = []

  /// The configuration of the paths; with mistakes in it, they are printed and the command ends.
  func load(for paths: [String], _ printing: PrintingOptions) throws -> Configuration? {
    try file.load(for: paths, printing)
  }
}

/// What does not count among the findings.
struct AcceptanceOptions: ParsableArguments {
  @Flag(
    name: .customLong("no-inline"),
    help: "Ignore exceptions in comments and Metadata: only those of the configuration count.")
  var forbidsInlineExceptions = false

  @Option(
    help: ArgumentHelp("A SARIF file of known findings; only new ones count.", valueName: "file"),
    completion: .file())
  var baseline: String?

  @Option(
    name: .customLong("changed-since"),
    help: ArgumentHelp(
      "Count only findings that the change since this git revision touches.", valueName: "revision"))
  var changedSince: String?

  /// Gives a run its baseline and its change; ends the command where they cannot be read.
  func apply(
    _ settings: RunSettings, to options: inout Linter.Options, for paths: [String], _ printing: PrintingOptions
  )
    throws
  {
    if let path = settings.baseline {
      switch Baseline.load(path.value) {
      case .success(let baseline): options.baseline = baseline
      case .failure(let refusal):
        Output.write(
          TextReport.render([refusal.diagnostic], sources: [], options: printing.rendering()), to: .standardError)
        throw ExitCode(2)
      }
    }
    if let changedSince {
      switch GitChange.since(changedSince, for: paths) {
      case .success(let changes): options.changes = changes
      case .failure(let refusal):
        Output.write("blealint: \(refusal.sentence)\n", to: .standardError)
        throw ExitCode(2)
      }
    }
  }
}
