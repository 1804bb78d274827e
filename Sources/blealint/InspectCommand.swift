import ArgumentParser
import Findings
import Project
import Reporting

/// `blealint inspect`: what templates come to, before any rule judges it.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what templates come to: each value, where it comes from, its scenarios, why it is unknown.",
    discussion: """
      A verdict surprises you? Here is what blealint made of the template before it judged.

      EXAMPLES
        blealint inspect template.yaml
        blealint inspect cdk.out --resource ChatAppDatabaseB269D8BB
        blealint inspect template.yaml --parameter Stage=prod --format json
      """)

  /// How an inspection is written.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }

  @Argument(help: "Files or folders to inspect (default: the current folder).", completion: .file())
  var paths: [String] = []

  @Option(
    name: .customLong("resource"),
    help: ArgumentHelp(
      "Only this resource, by its logical id or construct path; may be given again.", valueName: "id"))
  var resources: [String] = []

  @Option(help: "text or json.")
  var format = Format.text

  @OptionGroup var configuration: ConfigurationOptions
  @OptionGroup var template: TemplateOptions
  @OptionGroup var printing: PrintingOptions

  func run() throws {
    var options = Linter.Options()
    options.paths = paths
    try template.apply(to: &options)
    var given = RunSettings.Given()
    given.stage = configuration.stage
    given.projects = configuration.projects
    RunSettings(given, try configuration.load(for: paths, printing)).apply(to: &options)
    let inspection = Linter.inspect(options, resources: resources)
    switch format {
    case .text:
      Output.write(InspectionText.render(inspection, options: printing.rendering()))
      if !inspection.diagnostics.isEmpty {
        Output.write(
          TextReport.render(inspection.diagnostics, sources: inspection.files, options: printing.rendering()),
          to: .standardError)
      }
    case .json: Output.write(InspectionJSON.render(inspection))
    }
    if inspection.exitCode != 0 { throw ExitCode(Int32(inspection.exitCode)) }
  }
}
