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
    let relations = relations(ofFunction: index)
    guard relations.isParsed else { return tablesPerhapsBypassed(by: function, body) }
    return relations.named.compactMap {
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
