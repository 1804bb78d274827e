import Foundation

@testable import Documents

/// A file of the repository's Fixtures that is YAML or JSON.
struct Fixture: Sendable {
  let path: String
  let format: DocumentFormat
  let bytes: [UInt8]

  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The files of Fixtures/documents.
  static let all = files(in: "Fixtures/documents", limit: .max)

  /// The templates of other fixtures; large ones left out, to keep the tests quick.
  static let templates =
    files(in: "Fixtures/cloudformation", limit: 20_000) + files(in: "Fixtures/projects", limit: 20_000)

  private static func files(in folder: String, limit: Int) -> [Fixture] {
    let base = root.appendingPathComponent(folder)
    guard let paths = try? FileManager.default.subpathsOfDirectory(atPath: base.path) else { return [] }
    return paths.sorted().compactMap { path in
      let isJSON = path.hasSuffix(".json")
      guard isJSON || path.hasSuffix(".yaml") || path.hasSuffix(".yml"),
        let data = try? Data(contentsOf: base.appendingPathComponent(path)), data.count <= limit
      else { return nil }
      return Fixture(path: folder + "/" + path, format: isJSON ? .json : .yaml, bytes: Array(data))
    }
  }
}
