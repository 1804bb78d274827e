import CEL
import Documents
import SourceText

/// Facts with dates, such as when support of an engine's versions ends: rows of one type, read from Rules/data.
///
/// A table knows the day it was made and how long it is trusted. After that a rule says that it cannot tell what the
/// table would have to promise; what the table tells as past stays true.
package struct DatedTable: Sendable {
  /// The type of its rows, such as `aws::MajorVersion`.
  package let rowType: String
  /// The day its facts were true, as `yyyy-mm-dd`.
  package let asOf: String
  /// The last day that it is trusted, as `yyyy-mm-dd`.
  package let trustedUntil: String
  /// Where its facts come from.
  package let sources: [String]
  let columns: [String]
  /// Nil where a row says nothing.
  let rows: [[Value?]]

  /// What every row has beside its columns.
  static let commonMembers = ["asOf", "trustedUntil"]

  /// The member of a row; nil where the row does not say.
  func value(_ member: String, ofRow row: Int) -> Value? {
    switch member {
    case "asOf": return .string(asOf)
    case "trustedUntil": return .string(trustedUntil)
    default:
      guard rows.indices.contains(row), let column = columns.firstIndex(of: member) else { return nil }
      return rows[row][column]
    }
  }
}

/// Reads one file of Rules/data.
struct DatedTableReader {
  private(set) var diagnostics: [Diagnostic] = []

  private static let keys = ["table", "about", "sources", "as-of", "trusted-until", "columns", "rows"]

  /// The table, and the type that its columns make.
  mutating func table(_ root: Node) -> (table: DatedTable, type: TypeModel)? {
    for entry in root.entries where !Self.keys.contains(entry.key.text) {
      complain("'\(entry.key.text)' is no key of a table.", entry.key)
    }
    guard let name = root["table"]?.text, let columnsNode = root["columns"], let rowsNode = root["rows"] else {
      complain("A table has 'table', 'columns' and 'rows'.", root)
      return nil
    }
    let asOf = date("as-of", in: root)
    let trustedUntil = date("trusted-until", in: root)
    var members: [String: MemberModel] = [:]
    var columns: [(name: String, type: CELType, isDate: Bool, isOptional: Bool)] = []
    for entry in columnsNode.entries {
      let node = entry.value
      let text = node["type"]?.text ?? node.text
      let isDate = text == "date"
      guard let type = isDate ? .string : CELType(modelText: text), type == .string || type == .int else {
        complain("'\(text)' is no type of a column.", node)
        continue
      }
      let isOptional = node["optional"]?.text == "true"
      columns.append((entry.key.text, type, isDate, isOptional))
      members[entry.key.text] = MemberModel(
        name: entry.key.text, type: type, isOptional: isOptional, about: node["about"]?.text ?? "", place: nil,
        source: .native)
    }
    for common in DatedTable.commonMembers {
      members[common] = MemberModel(
        name: common, type: .string, isOptional: false,
        about: common == "asOf" ? "The day the table was made." : "The last day that the table is trusted.",
        place: nil, source: .native)
    }
    var rows: [[Value?]] = []
    for row in rowsNode.items {
      let cells = row.items
      guard cells.count == columns.count else {
        complain("A row has \(columns.count) cells, this one \(cells.count).", row)
        continue
      }
      rows.append(
        zip(cells, columns).map { cell, column in
          if cell.text.isEmpty || cell.text == "~" {
            if !column.isOptional { complain("The cell of column '\(column.name)' is empty.", cell) }
            return nil
          }
          if column.isDate, !Self.isDate(cell.text) { complain("'\(cell.text)' is no date.", cell) }
          guard column.type == .int else { return .string(cell.text) }
          guard let number = Int64(cell.text) else {
            complain("'\(cell.text)' is no number.", cell)
            return nil
          }
          return .int(number)
        })
    }
    let table = DatedTable(
      rowType: name, asOf: asOf, trustedUntil: trustedUntil, sources: root["sources"]?.items.map(\.text) ?? [],
      columns: columns.map(\.name), rows: rows)
    let type = TypeModel(
      name: name, about: root["about"]?.text ?? "", label: String(name.split(separator: ":").last ?? ""), source: nil,
      members: members)
    return (table, type)
  }

  private mutating func date(_ key: String, in root: Node) -> String {
    guard let node = root[key], Self.isDate(node.text) else {
      complain("'\(key)' is a date, such as 2026-08-22.", root[key] ?? root)
      return ""
    }
    return node.text
  }

  /// Whether a text has the form of a date; that it is one of the calendar is its author's to see to.
  private static func isDate(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    return parts.map(\.utf8.count) == [4, 2, 2]
      && parts.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
  }

  private mutating func complain(_ message: String, _ node: Node) {
    diagnostics.append(Diagnostic("model-syntax", .error, message, at: node.span))
  }
}
