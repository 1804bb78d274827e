import CEL
import Documents
import Estate
import Findings
import SourceText

/// Reads one rule file: its envelope, its expressions, its prose. Every mistake is a diagnostic with its place; a file
/// with an error yields no rule, so that a typo never becomes a rule that never fires.
struct RuleFileReader {
  let model: CompiledModel
  let isBuiltIn: Bool
  /// What a profile, the configuration, the command line or an example decides of the rule.
  let adjustment: RuleAdjustment
  var diagnostics: [Diagnostic] = []
  /// Whether what findings are shown with is compiled only when there is one.
  private var defersWords = false

  init(model: CompiledModel, isBuiltIn: Bool, adjustment: RuleAdjustment = RuleAdjustment()) {
    self.model = model
    self.isBuiltIn = isBuiltIn
    self.adjustment = adjustment
  }

  private static let keys = [
    "id", "name", "title", "severity", "origin", "controls", "rationale", "remediation", "references", "parameters",
    "whether", "for", "let", "when", "require", "on-unknown", "examples",
  ]

  /// Reads a rule from the node at a file's top.
  /// With generators that rules share, only the envelope and the first generator are compiled now (see ``RuleBody``).
  mutating func rule(_ root: Node, deferringTo generators: FirstGenerators? = nil) -> Rule? {
    let before = diagnostics.count
    guard root.kind == .mapping else {
      complain("rule-syntax", "A rule file holds one mapping with 'id', 'name', 'title', 'severity', 'require' …", root)
      return nil
    }
    checkKeys(of: root, allowed: Self.keys, in: "a rule")
    let id = required("id", in: root).map(\.text) ?? ""
    if !id.isEmpty, !Self.isRuleID(id), let node = root["id"] {
      complain(
        "rule-id", "'\(id)' is no rule id.", node, cure: "Write it like BLEA-KMS-001: capitals, then a number.")
    }
    let name = required("name", in: root).map(\.text) ?? ""
    if !name.isEmpty, !Self.isKebabCase(name), let node = root["name"] {
      complain("rule-name", "'\(name)' is not in kebab case.", node, cure: "Write it like kms-key-rotation.")
    }
    let title = required("title", in: root).map { localized($0) } ?? LocalizedText(en: name)
    let ownSeverity = required("severity", in: root).flatMap { self.severity($0) } ?? .medium
    let severity = adjustment.severity?.severity ?? ownSeverity
    let origin = root["origin"].map(strings) ?? []

    var unknownFails = false
    if let node = root["on-unknown"] {
      unknownFails = node.text == "fail"
      if !["open", "fail"].contains(node.text) {
        complain(
          "rule-syntax", "'on-unknown' is 'open' or 'fail', not '\(node.text)'.", node,
          cure: "There is no 'pass': what cannot be told is never fine.")
      }
    }

    var scope = CompilationScope(model)
    let parameters = root["parameters"]?.entries.compactMap { parameter($0, &scope) } ?? []
    checkAdjustedParameters(among: parameters, of: id)
    checkAdjustedObligations(in: root, of: id)
    let body: RuleBody
    if let generators, let entry = root["for"]?.entries.first,
      let first = generators.generator(entry, compiledBy: { generator(entry, &scope) })
    {
      let (model, isBuiltIn, adjustment) = (model, isBuiltIn, adjustment)
      body = RuleBody(first: first) {
        var reader = RuleFileReader(model: model, isBuiltIn: isBuiltIn, adjustment: adjustment)
        reader.defersWords = true
        return (reader.rule(root)?.body.logic().logic, reader.diagnostics)
      }
    } else {
      guard let logic = logic(root, scope, severity) else { return nil }
      body = RuleBody(logic)
    }
    guard diagnostics[before...].allSatisfy({ $0.severity != .error }) else { return nil }
    return Rule(
      id: id, name: name, title: title, severity: severity, ownSeverity: ownSeverity,
      severitySource: adjustment.severity?.source ?? .rule, origin: origin, parameters: parameters, body: body,
      root: root, adjustment: adjustment, unknownFails: unknownFails, isBuiltIn: isBuiltIn)
  }

