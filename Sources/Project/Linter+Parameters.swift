import CloudFormation
import SourceText
import SystemPackage

extension Linter {
  /// The values given for template parameters: those of the files in their order, then those given one by one.
  mutating func readParameters(_ project: inout DiscoveredProject) -> [String: String] {
    var given: [String: String] = [:]
    let folder = options.folder ?? FileSystem.currentDirectory()
    for written in options.parameterFiles {
      do throws(FileError) {
        let source = try project.files.read(FilePath(written).absolute(from: folder))
        let file = ParameterFile(source)
        diagnostics += file.diagnostics
        given.merge(file.parameters) { _, later in later }
      } catch {
        diagnostics.append(error.diagnostic)
      }
    }
    return given.merging(options.parameters) { _, later in later }
  }

  /// Says which of the given parameters no template declares: a misspelt one would change nothing, silently.
  mutating func checkParameters(_ given: [String: String], of deployment: Deployment) {
    guard !deployment.stacks.isEmpty else { return }
    let declared = deployment.stacks.flatMap { $0.template.parameters.map(\.name) }
    let names = Set(declared)
    for name in given.keys.sorted() where !names.contains(name) {
      diagnostics.append(
        Diagnostic(
          "unknown-parameter", .warning, "No template declares the parameter '\(name)'.",
          cure: Suggestion.nearest(to: name, among: declared).map { "Did you mean '\($0)'?" }
            ?? "Leave it out, or declare it."))
    }
  }
}
