import Foundation
import Testing

/// The checked-out repository that these tests stand in, as text.
enum Repository {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Every file that is, or is about to be, under version control: paths relative to the root, sorted. Where git
  /// does not answer (a source archive), everything but the build folders.
  static let files: [String] = listedByGit() ?? found()

  /// The Swift files below a folder, such as `Sources/CEL/`.
  static func swiftFiles(under prefix: String) -> [String] {
    files.filter { $0.hasPrefix(prefix) && $0.hasSuffix(".swift") }
  }

  /// A file's text; nil when it is not UTF-8 or not there.
  static func text(_ path: String) -> String? {
    try? String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The target that a path such as `Sources/CEL/Lexer.swift` belongs to.
  static func target(of path: String) -> String? {
    let parts = path.split(separator: "/")
    return parts.count > 2 ? String(parts[1]) : nil
  }

  private static func listedByGit() -> [String]? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    process.currentDirectoryURL = root
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0, !data.isEmpty else { return nil }
    // A file that was removed and not yet committed is still listed.
    return data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      .filter { FileManager.default.fileExists(atPath: root.appending(path: $0).path()) }.sorted()
  }

  private static func found() -> [String] {
    let walk = FileManager.default.enumerator(atPath: root.path())
    var paths: [String] = []
    while let path = walk?.nextObject() as? String {
      let name = path.split(separator: "/").last ?? ""
      if name.hasPrefix(".build") || name == ".git" || name == ".swiftpm" {
        walk?.skipDescendants()
      } else if walk?.fileAttributes?[.type] as? FileAttributeType == .typeRegular {
        paths.append(path)
      }
    }
    return paths.sorted()
  }
}

/// One line of a source file, for messages that lead there.
struct SourceLine: CustomStringConvertible {
  let path: String
  let number: Int
  /// The line's code: comments and what stands in one-line string literals are blanked out.
  let code: String
  /// The line as written.
  let text: String

  var description: String { "\(path):\(number): \(text.trimmingCharacters(in: .whitespaces))" }

  /// The lines of a Swift file.
  static func all(of path: String) -> [SourceLine] {
    let text = Repository.text(path) ?? ""
    var isInText = false
    var isInComment = false
    return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { index, line in
      let wasInText = isInText
      if line.components(separatedBy: "\"\"\"").count.isMultiple(of: 2) { isInText.toggle() }
      var code = wasInText ? "" : withoutTextAndComment(line)
      if isInComment || code.contains("/*") {
        isInComment = !line.contains("*/")
        code = ""
      }
      return SourceLine(path: path, number: index + 1, code: code, text: String(line))
    }
  }

  private static func withoutTextAndComment(_ line: Substring) -> String {
    var code = ""
    var isInString = false
    var index = line.startIndex
    while index < line.endIndex {
      let character = line[index]
      if isInString, character == "\\" {
        index = line.index(index, offsetBy: 2, limitedBy: line.endIndex) ?? line.endIndex
        continue
      }
      if character == "\"" { isInString.toggle() }
      if !isInString, line[index...].hasPrefix("//") { break }
      if !isInString { code.append(character) }
      index = line.index(after: index)
    }
    return code
  }
}