  /// Compiles all that the judge evaluates.
  private mutating func logic(_ root: Node, _ outer: CompilationScope, _ severity: Severity) -> Rule.Logic? {
    let before = diagnostics.count
    var scope = outer
    let generators = root["for"]?.entries.compactMap { generator($0, &scope) } ?? []
    let bindings =
      root["let"]?.entries.compactMap { entry -> Rule.LetBinding? in
        guard let compiled = compile(entry.value, in: scope, expecting: nil) else {
          scope.declare(entry.key.text, .dyn)
          return nil
        }
        declare(entry.key, compiled.resultType, &scope)
        return Rule.LetBinding(variable: entry.key.text, expression: compiled, text: entry.value.text)
      } ?? []
    let whether = required("whether", in: root).flatMap { node -> MessageTemplate? in
      var first = scope
      for generator in generators.dropFirst() { first.forget(generator.variable) }
      for binding in bindings { first.forget(binding.variable) }
      return template(node, in: first)
    }
    var gate: Rule.Condition?
    if let node = root["when"], let expression = compile(node, in: scope, expecting: .bool) {
      scope.facts = scope.facts.and(expression.factsWhenTrue)
      gate = Rule.Condition(expression: expression, text: node.text)
    }
    var obligations: [Rule.Obligation] = []
    var seen: [String: Node] = [:]
    if let node = required("require", in: root) {
      if node.kind != .sequence || node.items.isEmpty {
        complain("rule-syntax", "'require' is a list of obligations.", node, cure: "Start each with '- id:'.")
      }
      for item in node.items {
        guard let obligation = obligation(item, scope, severity) else { continue }
        if let id = item["id"], let first = seen.updateValue(id, forKey: obligation.id) {
          _ = first
          complain("duplicate-obligation", "Two obligations have the id '\(obligation.id)'.", id)
        }
        obligations.append(obligation)
      }
    }
    let failed = diagnostics[before...].contains { $0.severity == .error }
    guard !failed, let whether else { return nil }
    return Rule.Logic(
      generators: generators, bindings: bindings, gate: gate, whether: whether, obligations: obligations)
  }

  // MARK: Parts

  private mutating func parameter(_ entry: Entry, _ scope: inout CompilationScope) -> Rule.Parameter? {
    let node = entry.value
    checkKeys(of: node, allowed: ["type", "default", "allowed", "min", "max", "description"], in: "a parameter")
    guard let typeNode = required("type", in: node), let defaultNode = required("default", in: node) else {
      scope.declare(entry.key.text, .dyn)
      return nil
    }
    guard let type = CELType(modelText: typeNode.text) else {
      complain(
        "unknown-type", "'\(typeNode.text)' is no type of a parameter.", typeNode,
        cure: "Use string, int, double, bool, list<string> or map<string, list<string>>.")
      scope.declare(entry.key.text, .dyn)
      return nil
    }
    declare(entry.key, type, &scope)
    let reader = ParameterValueReader()
    guard let defaultValue = reader.value(of: defaultNode, as: type) else {
      complain(
        "type-mismatch", "The default of parameter '\(entry.key.text)' is no \(typeNode.text).", defaultNode)
      return nil
    }
    if let bound = reader.outOfBounds(defaultValue, node) {
      complain(
        "parameter-bounds", "The default '\(defaultNode.text)' of parameter '\(entry.key.text)' is \(bound).",
        defaultNode, cure: "Change the default or its bounds.")
    }
    var value = defaultValue
    if let setting = adjustment.parameters[entry.key.text] {
      value = given(setting, entry, type, reader) ?? defaultValue
    }
    return Rule.Parameter(
      name: entry.key.text, type: type, defaultValue: defaultValue, value: value,
      source: adjustment.parameters[entry.key.text]?.source ?? .rule,
      description: node["description"]?.text ?? "")
  }

