import CEL
import PostgresSchema
import SourceText
import Values

/// The members of a table that are about other objects, and those of its policies, columns, constraints and indexes.
extension EstateReader {
  /// Why it cannot be told which of two statements of different files runs first.
  private func orderDoubt(_ use: Span, _ creation: Span) -> Reason? {
    guard use.file != creation.file else { return nil }
    let sources = estate.catalogue.sources
    guard let first = sources.first(where: { $0.text.file == use.file }),
      let second = sources.first(where: { $0.text.file == creation.file }),
      let one = first.place, let other = second.place, !one.isOrdered(with: other)
    else { return nil }
    return Reason(
      .sql, "nothing says whether '\(first.name)' or '\(second.name)' runs first", at: use,
      cure:
        "number the files, run one from the other with \\ir, or list them in order under 'schemas' in the configuration"
    )
  }

  /// Why a relation that no statement creates may be there all the same, under the name of a table in another schema: no
  /// statement creates its own schema, as with a search path that a role or a connection has, or nothing says that the
  /// table is not there before it is used.
  private func pathDoubt(_ table: Table) -> Reason? {
    let (schema, catalogue) = (table.name.schema, estate.catalogue)
    let namesakes = catalogue.tables.filter { !$0.isAssumed && $0.name.name == table.name.name }
    if namesakes.isEmpty { return nil }
    if let doubt = namesakes.lazy.compactMap({ self.orderDoubt(table.origin.span, $0.origin.span) }).first {
      return doubt
    }
    guard schema != "public", catalogue.schemas.first(where: { $0.name == schema })?.isAssumed ?? true,
      namesakes.contains(where: { $0.name.schema == "public" })
    else { return nil }
    return Reason(
      .sql,
      "no statement creates schema '\(schema)', and '\(table.name.name)' is created in the search path's first schema",
      at: table.origin.span,
      cure: "write SET search_path where it is created, or name the relation in externalRelations")
  }

  func relationMember(_ name: String, of table: Table, _ id: Int32) -> MemberReading {
    switch name {
    case "isCreated":
      guard table.isAssumed else { return MemberReading(.bool(true)) }
      if let more = estate.catalogue.moreTables { return MemberReading(.unknown(more)) }
      if let doubt = pathDoubt(table) { return MemberReading(.unknown(Unknown(doubt))) }
      return MemberReading(.bool(false))
    case "isUsedBeforeCreation":
      guard let use = table.usedBeforeCreation else { return MemberReading(.bool(false)) }
      return MemberReading(orderDoubt(use.span, table.origin.span).map { .unknown(Unknown($0)) } ?? .bool(true))
    case "grants": return MemberReading(grants(on: .table, Int(id), open: table.uncertainty[.privileges]))
    case "managedPartitioning":
      return table.managedPartitioning == nil
        ? .absent : MemberReading(.object(ObjectValue("sql::ManagedPartitioning", id)))
    case "parents":
      return MemberReading(.list(table.parents.map { .object(ObjectValue("sql::Table", Int32($0))) }))
    case "constraints":
      return MemberReading(
        TablePart.list("sql::Constraint", table.constraints.count, of: id, open: table.uncertainty[.constraints]))
    case "indexes":
      let doubt = table.uncertainty[.indexes]
      return MemberReading(TablePart.list("sql::Index", table.indexes.count, of: id, open: doubt))
    case "views": return views(reading: table)
    default: return .absent
    }
  }

  func policyFact(_ name: String, of policy: Policy, _ table: Table) -> MemberReading {
    switch name {
    case "hasUsing": return MemberReading(.bool(policy.using != nil))
    case "hasWithCheck": return MemberReading(.bool(policy.withCheck != nil))
    case "roleNames": return MemberReading(.list(policy.roles.filter { !$0.isPublic }.map { .string($0.name) }))
    case "relations":
      return MemberReading(.list(policy.relations.map { .string($0.name) }))
    case "recursion":
      return MemberReading(.list(recursion(of: policy, on: table).map { .string($0) }))
    default: return .absent
    }
  }

