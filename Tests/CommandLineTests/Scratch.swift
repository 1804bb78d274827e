import Foundation

/// A folder of one test, gone with it, in which the program is run.
final class Scratch {
  let url: URL

  /// Lays out files by their relative paths.
  init(_ files: [String: String] = [:]) throws {
    url = FileManager.default.temporaryDirectory.appending(path: "blealint-\(UUID().uuidString)/shop")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for (path, text) in files { try write(path, text) }
  }

  deinit { try? FileManager.default.removeItem(at: url.deletingLastPathComponent()) }

  func write(_ path: String, _ text: String) throws {
    let file = url.appending(path: path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
  }

  func text(_ path: String) throws -> String { try String(contentsOf: url.appending(path: path), encoding: .utf8) }

  func remove(_ path: String) throws { try FileManager.default.removeItem(at: url.appending(path: path)) }

  /// Copies a folder of the repository.
  func copy(_ folder: String, to path: String) throws {
    let target = url.appending(path: path)
    try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: Program.root.appending(path: folder), to: target)
  }

  func run(_ arguments: [String]) throws -> Program.Run {
    try Program.run(arguments, in: url, environment: ["COLUMNS": "100"])
  }

  /// The findings that count, as JSON gives them.
  func findings(_ arguments: [String]) throws -> Checked {
    let run = try run(["check", "--format", "json", "--as-of", "2026-11-22"] + arguments)
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any] ?? [:]
    return Checked(
      code: run.code, findings: object["findings"] as? [[String: Any]] ?? [],
      setAside: object["setAside"] as? [[String: Any]] ?? [],
      gone: (object["baseline"] as? [String: Any])?["gone"] as? [[String: Any]] ?? [],
      diagnostics: object["diagnostics"] as? [[String: Any]] ?? [])
  }
}

/// What a check came to.
struct Checked {
  let code: Int32
  let findings: [[String: Any]]
  let setAside: [[String: Any]]
  let gone: [[String: Any]]
  let diagnostics: [[String: Any]]

  /// `name obligation path` of each finding that counts.
  var names: [String] { Self.names(findings) }

  static func names(_ findings: [[String: Any]]) -> [String] {
    findings.map { finding in
      let path = (finding["location"] as? [String: Any])?["logicalPath"] as? String ?? ""
      return "\(finding["name"] as? String ?? "") \(finding["obligation"] as? String ?? "") \(path)"
    }
  }

  func setAside(because reason: String) -> [[String: Any]] { setAside.filter { $0["because"] as? String == reason } }
}

/// Texts held to the byte; written anew with BLEALINT_UPDATE=1, when the test fails once.
enum ExpectedText {
  /// What differs; nil where nothing does.
  static func problem(_ text: String, _ path: String) throws -> String? {
    let golden = Program.root.appending(path: path)
    let expected = (try? String(contentsOf: golden, encoding: .utf8)) ?? ""
    guard text != expected else { return nil }
    guard ProcessInfo.processInfo.environment["BLEALINT_UPDATE"] == "1" else {
      return "\(path): \(GoldenTests.difference(expected, text)) BLEALINT_UPDATE=1 writes it anew."
    }
    try FileManager.default.createDirectory(at: golden.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: golden, atomically: true, encoding: .utf8)
    return "\(path) was written anew: look at it, and run again."
  }
}
