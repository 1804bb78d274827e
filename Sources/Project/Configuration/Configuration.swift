import Documents
import Findings
import PostgresSchema
import Rules
import SourceText
import SystemPackage

/// What a `.blealint.yaml` says.
package struct Configuration: Sendable {
  /// The id that its spans name the file by: it is read before any input has one.
  package static let fileID = FileID(-2)

  /// The file as read; its path is shown like those of the project.
  package let source: SourceFile
  /// Where the file stands; absolute. Its paths are relative to this.
  package let folder: FilePath
  package internal(set) var projects: [ConfiguredProject] = []
  package internal(set) var excluded: [Written<PathPattern>] = []
  package internal(set) var stage: Written<String>?
  package internal(set) var profile: Written<String>?
  package internal(set) var ruleFolders: [Written<String>] = []
  package internal(set) var rules: [ConfiguredRule] = []
  /// What calls to functions do, as the configuration declares it.
  package internal(set) var effects: [Written<DeclaredEffect>] = []
  package internal(set) var waivers: [Waiver] = []
  package internal(set) var inlineExceptions: Written<Bool>?
  package internal(set) var baseline: Written<String>?
  package internal(set) var failOn: Written<FailureThreshold>?
  /// A format's name.
  package internal(set) var format: Written<String>?
  /// Formats' names and where such reports are written, absolute.
  package internal(set) var outputs: [Written<ConfiguredOutput>] = []
  package internal(set) var language: Written<Language>?

  /// What the patterns of the file are relative to: its own folder, or that of a project which stands elsewhere, for a
  /// configuration may be kept apart from what it is about.
  func base(in root: ProjectRoot) -> FilePath { root.directory.starts(with: folder) ? folder : root.directory }

  /// A path of the file as the command line would write it, from the current folder.
  func shown(_ written: String) -> String { path(written).shown(from: FileSystem.currentDirectory()) }

  /// A path of the file, from its folder.
  package func path(_ written: String) -> FilePath { FilePath(written).absolute(from: folder) }
}

/// A value and where it is written.
package struct Written<Value: Sendable>: Sendable {
  package let value: Value
  package let span: Span

  package init(_ value: Value, at span: Span) {
    self.value = value
    self.span = span
  }
}

/// What is judged together.
package struct ConfiguredProject: Sendable {
  package let name: Written<String>
  /// Relative to the configuration's folder.
  package let folder: String
  /// Relative to the folder; nil for all.
  package let templates: [Written<PathPattern>]?
  /// In the order in which they are run; nil for all SQL there is.
  package let schemas: [ConfiguredSchema]?
  package let given: GivenToTemplates
  package let assumesDefaults: Written<Bool>?
  /// By name, in the order of the file.
  package let stages: [(name: Written<String>, given: GivenToTemplates)]
}

/// What templates are deployed with.
package struct GivenToTemplates: Sendable {
  package var parameters: [String: Written<String>] = [:]
  /// Absolute.
  package var parameterFiles: [Written<FilePath>] = []
  package var stackTags: [String: Written<String>] = [:]
}

/// SQL and the data store that it is for.
package struct ConfiguredSchema: Sendable {
  /// Relative to the project's folder.
  package let files: [Written<String>]
  /// The logical id of a Lambda function with SQL in its inline code.
  package let function: Written<String>?
  package let cluster: Written<String>?
}

/// What is changed of a rule.
package struct ConfiguredRule: Sendable {
  /// Its id or name.
  package let rule: Written<String>
  package let isEnabled: Written<Bool>?
  package let severity: Written<Severity>?
  /// Names and values as written.
  package let parameters: [Entry]
}

/// A report to be written besides.
package struct ConfiguredOutput: Sendable {
  /// The format's name.
  package let format: String
  /// Absolute.
  package let path: FilePath
}

extension Configuration {
  /// The ids of the rules that it switches off.
  package func disabledRules(_ rules: RuleSet) -> Set<String> {
    Set(
      self.rules.filter { $0.isEnabled?.value == false }.compactMap { configured in
        rules.rule(configured.rule.value)?.id ?? ExceptionRules.description(configured.rule.value)?.id
      })
  }

  /// What it leaves out of the walk over some paths, by the paths as they are shown.
  func excludes(of paths: [String], from folder: FilePath?) -> (@Sendable (String) -> Bool)? {
    guard !excluded.isEmpty else { return nil }
    let patterns = excluded.map(\.value)
    let root = ProjectRoot.find(paths, from: folder)
    let (start, base) = (root.base, base(in: root))
    return { shown in
      let path = FilePath(shown).absolute(from: start)
      return path.starts(with: base) && patterns.contains { $0.matches(path.shown(from: base)) }
    }
  }
}