  /// The tables through which the evaluation of a policy comes back to its own table; empty when it does not.
  ///
  /// PostgreSQL expands the policies for SELECT of every relation a policy reads, and stops with "infinite recursion
  /// detected in policy" at a relation that it is expanding already and whose policies have subqueries.
  private func recursion(of policy: Policy, on table: Table) -> [String] {
    func applies(_ other: Policy) -> Bool {
      guard other.command == .all || other.command == .select, !other.relations.isEmpty else { return false }
      if policy.isForPublic || other.isForPublic { return true }
      return other.roles.contains { role in policy.roles.contains { $0.name == role.name } }
    }
    var cameFrom: [String: String] = [:]
    var open = policy.relations.map { ($0.name, table.name.description) }
    while !open.isEmpty {
      let (name, previous) = open.removeFirst()
      guard cameFrom[name] == nil,
        let next = self.table(named: name), next.rowSecurity.value
      else { continue }
      let policies = next.policies.filter(applies)
      guard !policies.isEmpty else { continue }
      cameFrom[name] = previous
      if name == table.name.description {
        var path = [name]
        var step = previous
        while step != name, let before = cameFrom[step] {
          path.insert(step, at: 0)
          step = before
        }
        return path
      }
      open += policies.flatMap(\.relations).map { ($0.name, name) }
    }
    return []
  }

  func columnRule(_ name: String, of column: Column, _ table: Table) -> MemberReading {
    switch name {
    case "allowedValues": return allowedValues(of: column, table)
    case "looksUpValues":
      let isForeign = table.constraints.contains { $0.kind == .foreignKey && $0.columns == [column.name] }
      if !isForeign, let unknown = table.uncertainty[.constraints] { return MemberReading(.unknown(unknown)) }
      return MemberReading(.bool(isForeign))
    case "valuesAreValidated":
      return MemberReading(
        .bool(
          !table.constraints.contains {
            $0.kind == .check && !$0.isValidated && $0.expression?.values(allowedFor: column.name) != nil
          }))
    default: return .absent
    }
  }

  /// The values a column may take: the labels of its enum, or what its domain's and its own checks leave.
  private func allowedValues(of column: Column, _ table: Table) -> MemberReading {
    if let type = estate.analysis.type(named: column.type), type.kind == .enumeration {
      return MemberReading(.list(type.labels.map { .string($0) }))
    }
    var unread: SQLExpression?
    for check in estate.domain(of: column)?.checks ?? [] {
      if let values = check.values(allowedFor: "value") { return MemberReading(.list(values.map { .string($0) })) }
      unread = check
    }
    for constraint in table.constraints where constraint.kind == .check && constraint.columns == [column.name] {
      guard let expression = constraint.expression else { continue }
      if let values = expression.values(allowedFor: column.name) {
        return MemberReading(.list(values.map { .string($0) }))
      }
      unread = expression
    }
    if let unread {
      let unknown = Unknown(
        Reason(
          .sql, "the check '\(unread.text)' on column '\(column.name)' is no list of values", at: unread.span,
          cure: "write it as \(column.name) IN (…)"))
      return MemberReading(.unknown(unknown), presence: .unknown(unknown))
    }
    if let unknown = table.uncertainty[.constraints] {
      return MemberReading(.unknown(unknown), presence: .unknown(unknown))
    }
    return .absent
  }

  func constraintMember(_ name: String, of constraint: Constraint) -> MemberReading {
    switch name {
    case "name": return MemberReading(.string(constraint.name))
    case "kind":
      switch constraint.kind {
      case .primaryKey: return MemberReading(.string("PRIMARY KEY"))
      case .unique: return MemberReading(.string("UNIQUE"))
      case .foreignKey: return MemberReading(.string("FOREIGN KEY"))
      case .check: return MemberReading(.string("CHECK"))
      case .exclusion: return MemberReading(.string("EXCLUDE"))
      }
    case "columns": return MemberReading(.list(constraint.columns.map { .string($0) }))
    case "isValidated": return MemberReading(.bool(constraint.isValidated))
    case "referencedTable":
      guard let table = constraint.reference?.table else { return .absent }
      return MemberReading(.object(ObjectValue("sql::Table", Int32(table))))
    case "referencedColumns":
      return MemberReading(.list((constraint.reference?.columns ?? []).map { .string($0) }))
    case "onDelete":
      switch constraint.reference?.onDelete {
      case .noAction?: return MemberReading(.string("NO ACTION"))
      case .restrict?: return MemberReading(.string("RESTRICT"))
      case .cascade?: return MemberReading(.string("CASCADE"))
      case .setNull?: return MemberReading(.string("SET NULL"))
      case .setDefault?: return MemberReading(.string("SET DEFAULT"))
      case nil: return .absent
      }
    default: return .absent
    }
  }

