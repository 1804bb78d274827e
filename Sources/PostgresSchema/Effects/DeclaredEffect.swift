import Documents
import SourceText

/// What calling a function does to the catalogue, declared because no SQL of the project shows the function's body:
/// one that comes with an extension, or is written in C.
package struct DeclaredEffect: Hashable, Sendable {
  /// The function's schema; nil: in any schema.
  package let schema: String?
  package let name: String
  package let parameters: [Parameter]
  /// The values, in lower case, one of which a parameter must have.
  package let conditions: [String: [String]]
  /// The SQL that a call comes to, with `{parameter}` where a name goes in; empty: nothing that the catalogue holds.
  package let sql: String
  package let job: Job?
  /// The parameter that holds the name of a job that ends.
  package let unscheduledJob: String?
  package let partitions: Partitions?
  package let retention: Retention?

  /// A parameter of the function.
  package struct Parameter: Hashable, Sendable {
    package let name: String
    package let isOptional: Bool
    /// What it has when it is left out.
    package let initial: String?
  }

  /// The parameters that hold what is known of a job that the call schedules.
  package struct Job: Hashable, Sendable {
    package let name: String?
    package let schedule: String?
    package let command: String
    package let database: String?
  }

  /// The parameters that tell how the call cuts a table into partitions by time.
  package struct Partitions: Hashable, Sendable {
    /// The extension that looks after them.
    package let manager: String
    package let table: String
    package let column: String?
    package let interval: String?
  }

  /// The parameters that tell after which time old partitions go.
  package struct Retention: Hashable, Sendable {
    package let table: String
    package let period: String
  }

  /// Whether a call by this name, with this many arguments, may be meant.
  func fits(_ parts: [String], _ count: Int) -> Bool {
    guard parts.last == name, count <= parameters.count else { return false }
    if parts.count > 1, let schema, parts[parts.count - 2] != schema { return false }
    return count >= parameters.filter { !$0.isOptional }.count
  }
}

extension DeclaredEffect {
  /// The effects that a document declares: a list, or a mapping with the list under `effects`. What is wrong with one
  /// is among the diagnostics, and leaves it out.
  package static func read(_ root: Documents.Node) -> ([DeclaredEffect], [Diagnostic]) {
    var diagnostics: [Diagnostic] = []
    let list = root["effects"] ?? root
    var effects: [DeclaredEffect] = []
    for node in list.items {
      if let effect = DeclaredEffect(node, &diagnostics) { effects.append(effect) }
    }
    return (effects, diagnostics)
  }

  private static let keys: Set<String> = [
    "function", "extension", "parameters", "when", "sql", "job", "unschedule", "partitions", "retention", "about",
  ]

  private init?(_ node: Documents.Node, _ diagnostics: inout [Diagnostic]) {
    func mistake(_ message: String, at span: Span, cure: String? = nil) {
      diagnostics.append(Diagnostic("invalid-effect", .error, message, cure: cure, at: span))
    }
    for entry in node.entries where !DeclaredEffect.keys.contains(entry.key.text) {
      mistake(
        "An effect has no '\(entry.key.text)'.", at: entry.key.span,
        cure: Suggestion.nearest(to: entry.key.text, among: DeclaredEffect.keys).map {
          "Did you mean '\($0)'?"
        })
      return nil
    }
    guard let function = node["function"], !function.text.isEmpty else {
      mistake("An effect names its 'function'.", at: node.span, cure: "Write 'function: schema.name'.")
      return nil
    }
    let parts = function.text.split(separator: ".").map(String.init)
    name = parts.last ?? function.text
    schema = parts.count > 1 ? parts[parts.count - 2] : nil
    parameters = DeclaredEffect.items(of: node["parameters"]).map { DeclaredEffect.parameter($0.text) }
    let names = Set(parameters.map(\.name))
    var conditions: [String: [String]] = [:]
    for entry in DeclaredEffect.entries(of: node["when"]) {
      let values = entry.value.kind == .sequence ? entry.value.items.map(\.text) : [entry.value.text]
      conditions[entry.key.text] = values.map { $0.lowercased() }
      if !names.contains(entry.key.text) {
        mistake("The effect of '\(function.text)' has no parameter '\(entry.key.text)'.", at: entry.key.span)
        return nil
      }
    }
    self.conditions = conditions
    sql = node["sql"]?.text ?? ""
    let used = ["job", "partitions", "retention"].flatMap { DeclaredEffect.entries(of: node[$0]) }
    for entry in used where entry.key.text != "manager" && !names.contains(entry.value.text) {
      mistake("The effect of '\(function.text)' has no parameter '\(entry.value.text)'.", at: entry.value.span)
      return nil
    }
    for hole in EffectTemplate(sql).parameters where !names.contains(hole) {
      mistake(
        "The effect of '\(function.text)' has no parameter '\(hole)'.", at: node["sql"]?.span ?? node.span,
        cure: "Name it under 'parameters', in the order of the function's arguments.")
      return nil
    }
    job = node["job"].flatMap(Job.init)
    unscheduledJob = node["unschedule"]?.text
    partitions = node["partitions"].flatMap { Partitions($0, manager: node["extension"]?.text ?? "") }
    retention = node["retention"].flatMap(Retention.init)
  }

  private static func items(of node: Documents.Node?) -> [Documents.Node] { node.map { Array($0.items) } ?? [] }

  private static func entries(of node: Documents.Node?) -> [Entry] { node.map { Array($0.entries) } ?? [] }

  /// `name`, `?name` for one that may be left out, `?name=value` for what it has then.
  private static func parameter(_ text: String) -> Parameter {
    let isOptional = text.hasPrefix("?")
    let parts = text.drop { $0 == "?" }.split(separator: "=", maxSplits: 1).map(String.init)
    return Parameter(name: parts.first ?? "", isOptional: isOptional, initial: parts.count > 1 ? parts[1] : nil)
  }
}

extension DeclaredEffect.Job {
  fileprivate init?(_ node: Documents.Node) {
    guard let command = node["command"]?.text else { return nil }
    self.init(
      name: node["name"]?.text, schedule: node["schedule"]?.text, command: command, database: node["database"]?.text)
  }
}

extension DeclaredEffect.Partitions {
  fileprivate init?(_ node: Documents.Node, manager: String) {
    guard let table = node["table"]?.text else { return nil }
    self.init(
      manager: node["manager"]?.text ?? manager, table: table, column: node["column"]?.text,
      interval: node["interval"]?.text)
  }
}

extension DeclaredEffect.Retention {
  fileprivate init?(_ node: Documents.Node) {
    guard let table = node["table"]?.text, let period = node["period"]?.text else { return nil }
    self.init(table: table, period: period)
  }
}
