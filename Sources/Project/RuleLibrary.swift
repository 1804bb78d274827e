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
  /// Ids and names of rules whose files have mistakes, which the diagnostics tell.
  package let rejected: Set<String>
  /// The ids of the rules that the profile selects; all without one.
  private let enabledIDs: Set<String>
  /// The profile in force and those it builds on, the base first; empty without one.
  package let profiles: [Profile]

  /// The rules that the profile selects, in id order.
  package var enabled: [Rule] { rules.rules.filter { enabledIDs.contains($0.id) } }

  /// What is asked of a library.
  package struct Options: Sendable {
    /// Files or folders of the user's own rules.
    package var paths: [String] = []
    /// Whether the built-in rules' rationale, examples and so on are checked too.
    package var checksProse = false
    /// Whether built-in rules are compiled only when they have something to judge.
    package var defersLogic = false
    /// Values for rule parameters given on the command line, by rule id or name; they win over all others.
    package var settings: [String: [String: String]] = [:]
    /// What the project's configuration decides, by rule id or name; it wins over the profile.
    package var configured: [String: RuleAdjustment] = [:]
    /// The name of a profile, or the path of a file that holds one; nil for every rule as its author made it.
    package var profile: String?
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
    let known = sources.compactMap { source in
      source.logic.root.map { root in
        ProfileChain.KnownRule(
          id: root["id"]?.text ?? "", name: root["name"]?.text ?? "",
          origin: root["origin"].map { $0.kind == .scalar ? [$0.text] : $0.items.map(\.text) } ?? [],
          isBuiltIn: source.isBuiltIn)
      }
    }
    var chain = ProfileChain([])
    if let profile = options.profile {
      let found = ProfileLibrary.chain(of: profile, firstFile: (files.map(\.id.rawValue).max() ?? -1) + 1)
      diagnostics += found.diagnostics
      files += found.files
      chain = found.chain
    }
    let resolution = chain.resolve(known)
    diagnostics += resolution.diagnostics
    var adjustments = resolution.adjustments
    for (settings, source) in [
      (options.configured, nil),
      (options.settings.mapValues { RuleAdjustment($0, source: .commandLine) }, SettingSource.commandLine),
    ] {
      for (name, adjustment) in settings.sorted(by: { $0.key < $1.key }) {
        // Settings may be given under the rule's name; the set asks by id.
        if let rule = known.first(where: { $0.id == name || $0.name == name }) {
          adjustments[rule.id, default: RuleAdjustment()].merge(adjustment)
        } else if source != nil {
          diagnostics.append(
            Diagnostic(
              "unknown-rule", .error, "There is no rule '\(name)' to set a parameter of.",
              cure: Suggestion.nearest(to: name, among: known.map(\.id) + known.map(\.name))
                .map { "Did you mean '\($0)'?" }))
        }
      }
    }
    let (rules, compilation) = RuleSet.compile(
      sources, model: CompiledModel(model, effects: { EffectLibrary.builtIn }), adjustments: adjustments,
      checksProse: options.checksProse,
      defersLogic: options.defersLogic)
    diagnostics += compilation
    let rejected = known.filter { rules.rule($0.id) == nil }.flatMap { [$0.id, $0.name] }
    return RuleLibrary(
      rules: rules, files: files, diagnostics: diagnostics, rejected: Set(rejected), enabledIDs: resolution.enabled,
      profiles: chain.profiles)
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
