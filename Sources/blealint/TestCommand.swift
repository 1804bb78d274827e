import ArgumentParser
import Findings
import Project
import Reporting
import Rules

/// `blealint test`: proves the examples of rules.
struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run the examples of rules: each must come to its verdict at its marked places.",
    discussion: """
      Without a RULE-FILE the examples of all rules are run, your own (--rules) among them.

      EXAMPLES
        blealint test my-rules/no-public-schema.yaml
        blealint test --rules my-rules
      """)

  @Argument(help: "Files or folders of rules to test.", completion: .file())
  var files: [String] = []

  @OptionGroup var rules: RuleOptions
  @OptionGroup var printing: PrintingOptions

  func run() throws {
    var options = try rules.library(checksProse: true)
    options.paths += files
    // Examples speak of the rule as its author made it.
    options.profile = nil
    options.includesBuiltIn = files.isEmpty
    let library = try loadedLibrary(options, printing)
    let outcome = ExampleVerifier(library.rules).verify(library.rules.rules)
    if !outcome.failures.isEmpty {
      Output.write(
        ExampleFailureText.render(outcome.failures, sources: library.files, options: printing.rendering()) + "\n")
    }
    let passed = outcome.count - outcome.failures.count
    Output.write("\(passed) passed, \(outcome.failures.count) failed\n")
    if outcome.count == 0 || !outcome.failures.isEmpty { throw ExitCode(outcome.count == 0 ? 2 : 1) }
  }
}
