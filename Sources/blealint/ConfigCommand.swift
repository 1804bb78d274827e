import ArgumentParser
import Findings
import Project
import Reporting

/// `blealint config`: what holds in a run, and who says so.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Print the settings that hold, and where each comes from.",
    discussion: """
      The configuration is the nearest .blealint.yaml above the PATH, up to the repository's root. What the command line \
      says wins over it. Options given here are shown as a check would take them.

      EXAMPLES
        blealint config
        blealint config infra --stage prod --format json
        blealint config --schema > blealint.schema.json
      """)

  @Argument(help: "Files or folders to check (default: the current folder).", completion: .file())
  var paths: [String] = []

  @Option(help: "text or json.")
  var format = SettingsListing.Format.text

  @Flag(help: "Print the JSON Schema of .blealint.yaml, for editors, instead.")
  var schema = false

  @Option(name: .customLong("fail-on"), help: "As of 'blealint check'.")
  var failOn: FailureThreshold?

  @OptionGroup var configuration: ConfigurationOptions
  @OptionGroup var acceptance: AcceptanceOptions
  @OptionGroup var template: TemplateOptions
  @OptionGroup var rules: RuleOptions
  @OptionGroup var printing: PrintingOptions

  func run() throws {
    if schema { return Output.write(ConfigurationSchema.render(ConfigurationKeys.file)) }
    let file = try configuration.load(for: paths, printing)
    var options = Linter.Options()
    options.paths = paths
    options.rules = try rules.library(checksProse: false)
    try template.apply(to: &options)
    var given = RunSettings.Given(configuration, acceptance, printing)
    given.failOn = failOn
    given.profile = rules.profile
    let settings = RunSettings(given, file)
    settings.apply(to: &options)
    let listing = SettingsListing(settings.listing(options), configuration: file?.source)
    Output.write(listing.render(format, options: printing.rendering()))
  }
}

extension SettingsListing.Format: ExpressibleByArgument {}

extension RunSettings.Given {
  /// What the options that commands share say.
  init(_ configuration: ConfigurationOptions, _ acceptance: AcceptanceOptions, _ printing: PrintingOptions) {
    self.init()
    stage = configuration.stage
    projects = configuration.projects
    forbidsInlineExceptions = acceptance.forbidsInlineExceptions
    baseline = acceptance.baseline
    language = printing.chosenLanguage
  }
}
