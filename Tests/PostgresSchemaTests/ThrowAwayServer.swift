import Foundation

/// A PostgreSQL 15 of its own, on a unix socket in a temporary folder, gone when the tests are.
///
/// It runs as the current user, and as `postgres` where that is root, which the server refuses to run as.
final class ThrowAwayServer {
  static let programs = "/usr/lib/postgresql/15/bin"

  /// Whether Debian's postgresql-15 is installed.
  static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: programs + "/initdb") }

  /// In memory where there is a place for that: making a database of a template writes hundreds of files.
  static let parent =
    FileManager.default.isWritableFile(atPath: "/dev/shm")
    ? URL(fileURLWithPath: "/dev/shm") : FileManager.default.temporaryDirectory

  private let folder: String

  init() throws {
    folder = ThrowAwayServer.parent.path + "/blealint-oracle-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    if geteuid() == 0 { _ = run("/bin/chown", ["postgres", folder], asServer: false) }
    let initialised = server(
      "initdb", ["-D", folder + "/data", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N", "-U", "postgres"])
    guard initialised.status == 0 else { throw Failure(what: initialised.output) }
    // Compiling the catalogue's queries takes longer than running them.
    let options =
      "-c listen_addresses='' -c unix_socket_directories='\(folder)' -c fsync=off -c wal_level=logical -c jit=off "
      + "-c full_page_writes=off -c autovacuum=off"
    let started = server(
      "pg_ctl", ["-D", folder + "/data", "-w", "-s", "-l", folder + "/log", "-o", options, "start"])
    guard started.status == 0 else { throw Failure(what: started.output) }
  }

  deinit {
    _ = server("pg_ctl", ["-D", folder + "/data", "-m", "immediate", "-s", "stop"])
    try? FileManager.default.removeItem(atPath: folder)
  }

  struct Failure: Error, CustomStringConvertible {
    let what: String

    var description: String { what }
  }

  /// Starts a server, runs the body and stops the server again.
  static func run(_ body: (ThrowAwayServer) throws -> Void) throws {
    let server = try ThrowAwayServer()
    try withExtendedLifetime(server) { try body(server) }
  }

  /// Runs SQL in one session and one transaction, up to its first error, which is thrown.
  ///
  /// - Returns: the rows without decoration.
  func query(_ sql: String, in database: String = "postgres") throws -> String {
    let result = server(
      "psql", ["-XqAt", "-v", "ON_ERROR_STOP=1", "-h", folder, "-U", "postgres", "-d", database, "-c", sql])
    guard result.status == 0 else { throw Failure(what: result.errors) }
    return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// A database of its own for one fixture, with the fixture loaded.
  func load(_ sql: String, into database: String) throws {
    // Roles belong to the whole server.
    _ = try query("DROP DATABASE IF EXISTS \"\(database)\"")
    _ = try query("DROP ROLE IF EXISTS app")
    _ = try query("CREATE DATABASE \"\(database)\"")
    _ = try query(sql, in: database)
  }

  func drop(_ database: String) throws { _ = try query("DROP DATABASE \"\(database)\"") }

  /// Runs SQL in a database, and gives what psql prints: rows without decoration, or errors.
  func sql(_ text: String, in database: String = "postgres") throws -> (output: String, errors: String) {
    let result = try server(
      "psql", ["-XqAt", "-h", folder, "-U", "postgres", "-d", database, "-f", file(Data(text.utf8))])
    return (result.output, result.errors)
  }

  /// The path of a file that the server's user can read, gone when the server is.
  func file(_ content: Data) throws -> String {
    let path = folder + "/input-\(UUID().uuidString.prefix(8)).sql"
    try content.write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    return path
  }

  private func server(_ program: String, _ arguments: [String]) -> (status: Int32, output: String, errors: String) {
    run(ThrowAwayServer.programs + "/" + program, arguments, asServer: true)
  }

  /// Not by Foundation's Process: it waits until everything that inherits its files has gone, and a server stays.
  private func run(_ program: String, _ arguments: [String], asServer: Bool)
    -> (status: Int32, output: String, errors: String)
  {
    let isRoot = geteuid() == 0 && asServer
    let command = isRoot ? ["/usr/sbin/runuser", "-u", "postgres", "--", program] + arguments : [program] + arguments
    let output = FileManager.default.temporaryDirectory.path + "/blealint-\(UUID().uuidString)"
    defer {
      try? FileManager.default.removeItem(atPath: output)
      try? FileManager.default.removeItem(atPath: output + "-errors")
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    posix_spawn_file_actions_addopen(&actions, 2, output + "-errors", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    var words = command.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var pid = pid_t()
    guard posix_spawn(&pid, command[0], &actions, nil, &words, environ) == 0 else {
      return (-1, "", "cannot run \(program)")
    }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    func read(_ path: String) -> String {
      String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
    return (status, read(output), read(output + "-errors"))
  }
}
