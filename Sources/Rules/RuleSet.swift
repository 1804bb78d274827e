import CEL
import Documents
import Estate
import Findings
import SourceText

/// The rules of a run: compiled, unique, in id order.
package struct RuleSet: Sendable {
  package let model: CompiledModel
  package let rules: [Rule]
  /// By rule id: where its prose is read from when somebody asks for it.
  private let proseDocuments: [String: @Sendable () -> Document?]

  /// One rule file as it was read.
  package struct Source: Sendable {
    /// The file's path, as diagnostics show it.
    package let path: String
    package let logic: Document
    /// Reads the prose, where prose and logic come apart (built-in rules); nil when `logic` is the whole file.
    package let prose: (@Sendable () -> Document?)?
    package let isBuiltIn: Bool

    /// The prose, wherever it stands.
    var proseDocument: @Sendable () -> Document? {
      let logic = logic
      return prose ?? { logic }
    }

    package init(path: String, logic: Document, prose: (@Sendable () -> Document?)?, isBuiltIn: Bool) {
      self.path = path
      self.logic = logic
      self.prose = prose
      self.isBuiltIn = isBuiltIn
    }
  }

  /// Compiles rule files. Any mistake is in the diagnostics, and the file it is in yields no rule: callers stop when
  /// there are errors, for a rule that is silently missing would pass everything.
  ///
  /// - Parameters:
  ///   - sources: the files, in any order.
  ///   - model: what the rules may read.
  ///   - adjustments: what profiles, the configuration and the command line decide, by rule id.
  ///   - checksProse: whether the prose of built-in rules is checked too, which a plain run leaves to the tests.
  ///   - defersLogic: whether of built-in rules only what is needed is compiled, and only when it is: their mistakes
  ///     are the tests' to find.
  /// - Returns: the rules without a mistake, and every mistake.
  package static func compile(
    _ sources: [Source], model: CompiledModel, adjustments: [String: RuleAdjustment] = [:],
    checksProse: Bool = false, defersLogic: Bool = false
  ) -> (rules: RuleSet, diagnostics: [Diagnostic]) {
    var diagnostics: [Diagnostic] = []
    var rules: [Rule] = []
    var prose: [String: @Sendable () -> Document?] = [:]
    var seen: [String: String] = [:]
    let generators = defersLogic && !checksProse ? FirstGenerators() : nil
    let readings = concurrentMap(sources) {
      read($0, model: model, adjustments: adjustments, checksProse: checksProse, deferringTo: generators)
    }
    for (source, reading) in zip(sources, readings) {
      var mistakes = reading.diagnostics
      for key in ["id", "name"] {
        guard let node = source.logic.root?[key] else { continue }
        if let other = seen.updateValue(source.path, forKey: node.text) {
          mistakes.append(
            Diagnostic("duplicate-rule", .error, "The \(key) '\(node.text)' is taken by '\(other)'.", at: node.span))
        }
      }
      // In the order of the file, whatever the order they were found in.
      diagnostics += mistakes.enumerated().sorted { a, b in
        (a.element.span?.lower ?? 0, a.offset) < (b.element.span?.lower ?? 0, b.offset)
      }.map(\.element)
      if let rule = reading.rule, mistakes.allSatisfy({ $0.severity != .error }) {
        rules.append(rule)
        prose[rule.id] = source.proseDocument
      }
    }
    rules.sort { $0.id < $1.id }
    return (RuleSet(model: model, rules: rules, proseDocuments: prose), diagnostics)
  }

  /// Compiles one file: what is wrong with it in itself.
  private static func read(
    _ source: Source, model: CompiledModel, adjustments: [String: RuleAdjustment], checksProse: Bool,
    deferringTo generators: FirstGenerators?
  ) -> (rule: Rule?, diagnostics: [Diagnostic]) {
    guard let root = source.logic.root else {
      return (nil, [Diagnostic("rule-syntax", .error, "The rule file is empty.", path: source.path)])
    }
    var reader = RuleFileReader(
      model: model, isBuiltIn: source.isBuiltIn,
      adjustment: adjustments[root["id"]?.text ?? ""] ?? RuleAdjustment())
    let rule = reader.rule(root, deferringTo: source.isBuiltIn ? generators : nil)
    if !source.isBuiltIn || checksProse {
      if let proseRoot = source.proseDocument()?.root {
        _ = reader.prose(proseRoot, requiringExamples: true)
      } else {
        reader.complain("rule-syntax", "The rule's rationale, examples and so on cannot be read.", root)
      }
    }
    if let name = root["name"], fileName(source.path) != name.text {
      reader.complain(
        "rule-name", "The rule '\(name.text)' stands in a file of another name.", name,
        cure: "Name the file \(name.text).yaml.")
    }
    return (rule, reader.diagnostics)
  }

  private static func fileName(_ path: String) -> String {
    let last = path.split(separator: "/").last ?? ""
    return String(last.prefix { $0 != "." })
  }

  /// The rule with an id or a name.
  package func rule(_ idOrName: String) -> Rule? {
    rules.first { $0.id.lowercased() == idOrName.lowercased() || $0.name == idOrName.lowercased() }
  }

  /// The id or name most like what was asked for.
  package func suggestion(for idOrName: String) -> String? {
    Suggestion.nearest(to: idOrName, among: rules.map(\.id) + rules.map(\.name))
  }

  /// A rule with other values for its parameters, as an example asks for them; nil when they are none of its own.
  func rule(_ rule: Rule, with settings: [String: String]) -> Rule? {
    guard !settings.isEmpty else { return rule }
    var adjustment = rule.adjustment
    adjustment.merge(RuleAdjustment(settings, source: .example))
    var reader = RuleFileReader(model: model, isBuiltIn: rule.isBuiltIn, adjustment: adjustment)
    let adjusted = reader.rule(rule.root)
    return reader.diagnostics.contains { $0.severity == .error } ? nil : adjusted
  }

  package func examples(of rule: Rule) -> [Example] { prose(of: rule).examples }

  private func prose(of rule: Rule, readsExamples: Bool = true) -> RuleProse {
    guard let root = proseDocuments[rule.id]?()?.root else { return .empty }
    var reader = RuleFileReader(model: model, isBuiltIn: rule.isBuiltIn)
    return reader.prose(root, requiringExamples: false, readsExamples: readsExamples)
  }

  /// What reports say of a rule; without its prose and its checks where nobody will read them.
  package func description(of rule: Rule, withProse: Bool = true, withExamples: Bool = true) -> RuleDescription {
    let words = withProse ? prose(of: rule, readsExamples: withExamples) : .empty
    return RuleDescription(
      id: rule.id, name: rule.name, title: rule.title, severity: rule.severity, origin: rule.origin,
      controls: words.controls, rationale: words.rationale, remediation: words.remediation,
      references: words.references,
      parameters: rule.parameters.map {
        RuleParameter(
          name: $0.name, type: "\($0.type)", value: FindingWriter.shown($0.value),
          defaultValue: FindingWriter.shown($0.defaultValue), description: $0.description,
          source: $0.source)
      }, checks: withProse ? Self.checks(of: rule) : [],
      examples: words.examples.map { RuleExample(name: $0.name, verdict: $0.verdict, files: $0.files) },
      isBuiltIn: rule.isBuiltIn, ownSeverity: rule.ownSeverity, severitySource: rule.severitySource)
  }

  /// The rule's expressions as they are written.
  private static func checks(of rule: Rule) -> [RuleCheck] {
    let root = rule.root
    var checks: [RuleCheck] = []
    for entry in root["for"]?.entries.map({ $0 }) ?? [] {
      checks.append(RuleCheck(role: .generator, name: entry.key.text, expression: entry.value.text.trimmed))
    }
    for entry in root["let"]?.entries.map({ $0 }) ?? [] {
      checks.append(RuleCheck(role: .binding, name: entry.key.text, expression: entry.value.text.trimmed))
    }
    if let gate = root["when"] { checks.append(RuleCheck(role: .gate, name: "", expression: gate.text.trimmed)) }
    for obligation in root["require"]?.items.map({ $0 }) ?? [] {
      var text = obligation["that"]?.text.trimmed ?? ""
      for entry in obligation["each"]?.entries.map({ $0 }).reversed() ?? [] {
        text = "for each \(entry.key.text) in \(entry.value.text.trimmed): \(text)"
      }
      if let condition = obligation["when"] { text = "when \(condition.text.trimmed): \(text)" }
      let id = obligation["id"]?.text ?? ""
      let severity =
        rule.adjustment.obligationSeverities[id]?.severity
        ?? obligation["severity"].flatMap { Severity(rawValue: $0.text) } ?? rule.severity
      checks.append(RuleCheck(role: .obligation, name: id, expression: text, severity: severity))
    }
    return checks
  }
}
