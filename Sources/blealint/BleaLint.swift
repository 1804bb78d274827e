import ArgumentParser
import Project
import SourceText

#if canImport(Glibc)
  import Glibc
#endif

/// The program: its subcommands, and the exit codes they share.
@main
struct BleaLint: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "blealint",
    abstract: "Checks Aurora PostgreSQL data stores, their CloudFormation and their SQL, against BLEA's rules.",
    discussion: """
      blealint reads CloudFormation templates and CDK cloud assemblies together with the SQL schema, judges both by \
      declarative rules, and says of each: pass, fail, cannot tell (and why), or not applicable.

      EXIT CODES
        0  nothing found at or above the threshold of --fail-on
        1  findings at or above the threshold
        2  blealint could not do what was asked: usage, a rule file with
           mistakes, an input that cannot be read, nothing to check

      EXAMPLES
        blealint check                         the project in the current folder
        blealint check --format sarif --output blealint.sarif
        blealint check infra/template.yaml db/migrations
        blealint explain kms-key-rotation --lang ja
      """,
    version: Linter.version,
    subcommands: [
      CheckCommand.self, InspectCommand.self, SchemaCommand.self, ExplainCommand.self, RulesCommand.self,
      TestCommand.self, CheckRulesCommand.self, NewRuleCommand.self, ModelCommand.self, ConfigCommand.self,
      BaselineCommand.self, InitCommand.self,
    ])

  /// Parses, runs, and exits by the codes above: ArgumentParser's own code for a usage error is 64.
  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      let code = exitCode(for: error)
      var text = fullMessage(for: error)
      if let meant = misspeltSubcommand() {
        text = "Error: There is no command '\(meant.written)'. Did you mean '\(meant.name)'?"
      }
      if !text.isEmpty { Output.write(text + "\n", to: code.isSuccess ? .standardOutput : .standardError) }
      // ExitCode(1) is a command's own word; everything else that fails is a usage error.
      Glibc.exit(code.isSuccess ? 0 : error is ExitCode ? code.rawValue : 2)
    }
  }

  /// The subcommand that was probably meant, where the first argument is none.
  private static func misspeltSubcommand() -> (written: String, name: String)? {
    guard let written = CommandLine.arguments.dropFirst().first, !written.hasPrefix("-") else { return nil }
    let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    guard !names.contains(written) else { return nil }
    return Suggestion.nearest(to: written, among: names).map { (written, $0) }
  }
}
