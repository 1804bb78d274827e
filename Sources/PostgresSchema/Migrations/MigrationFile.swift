/// The name of a migration, taken apart.
struct MigrationFile: Hashable {
  /// The position in the files given.
  let index: Int
  let path: String
  /// The folder that holds the migrations: the file's own, or the one around it where each migration has a folder
  /// (`20240101_users/up.sql`).
  let folder: String
  /// What carries version and description: the file's name, or its folder's.
  let label: String
  let fileName: String

  init(_ index: Int, _ path: String) {
    self.index = index
    self.path = path
    let (folder, fileName) = MigrationFile.parts(of: path[...])
    self.fileName = String(fileName)
    if ["up.sql", "down.sql", "migration.sql"].contains(fileName) {
      let (outer, migration) = MigrationFile.parts(of: folder)
      if migration.utf8.first.map({ (0x30...0x39).contains($0) }) ?? false {
        label = String(migration)
        self.folder = String(outer)
        return
      }
    }
    label = String(fileName)
    self.folder = String(folder)
  }

  /// What stands in front of a path's last slash, and what behind it.
  private static func parts(of path: Substring) -> (folder: Substring, name: Substring) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", path) }
    return (path[..<slash], path[path.utf8.index(after: slash)...])
  }

  /// Whether one of the folders around the file is called so, in lower case.
  func lies(inFolder name: String) -> Bool { Array("/\(path.lowercased())".utf8)[...].contains("/\(name)/") }

  /// Why the file is not run, from its name; nil when it is.
  var reasonToSkip: String? {
    let name = fileName.lowercased()
    if name == "down.sql" || [".down.sql", ".undo.sql", "_down.sql", "-down.sql"].contains(where: name.hasSuffix) {
      return "undoes a migration"
    }
    if lies(inFolder: "revert") { return "reverts a change" }
    if lies(inFolder: "verify") { return "verifies a change" }
    if fileName.hasPrefix("U"), FlywayVersion(fileName)?.kind == .undo { return "undoes a migration" }
    return nil
  }

  /// The leading digits of the label, without zeros in front; nil when it starts with something else.
  var number: String? {
    let start = label.utf8.first.map { $0 | 0x20 } == UInt8(ascii: "v") ? label.utf8.dropFirst() : label.utf8[...]
    let digits = start.prefix { (0x30...0x39).contains($0) }
    guard !digits.isEmpty else { return nil }
    let significant = digits.drop { $0 == 0x30 }
    return significant.isEmpty ? "0" : String(decoding: significant, as: UTF8.self)
  }

  /// The leading digits and dashes of the label, dashes dropped: how Diesel reads a version.
  var dieselVersion: String {
    String(label.prefix { $0 != "_" }.filter { $0 != "-" })
  }
}