  private mutating func generator(_ entry: Entry, _ scope: inout CompilationScope) -> Rule.Generator? {
    guard let expression = compile(entry.value, in: scope, expecting: nil) else {
      scope.declare(entry.key.text, .dyn)
      return nil
    }
    let element: CELType
    switch expression.resultType {
    case .list(let type), .optional(let type): element = type
    case .object, .dyn: element = expression.resultType
    default:
      complain(
        "type-mismatch",
        "'\(entry.key.text)' runs over '\(entry.value.text)', which is no list but \(expression.resultType).",
        entry.value, cure: "Give a list, or an optional to gate the rule.")
      element = .dyn
    }
    declare(entry.key, element, &scope)
    // Past the generator its elements are there: what a filter asked of them, and the way to an optional.
    scope.facts = scope.facts.and(expression.factsWhenPresent).and(
      expression.factsAboutElements(named: entry.key.text))
    return Rule.Generator(variable: entry.key.text, expression: expression, text: entry.value.text)
  }

  private mutating func obligation(_ node: Node, _ outer: CompilationScope, _ severity: Severity) -> Rule.Obligation? {
    let before = diagnostics.count
    guard node.kind == .mapping else {
      complain("rule-syntax", "An obligation is a mapping with 'id', 'that', 'message' and 'at'.", node)
      return nil
    }
    checkKeys(
      of: node,
      allowed: ["id", "severity", "when", "each", "that", "message", "whether", "at", "related", "fix", "refused"],
      in: "an obligation")
    var scope = outer
    let id = required("id", in: node).map(\.text) ?? ""
    let ownSeverity =
      adjustment.obligationSeverities[id]?.severity ?? node["severity"].flatMap { self.severity($0) } ?? severity
    var condition: Rule.Condition?
    if let when = node["when"], let expression = compile(when, in: scope, expecting: .bool) {
      scope.facts = scope.facts.and(expression.factsWhenTrue)
      condition = Rule.Condition(expression: expression, text: when.text)
    }
    let beforeEach = scope
    let each = node["each"]?.entries.compactMap { generator($0, &scope) } ?? []
    let that = required("that", in: node).flatMap { compile($0, in: scope, expecting: .bool) }
    let words: LateValue<Rule.Obligation.Words>?
    if defersWords {
      let (reader, innermost) = (self, scope)
      words = LateValue {
        var reader = reader
        // A mistake is the tests' to find; to a finding it must not do more harm than to its words.
        return reader.words(node, in: innermost, whetherIn: beforeEach)
          ?? Rule.Obligation.Words(
            message: MessageTemplate(parts: [.text(node["message"]?.text ?? "")]), whether: nil,
            place: PlacePath(variable: "", members: [], text: ""), related: [], fix: nil)
      }
    } else {
      words = self.words(node, in: scope, whetherIn: beforeEach).map { LateValue($0) }
    }
    if let refused = node["refused"], refused.text != "true" {
      complain("rule-syntax", "'refused' is 'true' or not written.", refused)
    }
    guard diagnostics[before...].allSatisfy({ $0.severity != .error }), let that, let words else { return nil }
    return Rule.Obligation(
      id: id, severity: ownSeverity, condition: condition, each: each,
      that: Rule.Condition(expression: that, text: node["that"]?.text ?? ""), isRefused: node["refused"] != nil,
      words: words)
  }

