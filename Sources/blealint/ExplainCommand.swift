import ArgumentParser
import Findings
import Project
import Reporting
import Rules

/// `blealint explain`: all there is to know of a rule.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain a rule: why it is, what it checks, how to satisfy it.",
    discussion: """
      The nearest .blealint.yaml above the current folder decides, as in a check: its own rules, profile and parameters.

      EXAMPLES
        blealint explain BLEA-KMS-001
        blealint explain kms-key-rotation --lang ja
        blealint explain kms-key-rotation --format markdown --unfold
        blealint explain bkp-retention --profile strict
      """)

  /// How an explanation is written.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, markdown, json
  }

  @Argument(help: "The rule's id or name.")
  var rule: String

  @Option(help: "text, markdown or json.")
  var format = Format.text

  @Flag(help: "Define the derived members that the rule's expressions read.")
  var unfold = false

  @OptionGroup var configuration: ConfigurationFileOptions
  @OptionGroup var rules: RuleOptions
  @OptionGroup var printing: PrintingOptions

  func run() throws {
    let (library, settings) = try configuredLibrary(rules, configuration, printing)
    let language = settings.language.value
    let disabled = settings.configuration?.disabledRules(library.rules) ?? []
    if let description = ExceptionRules.description(rule) {
      // Judged by no rule file.
      return write(Explanation(description, language: language))
    }
    guard let found = library.rules.rule(rule) else {
      if let demand = RuleCatalogue.builtIn.liveDemand(rule) {
        return write(LiveDemandExplanation(demand, language: language))
      }
      let absence = library.rules.absence(of: rule)
      Output.write("blealint: \(absence.message) \(absence.cure)\n", to: .standardError)
      throw ExitCode(2)
    }
    write(
      Explanation(
        library.rules.description(of: found), language: language,
        derived: unfold ? library.rules.derivedMembers(of: found) : [], related: library.rules.related(to: found),
        leftOutBy: library.enabled.contains { $0.id == found.id } ? nil : library.profiles.last?.name,
        switchedOffBy: disabled.contains(found.id) ? settings.configuration?.source.path : nil))
  }

  private func write(_ explanation: LiveDemandExplanation) {
    switch format {
    case .text: Output.write(explanation.text(printing.rendering()))
    case .markdown: Output.write(explanation.markdown)
    case .json: Output.write(explanation.json)
    }
  }

  private func write(_ explanation: Explanation) {
    switch format {
    case .text: Output.write(explanation.text(printing.rendering()))
    case .markdown: Output.write(explanation.markdown)
    case .json: Output.write(explanation.json)
    }
  }
}

/// `blealint rules`: the list of rules.
struct RulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "List the rules, the built-in ones and your own; with --profile those it selects.")

  @Option(help: "text, markdown or json.")
  var format = RuleList.Format.text

  @OptionGroup var configuration: ConfigurationFileOptions
  @OptionGroup var rules: RuleOptions
  @OptionGroup var printing: PrintingOptions

  func run() throws {
    let (library, settings) = try configuredLibrary(rules, configuration, printing)
    let disabled = settings.configuration?.disabledRules(library.rules) ?? []
    let list = RuleList(
      library.enabled.filter { !disabled.contains($0.id) }.map { library.rules.description(of: $0) },
      catalogue: .builtIn, language: settings.language.value)
    Output.write(list.render(format, options: printing.rendering()))
  }
}

extension RuleList.Format: ExpressibleByArgument {}

/// The rules as they are in force in the current folder, and what its configuration decides.
func configuredLibrary(
  _ rules: RuleOptions, _ configuration: ConfigurationFileOptions, _ printing: PrintingOptions
) throws -> (library: RuleLibrary, settings: RunSettings) {
  var given = RunSettings.Given()
  given.profile = rules.profile
  given.language = printing.chosenLanguage
  let settings = RunSettings(given, try configuration.load(for: [], printing))
  var options = Linter.Options()
  options.rules = try rules.library(checksProse: false)
  settings.apply(to: &options)
  return (try loadedLibrary(options.rules, printing), settings)
}

/// The rules, or the end of the command with all that is wrong with them on standard error.
func loadedLibrary(_ options: RuleLibrary.Options, _ printing: PrintingOptions) throws -> RuleLibrary {
  let library = RuleLibrary.load(options)
  guard library.diagnostics.contains(where: { $0.severity == .error }) else { return library }
  Output.write(
    TextReport.render(library.diagnostics, sources: library.files, options: printing.rendering()), to: .standardError)
  throw ExitCode(2)
}
