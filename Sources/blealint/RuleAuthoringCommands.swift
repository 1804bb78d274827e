import ArgumentParser
import Project
import Reporting

/// `blealint new-rule`: writes the first draft of a rule.
struct NewRuleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new-rule",
    abstract: "Write the commented first draft of a rule.",
    discussion: """
      EXAMPLES
        blealint new-rule storage/db-copied-tags
        blealint new-rule storage/db-copied-tags --folder my-rules
      """)

  @Argument(help: "The rule's family and name, such as storage/db-copied-tags.")
  var rule: String

  @Option(help: "The folder of your rules.", completion: .directory)
  var folder = "rules"

  func run() throws {
    guard let skeleton = RuleSkeleton(rule) else {
      throw ValidationError("'\(rule)' is no <family>/<name> in kebab case, such as storage/db-copied-tags.")
    }
    switch skeleton.write(below: folder) {
    case .success(let path):
      Output.write("Wrote \(path). Change it, then run: blealint test \(path)\n")
    case .failure(let refusal):
      Output.write("blealint: \(refusal.sentence)\n", to: .standardError)
      throw ExitCode(2)
    }
  }
}

/// `blealint check-rules`: finds the mistakes of rule files without judging anything.
struct CheckRulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-rules",
    abstract: "Type-check rule files: yours, or the built-in ones.",
    discussion: """
      EXAMPLES
        blealint check-rules my-rules
        blealint check-rules                 the built-in ones
      """)

  @Argument(help: "Files or folders of rules.", completion: .file())
  var files: [String] = []

  @OptionGroup var printing: PrintingOptions

  func run() throws {
    var options = RuleLibrary.Options()
    options.paths = files
    options.includesBuiltIn = files.isEmpty
    options.checksProse = true
    let library = try loadedLibrary(options, printing)
    let count = library.rules.rules.count
    Output.write("\(count) \(count == 1 ? "rule" : "rules") without a mistake.\n")
  }
}
