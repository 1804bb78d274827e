/// Finds a dump of the whole schema beside the migrations that make the same objects: replaying both would create
/// everything twice.
struct SchemaDump {
  /// The dump's position in the files given.
  let file: Int
  /// The positions of the migrations that it repeats.
  let migrations: [Int]
  /// True when the dump lacks tables that the migrations make and keep: it is older than they are.
  let isStale: Bool

  /// Looks for a dump among the files that would be run. Only files that look like one are read closely.
  static func find(among files: [(file: MigrationFile, bytes: [UInt8])]) -> SchemaDump? {
    guard files.count > 1 else { return nil }
    for (candidate, bytes) in files where looksLikeDump(candidate, bytes) {
      let tables = self.tables(in: bytes)
      guard tables.created.count >= 2 else { continue }
      let others = files.filter { $0.file.index != candidate.index }.map { ($0.file, self.tables(in: $0.bytes)) }
      // Files of a folder are run together; one that shares nothing with the dump stands for itself.
      let folders = Set(others.filter { !$0.1.created.isDisjoint(with: tables.created) }.map(\.0.folder))
      var made: Set<String> = []
      var migrations: [Int] = []
      for (other, theirs) in others where folders.contains(other.folder) {
        made.subtract(theirs.dropped)
        made.formUnion(theirs.created)
        migrations.append(other.index)
      }
      let shared = tables.created.intersection(made)
      // One table may be created twice by mistake; most of them are not.
      guard shared.count >= 2, shared.count * 2 > tables.created.count else { continue }
      let kept = made.subtracting(bookkeeping)
      return SchemaDump(
        file: candidate.index, migrations: migrations, isStale: !kept.isSubset(of: tables.created))
    }
    return nil
  }

  private static let bookkeeping: Set<String> = ["schema_migrations", "ar_internal_metadata", "schema_version"]

  /// By what pg_dump writes at the start, or by a name that tools give to dumps.
  private static func looksLikeDump(_ file: MigrationFile, _ bytes: [UInt8]) -> Bool {
    let name = file.fileName.lowercased()
    let names = ["structure.sql", "schema.sql", "latest.sql", "dump.sql", "prod.sql", "full.sql", "full_schema.sql"]
    if names.contains(name) || name.hasSuffix("_dump.sql") || name.hasSuffix("-dump.sql") { return true }
    if file.lies(inFolder: "full_schemas") { return true }
    let start = bytes.prefix(2048)
    return start.contains("PostgreSQL database dump") || start.contains("Dumped from database version")
  }

  private static let kinds: KeywordSet = ["unlogged", "foreign"]
  private static let conditions: KeywordSet = ["if", "not", "exists"]

  /// The last parts of the names of tables that a text creates and drops; names only, for nothing is replayed yet.
  private static func tables(in bytes: [UInt8]) -> (created: Set<String>, dropped: Set<String>) {
    var created: Set<String> = []
    var dropped: Set<String> = []
    let tokens = SQLLexer.tokens(of: bytes)
    var index = 0
    while index + 2 < tokens.count {
      defer { index += 1 }
      guard tokens[index].kind == .word else { continue }
      let isCreated = bytes.isKeyword(tokens[index], "create")
      guard isCreated || bytes.isKeyword(tokens[index], "drop") else { continue }
      var place = index + 1
      while place < tokens.count, kinds.contains(tokens[place], in: bytes) { place += 1 }
      guard place < tokens.count, bytes.isKeyword(tokens[place], "table") else { continue }
      place += 1
      while place < tokens.count, conditions.contains(tokens[place], in: bytes) { place += 1 }
      guard place < tokens.count else { break }
      while place + 2 < tokens.count, bytes.isPunctuation(tokens[place + 1], ".") { place += 2 }
      let name = bytes.name(tokens[place])
      if isCreated {
        created.insert(name)
        dropped.remove(name)
      } else {
        dropped.insert(name)
      }
      index = place
    }
    return (created, dropped)
  }
}
