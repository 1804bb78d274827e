import BuiltInRules
import Documents
import Findings
import Rules
import SourceText
import SystemPackage

/// Finds frameworks: those with items of their own that the binary carries, a user's own by its path, and those that
/// are known from the controls that rules name.
package enum FrameworkLibrary {
  /// The framework that evidence is given by unless another is asked for: the items of the Aurora task.
  package static let standard = "blea-aurora"

  /// What was asked for, or why there is none.
  package struct Found: Sendable {
    package var framework: ControlFramework?
    package var files: [SourceFile] = []
    package var diagnostics: [Diagnostic] = []
  }

  /// Other names for what rules call a framework.
  private static let aliases = ["fsbp": "securityhub"]

  /// The framework of a name or at a path.
  ///
  /// - Parameters:
  ///   - text: a name, or a path relative to the current folder.
  ///   - rules: all rules.
  ///   - descriptions: the rules that are judged, with their controls.
  ///   - firstFile: the id of the file, where one is read.
  /// - Returns: the framework, or what is wrong.
  package static func framework(
    _ text: String, rules: RuleSet, descriptions: [RuleDescription], firstFile: Int32 = 0
  ) -> Found {
    var found = Found()
    let source: SourceFile
    let isPath = ProfileLibrary.isPath(text)
    if isPath {
      do throws(FileError) {
        let path = FilePath(text).absolute(from: FileSystem.currentDirectory())
        let bytes = try FileStore.bytes(of: path, limit: FileStore.standardLimit, shown: text)
        source = SourceFile(id: FileID(firstFile), path: text, bytes: bytes)
        found.files = [source]
      } catch {
        found.diagnostics = [error.diagnostic]
        return found
      }
    } else if let file = BuiltInRules.frameworks.first(where: { $0.path == "frameworks/\(text).yaml" }) {
      source = SourceFile(id: FileID(-1), path: "Rules/" + file.path, bytes: Array(file.logic.utf8))
    } else {
      let id = aliases[text] ?? text
      let framework = ControlFramework(id: id, namedBy: descriptions)
      if framework.controls.isEmpty {
        found.diagnostics = [unknown(text, descriptions)]
      } else {
        found.framework = framework
      }
      return found
    }
    let reading = Document.read(source, as: isPath ? .yaml : .json)
    found.diagnostics = reading.diagnostics
    guard let root = reading.documents.first?.root else { return found }
    let (file, mistakes) = FrameworkFile.read(
      root, ruleID: { rules.rule($0)?.id }, suggestion: { rules.suggestion(for: $0) })
    found.diagnostics += mistakes
    found.framework = file?.framework
    return found
  }

  private static func unknown(_ text: String, _ descriptions: [RuleDescription]) -> Diagnostic {
    let own = BuiltInRules.frameworks.map { String($0.path.split(separator: "/").last?.prefix { $0 != "." } ?? "") }
    let named = Set(descriptions.flatMap { $0.controls.map(\.framework) })
    let known = own + aliases.keys.sorted() + named.sorted()
    return Diagnostic(
      "unknown-framework", .error, "There is no framework '\(text)'.",
      cure: Suggestion.nearest(to: text, among: known).map { "Did you mean '\($0)'?" }
        ?? "Use \(known.joined(separator: ", ")), or the path of a file such as ./own.yaml.")
  }
}
