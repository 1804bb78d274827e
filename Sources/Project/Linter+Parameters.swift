import CloudFormation
import SourceText
import SystemPackage

extension Linter {
  /// The values given for template parameters. Later ones win: those of the project's configuration, of its stage, of
  /// the files given with the command, and those given one by one.
  mutating func readParameters(_ given: [GivenToTemplates], _ files: inout FileStore) -> [String: GivenParameter] {
    var result: [String: GivenParameter] = [:]
    for given in given {
      for file in given.parameterFiles { merge(file.value, at: file.span, into: &result, &files) }
      for (name, written) in given.parameters { result[name] = GivenParameter(written.value, at: written.span) }
    }
    let folder = options.folder ?? FileSystem.currentDirectory()
    for written in options.parameterFiles {
      merge(FilePath(written).absolute(from: folder), at: nil, into: &result, &files)
    }
    for (name, value) in options.parameters { result[name] = GivenParameter(value, at: nil) }
    return result
  }

  private mutating func merge(
    _ path: FilePath, at span: Span?, into parameters: inout [String: GivenParameter], _ files: inout FileStore
  ) {
    do throws(FileError) {
      let source = try files.read(path)
      let file = ParameterFile(source)
      diagnostics += file.diagnostics
      for (name, value) in file.parameters { parameters[name] = GivenParameter(value, at: span) }
    } catch {
      var diagnostic = error.diagnostic
      diagnostic.span = span
      diagnostics.append(diagnostic)
    }
  }

  /// Says which of the given parameters no template declares: a misspelt one would change nothing, silently.
  mutating func checkParameters(_ given: [String: GivenParameter], of deployment: Deployment) {
    guard !deployment.stacks.isEmpty else { return }
    let declared = deployment.stacks.flatMap { $0.template.parameters.map(\.name) }
    let names = Set(declared)
    for name in given.keys.sorted() where !names.contains(name) {
      diagnostics.append(
        Diagnostic(
          "unknown-parameter", .warning, "No template declares the parameter '\(name)'.",
          cure: Suggestion.nearest(to: name, among: declared).map { "Did you mean '\($0)'?" }
            ?? "Leave it out, or declare it.", at: given[name]?.span))
    }
  }
}

/// A value given for a template parameter.
struct GivenParameter: Sendable {
  let value: String
  /// Where the configuration gives it, or names the file that does; nil for the command line.
  let span: Span?

  init(_ value: String, at span: Span?) {
    self.value = value
    self.span = span
  }
}
