import ArgumentParser
import Project

/// `blealint model`: what rules may read.
struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "List what rules can read: the types, or the members of one.",
    discussion: """
      EXAMPLES
        blealint model
        blealint model AWS::RDS::DBCluster
        blealint model sql::Table
      """)

  @Argument(help: "A type, such as Estate, AWS::RDS::DBCluster or sql::Table (default: the list of types).")
  var type: String?

  func run() throws {
    switch ModelListing.text(of: type) {
    case .success(let text): Output.write(text)
    case .failure(let refusal):
      Output.write("blealint: \(refusal.sentence)\n", to: .standardError)
      throw ExitCode(2)
    }
  }
}
