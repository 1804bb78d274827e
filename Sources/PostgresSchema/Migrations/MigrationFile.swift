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
  private let fileName: String

  init(_ index: Int, _ path: String) {
    self.index = index
    self.path = path
    var components = path.split(separator: "/").map(String.init)
    let fileName = components.popLast() ?? path
    self.fileName = fileName
    if ["up.sql", "down.sql", "migration.sql"].contains(fileName), let migration = components.last,
      migration.utf8.first.map({ (0x30...0x39).contains($0) }) ?? false
    {
      label = migration
      components.removeLast()
    } else {
      label = fileName
    }
    folder = components.joined(separator: "/")
  }

  /// Why the file is not run, from its name; nil when it is.
  var reasonToSkip: String? {
    let name = fileName.lowercased()
    let folders = path.lowercased().split(separator: "/").dropLast()
    if name == "down.sql" || [".down.sql", ".undo.sql", "_down.sql", "-down.sql"].contains(where: name.hasSuffix) {
      return "undoes a migration"
    }
    if folders.contains("revert") { return "reverts a change" }
    if folders.contains("verify") { return "verifies a change" }
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
