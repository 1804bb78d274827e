import CPgQuery
import SourceText
import Values

extension Replay {
  mutating func comment(_ statement: PgQuery__CommentStmt, _ context: StatementContext) {
    let comment = statement.comment.map { String(cString: $0) } ?? ""
    let parts = statement.object?.listItems.compactMap(\.string) ?? []
    func fact(_ path: String, _ kind: Origin.Kind) -> Fact<String>? {
      comment.isEmpty ? nil : Fact(comment, at: Origin(context.span, path: path, kind: kind))
    }
    switch statement.objtype {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE, PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE:
      guard let slot = commentedTable(parts, context), let name = state.name(ofTable: slot) else { return }
      let annotations = annotations(inCommentOf: context, keeping: state.tables[slot]?.annotations ?? [])
      state.tables[slot]?.comment = fact(name.description, .table)
      state.tables[slot]?.annotations = annotations
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
      guard parts.count > 1, let slot = commentedTable(Array(parts.dropLast()), context),
        let name = state.name(ofTable: slot),
        let index = state.tables[slot]?.columns.firstIndex(where: { $0.name == parts.last })
      else { return }
      let annotations = annotations(
        inCommentOf: context, keeping: state.tables[slot]?.columns[index].annotations ?? [])
      state.tables[slot]?.columns[index].comment = fact("\(name).\(parts[parts.count - 1])", .column)
      state.tables[slot]?.columns[index].annotations = annotations
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW, PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
      if case .view(let slot)? = resolve(parts), let name = state.views[slot]?.name {
        state.views[slot]?.comment = fact(name.description, .view)
      }
    case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY, PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER:
      commentOnPart(parts, statement.objtype, fact)
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE, PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
      let names = statement.object?.typeName.map { nodes($0.pointee.n_names, $0.pointee.names).compactMap(\.string) }
      if let position = type(names ?? parts) {
        state.catalogue.types[position].comment = fact(state.catalogue.types[position].name.description, .type)
      }
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION, PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE,
      PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE, PG_QUERY__OBJECT_TYPE__OBJECT_AGGREGATE:
      if let object = statement.object?.objectWithArgs?.pointee, let slot = existingFunction(object),
        let name = state.functions[slot]?.name
      {
        state.functions[slot]?.comment = fact(name.description, .function)
      }
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
      if let name = statement.object?.string, let position = state.schemaPositions[name] {
        state.catalogue.schemas[position].comment = fact(name, .schema)
      }
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROLE:
      if let name = statement.object?.string, let position = state.rolePositions[name] {
        state.catalogue.roles[position].comment = fact(name, .role)
      }
    default: break
    }
  }

  /// SECURITY LABEL of a table or a column; a NULL label takes the provider's label away.
  mutating func securityLabel(_ statement: PgQuery__SecLabelStmt, _ context: StatementContext) {
    let provider = text(statement.provider)
    let parts = statement.object?.listItems.compactMap(\.string) ?? []
    func changed(_ labels: [SecurityLabel], _ path: String, _ kind: Origin.Kind) -> [SecurityLabel] {
      let kept = labels.filter { $0.provider != provider }
      let label = text(statement.label)
      guard !label.isEmpty else { return kept }
      return kept + [
        SecurityLabel(provider: provider, label: Fact(label, at: Origin(context.span, path: path, kind: kind)))
      ]
    }
    switch statement.objtype {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE, PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE:
      guard let slot = commentedTable(parts, context), let table = state.tables[slot] else { return }
      state.tables[slot]?.securityLabels = changed(table.securityLabels, table.name.description, .table)
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
      guard let name = parts.last, parts.count > 1, let slot = commentedTable(Array(parts.dropLast()), context),
        let table = state.tables[slot], let index = table.columns.firstIndex(where: { $0.name == name })
      else { return }
      state.tables[slot]?.columns[index].securityLabels = changed(
        table.columns[index].securityLabels, "\(table.name).\(name)", .column)
    default: break
    }
  }

