import Values

/// What an export is called whose name depends on the scenario.
struct OpenExport: Sendable {
  let name: [TemplatePart]
  /// See ``ExportIndex/key(of:)``.
  let key: String?

  init(_ name: [TemplatePart]) {
    self.name = name
    key = ExportIndex.key(of: name)
  }
}

/// The exports of all stacks, by their folded names.
struct ExportIndex: Sendable {
  /// One output that is exported.
  struct Export: Sendable {
    let stack: StackID
    /// The output's position in its template.
    let output: Int
  }

  private(set) var exports: [Export] = []
  /// The positions of exports by the key of their name, where no scenario changes it.
  private(set) var byKey: [String: [Int]] = [:]
  /// The positions of exports whose names depend on the scenario, or cannot be told.
  private(set) var open: [Int] = []

  /// The names without a hole, in order: what a misspelt import may mean.
  var literalNames: [String] { byKey.keys.filter { !$0.utf8.contains(1) }.sorted() }

  mutating func add(_ export: Export, key: String?) {
    if let key {
      byKey[key, default: []].append(exports.count)
    } else {
      open.append(exports.count)
    }
    exports.append(export)
  }

  /// The key under which a name is found: its text, where holes that are equal all over an account and region (the
  /// pseudo parameters of the environment) stand by their names. Nil for other holes.
  static func key(of parts: [TemplatePart]) -> String? {
    var key = ""
    for part in parts {
      switch part {
      case .literal(let text): key += text
      case .pseudo(let name) where PseudoParameter.isOfEnvironment(name): key += "\u{1}" + name + "\u{1}"
      default: return nil
      }
    }
    return key
  }
}
