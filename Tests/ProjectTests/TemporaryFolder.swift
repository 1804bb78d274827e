import Foundation
import SystemPackage

/// A folder of one test, gone with it.
final class TemporaryFolder {
  let url: URL

  var path: FilePath { FilePath(url.path()).lexicallyNormalized() }

  /// Lays out files by their relative paths; a path that ends in a slash is a folder.
  init(_ files: [String: String] = [:]) throws {
    url = FileManager.default.temporaryDirectory.appending(path: "blealint-\(UUID().uuidString)/project")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for (path, text) in files { try write(path, text) }
  }

  deinit { try? FileManager.default.removeItem(at: url.deletingLastPathComponent()) }

  func write(_ path: String, _ text: String) throws { try write(path, Data(text.utf8)) }

  func write(_ path: String, _ data: Data) throws {
    let file = url.appending(path: path)
    guard !path.hasSuffix("/") else {
      return try FileManager.default.createDirectory(at: file, withIntermediateDirectories: true)
    }
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
  }

  func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: url.appending(path: path).path(), withDestinationPath: target)
  }
}

/// Inputs that discovery tells apart.
enum Sample {
  static let template = "Resources:\n  Key:\n    Type: AWS::KMS::Key\n"
  static let sql = "CREATE TABLE users (id bigint);\n"
  static let manifest = #"""
    {"version":"55.0.0","artifacts":{"Db":{"type":"aws:cloudformation:stack","properties":{"templateFile":"Db.template.json"}}}}
    """#
}
