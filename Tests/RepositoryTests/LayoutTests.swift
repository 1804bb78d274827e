import Foundation
import Testing

/// What the repository holds, and what it must not.
@Suite struct LayoutTests {
  static let topLevel: Set<String> = [
    "Package.swift", "Sources", "Tests", "Rules", "Fixtures", "Benchmarks", "README.md", "LICENSE", "action.yml",
  ]

  @Test func topLevelHoldsOnlyWhatBelongsThere() {
    for name in Set(Repository.files.map { String($0.prefix { $0 != "/" }) }).sorted() {
      #expect(name.hasPrefix(".") || Self.topLevel.contains(name), "\(name) does not belong at the top")
    }
  }

  @Test func buildProductsAreIgnored() {
    let ignored = Set((Repository.text(".gitignore") ?? "").split(separator: "\n").map(String.init))
    #expect(ignored.contains(".build*"))
    #expect(ignored.contains("Package.resolved"))
    #expect(!Repository.files.contains { $0.hasPrefix(".build") || $0 == "Package.resolved" })
  }

  @Test(arguments: ["setup", "build", "try", "test", "run"])
  func commandsCanBeRun(_ name: String) {
    #expect(FileManager.default.isExecutableFile(atPath: Repository.root.appending(path: ".ci/\(name)").path()))
  }

  /// A path of one author's machine helps nobody else.
  @Test func noFileNamesAPathOfOneMachine() throws {
    let path = try Pattern(#"(?<![\w/.-])/(work|home/\w|root|Users/\w|tmp/bash_jobs|opt/swift)\b/?[\w./-]*"#)
    let itself = "Tests/RepositoryTests/LayoutTests.swift"
    for file in Repository.files where file != itself {
      guard let text = Repository.text(file) else { continue }
      for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        let found = path.firstMatch(in: line)
        #expect(found == nil, "\(file):\(index + 1)")
      }
    }
  }

  @Test func sourcesAreNeverLarge() {
    for file in Repository.files {
      let attributes = try? FileManager.default.attributesOfItem(atPath: Repository.root.appending(path: file).path())
      let size = attributes?[.size] as? Int ?? 0
      #expect(size <= 4 << 20, "\(file) is \(size) bytes")
    }
  }
}