  func indexMember(_ name: String, of index: Index) -> MemberReading {
    switch name {
    case "name": return MemberReading(.string(index.name))
    case "columns": return MemberReading(.list(index.columns.map { .string($0) }))
    case "method": return MemberReading(.string(index.method))
    case "isUnique": return MemberReading(.bool(index.isUnique))
    case "predicate": return index.predicate.map { MemberReading(.string($0.text)) } ?? .absent
    default: return .absent
    }
  }

  func viewFact(_ name: String, of object: ObjectValue) -> MemberReading {
    guard estate.catalogue.views.indices.contains(Int(object.id)) else { return .absent }
    let view = estate.catalogue.views[Int(object.id)]
    switch name {
    case "schema": return MemberReading(.string(view.name.schema))
    case "plainColumns": return plainColumns(of: view)
    case "isSecurityBarrier": return MemberReading(.bool(view.isSecurityBarrier))
    case "owner":
      guard let owner = view.owner.value else { return .absent }
      return role(named: owner, at: view.owner.origin.span)
    case "tables":
      return MemberReading(.list(tables(readBy: view).map { .object(ObjectValue("sql::Table", Int32($0))) }))
    case "grants": return MemberReading(grants(on: .view, Int(object.id), open: estate.doubts.privileges))
    default: return .absent
    }
  }

  /// The columns that a view shows as they are, by the name they have in the table.
  private func plainColumns(of view: View) -> MemberReading {
    guard let columns = view.plainColumns else {
      return MemberReading(
        .unknown(
          Unknown(Reason(.sql, "the query of view '\(view.name)' could not be read by itself", at: view.origin.span))))
    }
    return MemberReading(.list(columns.map { .string($0) }))
  }

  /// The first table of a name. Every policy may ask, so all tables are looked through once.
  private func table(named name: String) -> Table? {
    if tablesByName == nil {
      tablesByName = Dictionary(
        estate.catalogue.tables.enumerated().map { ($0.element.name.description, $0.offset) },
        uniquingKeysWith: { first, _ in first })
    }
    return tablesByName?[name].map { estate.catalogue.tables[$0] }
  }

  /// The views that read a table. Every table may be asked for them, so all views are looked through once.
  private func views(reading table: Table) -> MemberReading {
    if viewsByTable == nil {
      var found: [String: [Int32]] = [:]
      for (index, view) in estate.catalogue.views.enumerated() {
        let names = Set(tables(readBy: view).map { estate.catalogue.tables[$0].name.description })
        for name in names { found[name, default: []].append(Int32(index)) }
      }
      viewsByTable = found
    }
    let views = viewsByTable?[table.name.description] ?? []
    return MemberReading(
      .list(
        ListValue(
          elements: views.map { ListValue.Element(.object(ObjectValue("sql::View", $0))) },
          residual: estate.doubts.views)))
  }

  /// The tables behind a view, those behind the views it reads among them.
  private func tables(readBy view: View) -> [Int] {
    var found = view.tables
    var seen: Set<String> = [view.name.description]
    var open = view.relations.map(\.name)
    while let name = open.popLast() {
      guard seen.insert(name).inserted,
        let inner = estate.analysis.view(named: name)
      else { continue }
      found += inner.tables.filter { !found.contains($0) }
      open += inner.relations.map(\.name)
    }
    return found
  }
}

extension Estate {
  /// The domain that a column's type is.
  func domain(of column: Column) -> UserType? {
    analysis.type(named: column.type).flatMap { $0.kind == .domain ? $0 : nil }
  }
}
