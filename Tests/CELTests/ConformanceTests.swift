import Foundation
import Testing

/// The specification's own tests, which lie beside the repository and not in it.
private let conformance = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/conformance/cel")

private let files: [String] =
  ((try? FileManager.default.contentsOfDirectory(atPath: conformance.path())) ?? [])
  .filter { $0.hasSuffix(".textproto") }.sorted()

// Skipped where the specification's files are not at hand: they are not copied into the project.
@Suite(.enabled(if: !files.isEmpty, "The conformance files are not beside the repository, in ../shared."))
struct ConformanceTests {
  @Test(arguments: files)
  func `everything passes that is not excluded, and nothing is excluded that passes`(file: String) throws {
    let bytes = [UInt8](try Data(contentsOf: conformance.appending(path: file)))
    let name = String(file.prefix { $0 != "." })
    var (passed, excluded, total) = (0, 0, 0)
    for section in try TextProto(bytes).messages("section") {
      for proto in section.messages("test") {
        let test = ConformanceTest(name, section.string("name") ?? "", proto)
        let failure = test.failure()
        let reason = conformanceExclusions[test.name]
        total += 1
        switch (failure, reason) {
        case (nil, nil): passed += 1
        case (nil, let reason?):
          Issue.record("\(test.name) passes but is excluded (\(reason)): take it off the list.")
        case (_?, _?): excluded += 1
        case (let failure?, nil): Issue.record("\(test.name): '\(test.expression)' \(failure).")
        }
      }
    }
    print("\(file): \(passed) passed, \(excluded) excluded, \(total) in all")
  }

  @Test func `every exclusion names a test`() throws {
    var names: Set<String> = []
    for file in files {
      let bytes = [UInt8](try Data(contentsOf: conformance.appending(path: file)))
      for section in try TextProto(bytes).messages("section") {
        for test in section.messages("test") {
          names.insert("\(file.prefix { $0 != "." })/\(section.string("name") ?? "")/\(test.string("name") ?? "")")
        }
      }
    }
    #expect(Set(conformanceExclusions.keys).subtracting(names) == [])
  }
}
