import Foundation
import Testing

@testable import Project

@Suite struct OutputFileTests {
  @Test func aFileIsReplacedInOneGo() throws {
    let folder = try TemporaryFolder(["report.txt": "old"])
    let path = folder.url.appending(path: "report.txt").path()
    #expect(OutputFile.write("new", to: path) == nil)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path()) == ["report.txt"])
  }

  /// A device must stay one, whoever runs the linter.
  @Test func aDeviceIsWrittenTo() throws {
    let before = try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType
    #expect(before == .typeCharacterSpecial)
    #expect(OutputFile.write("gone", to: "/dev/null") == nil)
    let after = try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType
    #expect(after == .typeCharacterSpecial)
  }

  @Test func aLinkStaysALink() throws {
    let folder = try TemporaryFolder(["real.txt": "old"])
    try folder.link("link.txt", to: "real.txt")
    #expect(OutputFile.write("new", to: folder.url.appending(path: "link.txt").path()) == nil)
    #expect(try String(contentsOf: folder.url.appending(path: "real.txt"), encoding: .utf8) == "new")
    let type = try FileManager.default.attributesOfItem(atPath: folder.url.appending(path: "link.txt").path())[.type]
    #expect(type as? FileAttributeType == .typeSymbolicLink)
  }

  @Test func whatCannotBeWrittenIsSaid() throws {
    let folder = try TemporaryFolder()
    let path = folder.url.appending(path: "missing/report.txt").path()
    #expect(OutputFile.write("new", to: path) == "Cannot write '\(path)': No such file or directory.")
  }
}