  /// Compiles what a finding of an obligation is shown with.
  private mutating func words(
    _ node: Node, in scope: CompilationScope, whetherIn outer: CompilationScope
  ) -> Rule.Obligation.Words? {
    let whether = node["whether"].flatMap { template($0, in: outer) }
    let message = required("message", in: node).flatMap { template($0, in: scope) }
    let place = required("at", in: node).flatMap { self.place($0, in: scope) }
    let related =
      node["related"]?.items.compactMap { item -> Rule.RelatedPlace? in
        checkKeys(of: item, allowed: ["at", "message"], in: "a related place")
        guard let at = required("at", in: item).flatMap({ self.place($0, in: scope) }),
          let message = required("message", in: item).flatMap({ template($0, in: scope) })
        else { return nil }
        return Rule.RelatedPlace(place: at, message: message)
      } ?? []
    let fix = node["fix"].flatMap { self.fix($0, in: scope) }
    guard let message, let place else { return nil }
    return Rule.Obligation.Words(message: message, whether: whether, place: place, related: related, fix: fix)
  }

  private mutating func fix(_ node: Node, in scope: CompilationScope) -> Rule.FixTemplate? {
    let appends = node["append"] != nil
    checkKeys(
      of: node, allowed: (appends ? ["append", "file-of"] : ["set", "to"]) + ["when", "safety"], in: "a fix")
    var scope = scope
    var condition: Rule.Condition?
    if let when = node["when"] {
      guard let expression = compile(when, in: scope, expecting: .bool) else { return nil }
      scope.facts = scope.facts.and(expression.factsWhenTrue)
      condition = Rule.Condition(expression: expression, text: when.text)
    }
    let change: Rule.FixTemplate.Change
    if appends {
      guard let statement = node["append"].flatMap({ template($0, in: scope) }),
        let place = required("file-of", in: node).flatMap({ self.place($0, in: scope) })
      else { return nil }
      change = .append(statement, toFileOf: place)
    } else {
      guard let place = required("set", in: node).flatMap({ self.place($0, in: scope) }),
        let text = required("to", in: node).flatMap({ template($0, in: scope) })
      else { return nil }
      change = .set(place, to: text)
    }
    guard let safety = Fix.Safety(rawValue: node["safety"]?.text ?? "unsafe") else {
      complain("rule-syntax", "'safety' is 'safe' or 'unsafe'.", node["safety"] ?? node)
      return nil
    }
    return Rule.FixTemplate(change: change, condition: condition, safety: safety)
  }

  private mutating func place(_ node: Node, in scope: CompilationScope) -> PlacePath? {
    guard let expression = compile(node, in: scope, expecting: nil, isPlace: true) else { return nil }
    guard let path = expression.memberPath else {
      complain(
        "no-place", "'\(node.text)' is no path to a place.", node,
        cure: "Name a variable and its members, such as key.EnableKeyRotation.")
      return nil
    }
    let members = path.segments.map { segment in
      switch segment {
      case .member(let name): name
      case .key(let key): key
      case .index(let index): String(index)
      }
    }
    return PlacePath(variable: path.variable, members: members, text: node.text)
  }

  // MARK: Expressions and messages

  private mutating func compile(
    _ node: Node, in scope: CompilationScope, expecting type: CELType?, isPlace: Bool = false
  ) -> Expression? {
    guard node.kind == .scalar else {
      complain("rule-syntax", "A CEL expression is expected here.", node)
      return nil
    }
    let (expression, found) = scope.compile(node.mappedText, expecting: type, isPlace: isPlace)
    diagnostics += found
    return expression
  }

