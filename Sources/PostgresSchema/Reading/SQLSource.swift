import SourceText

/// SQL to be replayed: one file, or one literal found in other code. Sources are given in the order in which they
/// would be executed.
package struct SQLSource: Sendable {
  package let text: MappedText
  /// How reports name it: the file's path, or the function that holds the literal (`create_tables_sql`).
  package let name: String
  /// True when the same connection executes it as the source before: role, search path and open transaction go on.
  package let continuesSession: Bool
  /// Placeholders stand where the host language inserts values: what the SQL says there is not known.
  package let holes: [Range<Int>]
  /// Its name has a version by which a migration tool runs it once and never again.
  package var isVersioned = false
  /// What gives the file its place among others.
  package var place: Place?

  /// Which files it was put in order with, and by what.
  package struct Place: Hashable, Sendable {
    /// The files that were given together; the configuration orders those of different groups.
    let group: Int
    /// The script of psql that runs it; each may be run before or after another.
    let script: Int?
    let isVersioned: Bool

    package init(group: Int, script: Int?, isVersioned: Bool) {
      self.group = group
      self.script = script
      self.isVersioned = isVersioned
    }

    /// Whether something other than names says which of two runs first.
    package func isOrdered(with other: Place) -> Bool {
      if group != other.group { return true }
      if script != nil || other.script != nil { return script == other.script }
      return isVersioned && other.isVersioned
    }
  }

  /// What a template's conditions and loops put there perhaps; ranges of the file, with the tag that decides.
  var conditions: [(range: Range<Int>, tag: String, place: Span)] = []
  /// What a template calls in place of statements.
  var templateCalls: [(text: String, place: Span)] = []
  /// Scripts that psql would run in between and that were not given.
  var missingScripts: [(name: String, place: Span)] = []

  package init(_ text: MappedText, name: String, continuesSession: Bool = false, holes: [Range<Int>] = []) {
    self.text = text
    self.name = name
    self.continuesSession = continuesSession
    self.holes = holes
  }

  /// A whole file.
  package init(_ file: SourceFile) {
    self.init(file, parts: [0..<file.bytes.count])
  }

  /// A file, or a part of it, where its order has it.
  package init(_ file: SourceFile, _ entry: MigrationOrder.Entry) {
    self.init(
      file, parts: entry.parts.isEmpty ? [0..<file.bytes.count] : entry.parts, continuesSession: entry.continuesSession)
    isVersioned = entry.isVersioned
    missingScripts = entry.missing.map { ($0.name, Span(file.id, $0.range)) }
  }

  /// A migration: the parts of a file that migrate up.
  package init(_ file: SourceFile, parts: [Range<Int>], continuesSession: Bool = false) {
    let controls = TemplateControls(file.bytes)
    let bytes = controls?.bytes ?? file.bytes
    var text = MappedText(file: file.id)
    for part in parts {
      let part = part.clamped(to: 0..<file.bytes.count)
      text.copy(bytes[part], at: part.lowerBound)
    }
    self.init(text, name: file.path, continuesSession: continuesSession)
    guard let controls else { return }
    conditions = controls.undecided.map { range, tag in
      (range, file.bytes.text(tag), Span(file.id, tag))
    }
    templateCalls = controls.calls.filter { call in parts.contains { $0.contains(call.lowerBound) } }.map { call in
      (file.bytes.text(call), Span(file.id, call))
    }
  }
}
