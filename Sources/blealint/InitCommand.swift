import ArgumentParser
import Project

/// `blealint init`: writes the first configuration of a project.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Look at the folder, and write a commented .blealint.yaml.",
    discussion: """
      EXAMPLES
        blealint init
        blealint init services/orders
      """)

  @Argument(help: "The project's folder (default: the current one).", completion: .directory)
  var path = "."

  @Flag(help: "Replace a configuration that is there already.")
  var force = false

  func run() throws {
    let survey = ProjectSurvey.make(of: path)
    switch ConfigurationDraft(survey).write(replaces: force) {
    case .failure(let refusal):
      Output.write("blealint: \(refusal.sentence)\n", to: .standardError)
      throw ExitCode(2)
    case .success(let file):
      Output.write("Wrote \(file).\n")
      for part in survey.projects { Output.write(Self.summary(part)) }
      Output.write("Next: blealint check\(path == "." ? "" : " \(path)")\n")
    }
  }

  private static func summary(_ part: ProjectSurvey.Part) -> String {
    guard !part.isEmpty else {
      return """
          \(part.name): nothing to judge yet. A CDK app has its templates after 'cdk synth'; else give the folder that \
        holds templates or SQL.

        """
    }
    var parts: [String] = []
    if !part.templates.isEmpty {
      parts.append(count(part.templates.count, "template or assembly", "templates and assemblies"))
    }
    if part.fileCount > 0 { parts.append(count(part.fileCount, "SQL file", "SQL files")) }
    if !part.clusters.isEmpty { parts.append(count(part.clusters.count, "data store", "data stores")) }
    if part.hasInlineSQL { parts.append("SQL in Lambda code") }
    return "  \(part.name): \(parts.joined(separator: ", "))\n"
  }

  private static func count(_ number: Int, _ one: String, _ many: String) -> String {
    "\(number) \(number == 1 ? one : many)"
  }
}