  private mutating func template(_ node: Node, in scope: CompilationScope) -> MessageTemplate? {
    let text = node.mappedText
    var parts: [MessageTemplate.Part] = []
    var literal: [UInt8] = []
    var index = 0
    let bytes = text.bytes
    var failed = false
    while index < bytes.count {
      let byte = bytes[index]
      if (byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}")), index + 1 < bytes.count, bytes[index + 1] == byte {
        literal.append(byte)
        index += 2
        continue
      }
      guard byte == UInt8(ascii: "{") else {
        literal.append(byte)
        index += 1
        continue
      }
      guard let end = bytes[index...].firstIndex(of: UInt8(ascii: "}")) else {
        diagnostics.append(
          Diagnostic(
            "message-hole", .error, "The message has '{' without its '}'.",
            cure: "Write '{{' for the character itself.",
            at: text.span(index..<index + 1)))
        return nil
      }
      if !literal.isEmpty { parts.append(.text(String(decoding: literal, as: UTF8.self))) }
      literal = []
      var hole = MappedText(file: text.file)
      hole.append(text, index + 1..<end)
      let (expression, found) = scope.compile(hole, expecting: nil, isPlace: false)
      diagnostics += found
      if let expression {
        switch expression.resultType {
        case .string, .int, .uint, .double, .bool, .dyn, .list(.string), .list(.dyn), .list(.int):
          parts.append(.hole(expression, root: expression.memberPath?.variable))
        default:
          diagnostics.append(
            Diagnostic(
              "message-hole", .error, "'\(hole.string)' is \(expression.resultType), which a message cannot show.",
              cure: "Show a string, a number, a bool or a list of strings.", at: hole.span(0..<hole.bytes.count)))
          failed = true
        }
      } else {
        failed = true
      }
      index = end + 1
    }
    if !literal.isEmpty { parts.append(.text(String(decoding: literal, as: UTF8.self))) }
    return failed ? nil : MessageTemplate(parts: parts)
  }

  // MARK: The envelope

  private mutating func declare(_ key: Node, _ type: CELType, _ scope: inout CompilationScope) {
    if scope.knows(key.text) {
      complain("duplicate-variable", "'\(key.text)' is declared already.", key, cure: "Choose another name.")
    }
    scope.declare(key.text, type)
  }

  mutating func severity(_ node: Node) -> Severity? {
    if let severity = Severity(rawValue: node.text) { return severity }
    complain(
      "unknown-severity", "'\(node.text)' is no severity.", node,
      cure: suggestion(node.text, Severity.allCases.map(\.rawValue)) ?? "Use critical, high, medium, low or info.")
    return nil
  }

  mutating func localized(_ node: Node) -> LocalizedText {
    if node.kind != .scalar {
      checkKeys(of: node, allowed: Language.allCases.map(\.rawValue), in: "a text")
      _ = required("en", in: node)
    }
    return LocalizedText(reading: node)
  }

  func strings(_ node: Node) -> [String] {
    node.kind == .scalar ? [node.text] : node.items.map(\.text)
  }

  mutating func required(_ key: String, in node: Node) -> Node? {
    if let value = node[key], !(value.kind == .scalar && value.text.isEmpty) { return value }
    complain("missing-key", "'\(key)' is missing.", node.firstKey ?? node, cure: "Add '\(key): …'.")
    return nil
  }

  mutating func checkKeys(of node: Node, allowed: [String], in place: String) {
    for entry in node.entries where !allowed.contains(entry.key.text) {
      complain(
        "unknown-key", "'\(entry.key.text)' is no key of \(place).", entry.key,
        cure: suggestion(entry.key.text, allowed) ?? "Use \(allowed.joined(separator: ", ")).")
    }
  }

  mutating func complain(_ id: String, _ message: String, _ node: Node, cure: String? = nil) {
    diagnostics.append(Diagnostic(id, .error, message, cure: cure, at: node.span))
  }

  private func suggestion(_ name: String, _ candidates: [String]) -> String? {
    Suggestion.nearest(to: name, among: candidates).map { "Did you mean '\($0)'?" }
  }

  private static func isRuleID(_ text: String) -> Bool {
    func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.count >= 2, let number = parts.last, !number.isEmpty, number.allSatisfy(isDigit) else { return false }
    return parts.dropLast().allSatisfy { part in
      !part.isEmpty && part.allSatisfy { isDigit($0) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }
  }

  static func isKebabCase(_ text: String) -> Bool {
    text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty
        && part.allSatisfy {
          (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
        }
    }
  }
}

extension Node {
  /// The first key of a mapping: where "something is missing here" is shown without underlining the whole.
  fileprivate var firstKey: Node? { entries.first?.key }
}

extension String {
  /// Without the line end that a YAML block leaves.
  var trimmed: String {
    var text = Substring(self)
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
