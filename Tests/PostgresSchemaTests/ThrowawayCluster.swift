import Foundation

/// A PostgreSQL 15 server of a test's own: a new cluster in a temporary folder, reached over a unix socket there, and
/// stopped and removed when the test is over.
struct ThrowawayCluster {
  private static let programs = "/usr/lib/postgresql/15/bin"

  /// Whether Debian's postgresql-15 is installed.
  static let isAvailable = FileManager.default.isExecutableFile(atPath: "\(programs)/initdb")

  private let folder: String

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Starts a server, runs the body and stops the server again.
  static func run(_ body: (ThrowawayCluster) throws -> Void) throws {
    let folder = ThrowAwayServer.parent.appendingPathComponent(
      "blealint-\(UUID().uuidString.prefix(8))"
    )
    .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    if getuid() == 0 { _ = try execute("/bin/chown", ["postgres", folder]) }
    let cluster = ThrowawayCluster(folder: folder)
    _ = try cluster.asServer("initdb", ["-D", "\(folder)/data", "-A", "trust", "-U", "postgres", "-N", "-E", "UTF8"])
    // As a child of its own: what pg_ctl leaves running would hold what tells Foundation that pg_ctl has ended.
    let server = cluster.server("postgres", ["-D", "\(folder)/data", "-k", folder, "-c", "listen_addresses=", "-F"])
    server.standardInput = FileHandle.nullDevice
    server.standardOutput = FileHandle.nullDevice
    server.standardError = FileHandle.nullDevice
    try server.run()
    defer { _ = try? cluster.asServer("pg_ctl", ["-D", "\(folder)/data", "-m", "immediate", "stop"]) }
    for attempt in 1... {
      do {
        _ = try cluster.query("SELECT 1")
        break
      } catch let failure as Failure {
        guard attempt < 100 else { throw failure }
        Thread.sleep(forTimeInterval: 0.1)
      }
    }
    try body(cluster)
  }

  /// The server refuses to run as root: then the user postgres runs it.
  private func server(_ program: String, _ arguments: [String]) -> Process {
    let path = "\(ThrowawayCluster.programs)/\(program)"
    return getuid() == 0
      ? ThrowawayCluster.process("/usr/sbin/runuser", ["-u", "postgres", "--", path] + arguments)
      : ThrowawayCluster.process(path, arguments)
  }

  private func asServer(_ program: String, _ arguments: [String]) throws -> String {
    try ThrowawayCluster.output(of: server(program, arguments))
  }

  /// Runs SQL in one session; its unaligned output, or what psql says went wrong.
  func query(_ sql: String, in database: String = "postgres") throws -> String {
    try ThrowawayCluster.execute(
      "\(ThrowawayCluster.programs)/psql",
      ["-X", "-q", "-A", "-t", "-h", folder, "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-d"]
        + [database, "-c", sql])
  }

  /// A database of its own for one fixture, with the fixture loaded.
  func load(_ sql: String, into database: String) throws {
    // Roles belong to the whole cluster.
    _ = try query("DROP DATABASE IF EXISTS \"\(database)\"")
    _ = try query("DROP ROLE IF EXISTS app")
    _ = try query("CREATE DATABASE \"\(database)\"")
    _ = try query(sql, in: database)
  }

  func drop(_ database: String) throws { _ = try query("DROP DATABASE \"\(database)\"") }

  private static func process(_ path: String, _ arguments: [String]) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = FileManager.default.temporaryDirectory
    return process
  }

  private static func execute(_ path: String, _ arguments: [String]) throws -> String {
    try output(of: process(path, arguments))
  }

  private static func output(of process: Process) throws -> String {
    // Files, not pipes: a server inherits what is open when it starts, and would keep a pipe from ending.
    let place = FileManager.default.temporaryDirectory.appendingPathComponent("blealint-\(UUID().uuidString)")
    _ = FileManager.default.createFile(atPath: place.path, contents: nil)
    defer { try? FileManager.default.removeItem(at: place) }
    let output = try FileHandle(forWritingTo: place)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    try process.run()
    process.waitUntilExit()
    try output.close()
    let text = try String(contentsOf: place, encoding: .utf8)
    guard process.terminationStatus == 0 else { throw Failure(description: text) }
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
