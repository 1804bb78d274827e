import BuiltInRules
import Documents
import Estate
import Findings
import Rules
import SourceText
import SystemPackage

/// Loads rules: those the binary carries and the user's own.
package struct RuleLibrary: Sendable {
  package let rules: RuleSet
  /// The rule files of the user, for diagnostics' code frames; built-in files have no place on this machine.
  package let files: [SourceFile]
  package let diagnostics: [Diagnostic]

  /// What is asked of a library.
  package struct Options: Sendable {
    /// Files or folders of the user's own rules.
    package var paths: [String] = []
    /// Whether the built-in rules' rationale, examples and so on are checked too.
    package var checksProse = false
    /// Whether built-in rules are compiled only when they have something to judge.
    package var defersLogic = false
    /// Values for rule parameters, by rule id or name.
    package var settings: [String: [String: String]] = [:]
    /// False for the user's rules alone.
    package var includesBuiltIn = true

    package init() {}
  }

  /// Reads and compiles; mistakes are in the diagnostics.
  package static func load(_ options: Options = Options()) -> RuleLibrary {
    var diagnostics: [Diagnostic] = []
    var sources: [RuleSet.Source] = []
    var files: [SourceFile] = []
    let (model, modelDiagnostics) = Model.builtIn()
    diagnostics += modelDiagnostics
    if options.includesBuiltIn {
      for file in BuiltInRules.rules {
        let logic = document(file.logic, path: file.path, &diagnostics)
        guard let logic else { continue }
        let prose: @Sendable () -> Document? = {
          var ignored: [Diagnostic] = []
          return document(file.prose, path: file.path, &ignored)
        }
        sources.append(RuleSet.Source(path: file.path, logic: logic, prose: prose, isBuiltIn: true))
      }
    }
    if !options.paths.isEmpty {
      let found = ownFiles(options.paths)
      diagnostics += found.diagnostics
      files = found.files
      for file in files {
        let reading = Document.read(file, as: .yaml)
        diagnostics += reading.diagnostics
        guard let document = reading.documents.first else {
          if reading.diagnostics.isEmpty {
            diagnostics.append(Diagnostic("rule-syntax", .error, "The rule file is empty.", path: file.path))
          }
          continue
        }
        sources.append(RuleSet.Source(path: file.path, logic: document, prose: nil, isBuiltIn: false))
      }
    }
    var settings = options.settings
    for source in sources {
      // Settings may be given under the rule's name; the set asks by id.
      guard let root = source.logic.root, let id = root["id"]?.text, let name = root["name"]?.text else { continue }
      if let byName = settings.removeValue(forKey: name) { settings[id, default: [:]].merge(byName) { _, new in new } }
    }
    let (rules, compilation) = RuleSet.compile(
      sources, model: CompiledModel(model), settings: settings, checksProse: options.checksProse,
      defersLogic: options.defersLogic)
    diagnostics += compilation
    for unknown in settings.keys.sorted() where rules.rule(unknown) == nil {
      diagnostics.append(
        Diagnostic(
          "unknown-rule", .error, "There is no rule '\(unknown)' to set a parameter of.",
          cure: rules.suggestion(for: unknown).map { "Did you mean '\($0)'?" }))
    }
    return RuleLibrary(rules: rules, files: files, diagnostics: diagnostics)
  }

  private static func document(_ text: String, path: String, _ diagnostics: inout [Diagnostic]) -> Document? {
    let source = SourceFile(id: FileID(-1), path: "Rules/" + path, bytes: Array(text.utf8))
    let reading = Document.read(source, as: .json)
    diagnostics += reading.diagnostics.filter { $0.severity == .error }.map {
      Diagnostic($0.id, .error, $0.message, cure: $0.cure, path: source.path)
    }
    return reading.documents.first
  }

  /// The rule files at the paths given, in the order of their shown names. A folder's YAML files are all taken for
  /// rules: a file that is skipped would be a rule that never fires.
  private static func ownFiles(_ paths: [String]) -> (files: [SourceFile], diagnostics: [Diagnostic]) {
    var diagnostics: [Diagnostic] = []
    var found: [FilePath] = []
    let here = FileSystem.currentDirectory()
    for path in paths {
      let absolute = FilePath(path).absolute(from: here)
      do throws(FileError) {
        let before = found.count
        found += try FileSystem.yamlFiles(at: absolute, shown: path)
        if found.count == before {
          diagnostics.append(
            Diagnostic(
              "no-rules", .error, "There is no rule file (*.yaml) in '\(path)'.",
              cure: "Give the folder that holds them.", path: path))
        }
      } catch {
        diagnostics.append(error.diagnostic)
      }
    }
    var store = FileStore(root: here, announcing: found)
    var files: [SourceFile] = []
    for path in found {
      do throws(FileError) {
        files.append(try store.read(path))
      } catch {
        diagnostics.append(error.diagnostic)
      }
    }
    return (files.sorted { $0.id < $1.id }, diagnostics)
  }
}

extension Model {
  /// The model that the binary carries.
  package static func builtIn() -> (model: Model, diagnostics: [Diagnostic]) {
    var documents: [Document] = []
    var diagnostics: [Diagnostic] = []
    for file in BuiltInRules.model {
      let source = SourceFile(id: FileID(-1), path: "Rules/" + file.path, bytes: Array(file.logic.utf8))
      let reading = Document.read(source, as: .json)
      documents += reading.documents
      diagnostics += reading.diagnostics.filter { $0.severity == .error }
    }
    let (model, mistakes) = read(documents)
    return (model, diagnostics + mistakes)
  }
}