  /// COMMENT ON POLICY or TRIGGER … ON a relation.
  private mutating func commentOnPart(
    _ parts: [String], _ kind: PgQuery__ObjectType, _ fact: (String, Origin.Kind) -> Fact<String>?
  ) {
    let name = parts.last ?? ""
    switch resolve(parts.dropLast()) {
    case .table(let slot)?:
      let path = "\(state.name(ofTable: slot)?.description ?? "").\(name)"
      if kind == PG_QUERY__OBJECT_TYPE__OBJECT_POLICY {
        guard let index = state.tables[slot]?.policies.firstIndex(where: { $0.name == name }) else { return }
        state.tables[slot]?.policies[index].comment = fact(path, .policy)
      } else if let index = state.tables[slot]?.triggers.firstIndex(where: { $0.name == name }) {
        state.tables[slot]?.triggers[index].comment = fact(path, .trigger)
      }
    case .view(let slot)?:
      guard let index = state.views[slot]?.triggers.firstIndex(where: { $0.name == name }) else { return }
      let path = "\(state.views[slot]?.name.description ?? "").\(name)"
      state.views[slot]?.triggers[index].comment = fact(path, .trigger)
    case .sequence?, nil: return
    }
  }

  /// The table a comment is about; a missing one is assumed.
  private mutating func commentedTable(_ parts: [String], _ context: StatementContext) -> Int? {
    switch resolve(parts) {
    case .table(let slot): slot
    case .view, .sequence: nil
    case nil: assumeTable(qualified(parts), at: context.nameSpan(after: "on", skipping: ["table", "column"]), context)
    }
  }

  /// Annotations in the string of a COMMENT statement, in front of those that line comments gave.
  private mutating func annotations(inCommentOf context: StatementContext, keeping others: [Annotation]) -> [Annotation]
  {
    let text = context.text
    let literal = context.tokens.last.flatMap { StringLiteral.decoded($0, of: text) }
    let fromLines = others.filter { !$0.isFromComment }
    guard let literal else { return fromLines }
    var reader = AnnotationReader(literal, isComment: true)
    let found = reader.read()
    diagnostics += reader.diagnostics
    return found + fromLines
  }

  /// Annotations in line comments on or above a table's CREATE and on or above its columns. What stands above an
  /// ALTER TABLE that adds one column is that column's.
  mutating func annotate(_ slot: Int, _ context: StatementContext, added: [String] = []) {
    let bytes = context.bytes
    let comments = (context.leadingComments + context.innerComments).filter {
      bytes[$0.range].contains(UInt8(ascii: "@"))
    }
    guard !comments.isEmpty, let table = state.tables[slot] else { return }
    for comment in comments {
      var part = MappedText(file: context.text.file)
      part.append(context.text, comment.range)
      var reader = AnnotationReader(part, isComment: false)
      let found = reader.read()
      diagnostics += reader.diagnostics
      guard !found.isEmpty else { continue }
      if comment.upper <= context.range.lowerBound {
        note(found, on: slot, added)
        continue
      }
      if comment.lower >= context.range.upperBound {
        note(found, on: slot, added)
        continue
      }
      let place = context.text.span(comment.range)
      if let index = column(of: table, for: comment, context) {
        state.tables[slot]?.columns[index].annotations += found
      } else if place.lower >= table.statement.lower {
        state.tables[slot]?.annotations += found
      }
    }
  }

  private mutating func note(_ annotations: [Annotation], on slot: Int, _ added: [String]) {
    if added.count == 1, let index = state.tables[slot]?.columns.firstIndex(where: { $0.name == added[0] }) {
      state.tables[slot]?.columns[index].annotations += annotations
    } else {
      state.tables[slot]?.annotations += annotations
    }
  }

  /// The column a comment belongs to: the one that starts last on the comment's line, else the next one behind it.
  private func column(of table: Table, for comment: SQLToken, _ context: StatementContext) -> Int? {
    let bytes = context.bytes
    var lineStart = comment.lower
    while lineStart > 0, bytes[lineStart - 1] != 0x0A { lineStart -= 1 }
    let line = context.text.span(lineStart..<comment.lower)
    let place = context.text.span(comment.range)
    var onLine: Int?
    var behind: Int?
    for (index, column) in table.columns.enumerated() where !column.isInherited {
      let start = column.nameSpan.lower
      guard column.nameSpan.file == place.file,
        table.statement.contains(column.nameSpan) || context.span.contains(column.nameSpan)
      else { continue }
      if start >= line.lower, start < place.lower { onLine = index }
      if start >= place.upper, behind == nil || start < table.columns[behind ?? index].nameSpan.lower { behind = index }
    }
    if let onLine { return onLine }
    // A comment at the end of a line that holds something else (`CREATE TABLE t ( -- …`) is that thing's.
    let isAlone = bytes[lineStart..<comment.lower].allSatisfy { $0 == 0x20 || $0 == 0x09 }
    return isAlone ? behind : nil
  }
}
