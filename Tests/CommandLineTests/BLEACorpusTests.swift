import Foundation
import Testing

/// The templates that BLEA's samples come to, of ../shared/corpus/blea: all are read without a word of complaint, and
/// inside one use case of v2.1.1 every import finds its export.
@Suite(.enabled(if: BLEACorpus.isThere, "needs ../shared/corpus/blea"))
struct BLEACorpusTests {
  @Test(arguments: BLEACorpus.useCases)
  func everyTemplateIsReadAndLinked(_ useCase: BLEACorpus.UseCase) throws {
    let run = try Program.run(["inspect", "--format", "json"] + useCase.files, in: useCase.folder)
    #expect(run.code == 0)
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    #expect((object?["diagnostics"] as? [Any])?.isEmpty == true, "\(run.output.prefix(2000))")
    #expect((object?["stacks"] as? [Any])?.count == useCase.files.count)
    if useCase.version == "v2.1.1" { #expect(!run.output.contains("is in no template given")) }
  }
}

/// The corpus, by use case: use cases export the same names, so that they are linked one at a time.
enum BLEACorpus {
  struct UseCase: CustomTestStringConvertible, Sendable {
    let version: String
    let name: String
    let folder: URL
    let files: [String]

    var testDescription: String { "\(version) \(name)" }
  }

  private static let root: URL = {
    let folders = [Program.root.appending(path: ".."), Program.root.appending(path: "../..")]
    let paths = folders.map { $0.appending(path: "shared/corpus/blea") }
    return paths.first { FileManager.default.fileExists(atPath: $0.path()) } ?? paths[0]
  }()

  static let isThere = FileManager.default.fileExists(atPath: root.path())

  static let useCases: [UseCase] = ["v2.1.1", "v3.1.0"].flatMap { version -> [UseCase] in
    let folder = root.appending(path: version)
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
    let groups = Dictionary(grouping: files.filter { $0.hasSuffix(".json") }.sorted(), by: useCase)
    return groups.sorted { $0.key < $1.key }.map {
      UseCase(version: version, name: $0.key, folder: folder, files: $0.value)
    }
  }

  /// The use cases of v2.1.1, and each template of v3.1.0 by itself.
  static let projects: [UseCase] = useCases.flatMap { useCase -> [UseCase] in
    guard useCase.version == "v3.1.0" else { return [useCase] }
    return useCase.files.map {
      UseCase(
        version: useCase.version, name: $0.replacing(".template.json", with: ""), folder: useCase.folder, files: [$0])
    }
  }

  /// `blea-guest-ecsapp-sample` of `blea-guest-ecsapp-sample-front.template.json`.
  private static func useCase(_ file: String) -> String {
    for name in ["guest-ecsapp-ssl-sample", "apiapp-nodejs-sample", "apiapp-python-sample", "-sample"] {
      if let range = file.range(of: name) { return String(file[..<range.upperBound]) }
    }
    return file.split(separator: "-").prefix(3).joined(separator: "-")
  }
}
