import SourceText
import Values

extension SchemaAnalysis {
  /// A table whose policies do not hold for what a function or view does.
  package struct Bypass: Hashable, Sendable {
    /// The position in ``Catalogue/tables``.
    package let table: Int
    /// Why it may hold after all.
    package let doubt: Unknown?
  }

  /// The tables with row level security that a SECURITY DEFINER function reads or writes with rights that its policies
  /// do not hold for.
  package func tablesBypassed(byFunction index: Int) -> [Bypass] {
    let function = catalogue.functions[index]
    guard function.isSecurityDefiner.truth != .no, let body = function.body?.source else { return [] }
    var tables: [Int] = []
    var statements: [[UInt8]] = []
    if function.language == "plpgsql" {
      guard let parsed = TriggerBody(body, header: function.header) else {
        return tablesPerhapsBypassed(by: function, body)
      }
      let select = Array("SELECT ".utf8)
      statements = parsed.variables.compactMap { $0.initial.map { select + $0.text } }
      statements += TriggerBody.statements(of: parsed.steps)
    } else {
      statements = StatementSplitter.split(body).map { Array(body.bytes[$0.range]) }
    }
    for statement in statements {
      for parts in TermReader.relations(of: statement) {
        if let table = functions.table(parts), !tables.contains(table) { tables.append(table) }
      }
    }
    return tables.compactMap {
      bypass($0, byOwner: function.owner, Unknown.from(function.isSecurityDefiner.truth))
    }
  }

  /// Of a body that cannot be parsed: every protected table that it names anywhere.
  private func tablesPerhapsBypassed(by function: Function, _ body: MappedText) -> [Bypass] {
    let words = Set(
      SQLLexer.tokens(of: body.bytes).filter { $0.kind == .word || $0.kind == .quotedName }.map { body.bytes.name($0) })
    let reason = Reason(
      .sql, "the body of function '\(function.name)' cannot be parsed", at: function.body?.span ?? function.origin.span)
    return catalogue.tables.indices.filter { words.contains(catalogue.tables[$0].name.name) }.compactMap {
      bypass($0, byOwner: function.owner, Unknown(reason))
    }
  }

  /// The tables with row level security that a view reads with its owner's rights, through other views too. A
  /// materialized view has read them when it was refreshed.
  package func tablesBypassed(byView index: Int) -> [Bypass] {
    var found: [Bypass] = []
    var visited: Set<Int> = []
    var pending = [index]
    while let next = pending.popLast() {
      guard visited.insert(next).inserted else { continue }
      let view = catalogue.views[next]
      for mention in view.relations {
        if let inner = views[mention.name] { pending.append(inner) }
      }
      if !view.isMaterialized, view.isSecurityInvoker.truth == .yes { continue }
      for table in view.tables where !found.contains(where: { $0.table == table }) {
        if let bypass = bypass(table, byOwner: view.owner, Unknown.from(view.isSecurityInvoker.truth)) {
          found.append(bypass)
        }
      }
    }
    return found
  }

  /// Whether a role has the rights of another by a membership that it inherits, which is as good as owning the table.
  private func hasRights(of wanted: String?, _ name: String?) -> Bool {
    guard let wanted, let name else { return false }
    var seen: Set<String> = []
    var open = [name]
    while let next = open.popLast() {
      guard seen.insert(next).inserted, let role = catalogue.role(named: next), role.inherits else { continue }
      if role.memberOf.contains(where: { $0.role == wanted }) { return true }
      open += role.memberOf.map(\.role)
    }
    return false
  }

  /// Whether policies of a table do not hold for a role.
  private func bypass(_ index: Int, byOwner owner: Fact<String?>, _ doubt: Unknown?) -> Bypass? {
    let table = catalogue.tables[index]
    var doubt = doubt
    func add(_ unknown: Unknown?) { doubt = unknown.map { doubt?.union($0) ?? $0 } ?? doubt }
    guard table.rowSecurity.truth != .no else { return nil }
    add(Unknown.from(table.rowSecurity.truth))
    if let role = owner.value.flatMap(catalogue.role(named:)) {
      if role.bypassesRowSecurity.value || role.isSuperuser.value { return Bypass(table: index, doubt: doubt) }
      if role.isAssumed {
        add(
          Unknown(Reason(.sql, "role '\(role.name)' is created by no statement given", at: role.origin.span)))
      }
    }
    guard owner.value == table.owner.value || hasRights(of: table.owner.value, owner.value) else {
      return doubt == nil ? nil : Bypass(table: index, doubt: doubt)
    }
    if table.forceRowSecurity.truth == .yes { return nil }
    add(Unknown.from(table.forceRowSecurity.truth))
    add(owner.uncertainty)
    add(table.owner.uncertainty)
    return Bypass(table: index, doubt: doubt)
  }
}

extension Unknown {
  /// Why a truth is not known; nil where it is.
  fileprivate static func from(_ truth: Truth) -> Unknown? {
    if case .unknown(let unknown) = truth { return unknown }
    return nil
  }
}

extension TriggerBody {
  /// The SQL of all statements.
  static func statements(of steps: [Step]) -> [[UInt8]] {
    steps.flatMap { step -> [[UInt8]] in
      switch step.form {
      case .sql(let fragment, _), .perform(let fragment): [fragment.text]
      case .assignment(_, let fragment), .returning(let fragment?): [query(of: fragment)]
      case .loop(_, let query, let inner): (query.map { [$0.text] } ?? []) + statements(of: inner)
      case .block(let inner, let handlers): statements(of: inner) + handlers.flatMap { statements(of: $0.steps) }
      case .branch(let branches):
        branches.flatMap { ($0.condition.map { [query(of: $0)] } ?? []) + statements(of: $0.steps) }
      case .selection(_, let subject, let branches):
        [query(of: subject)] + branches.flatMap { statements(of: $0.steps) }
      default: []
      }
    }
  }

  /// An expression as a query by itself.
  private static func query(of expression: Fragment) -> [UInt8] { Array("SELECT ".utf8) + expression.text }
}
