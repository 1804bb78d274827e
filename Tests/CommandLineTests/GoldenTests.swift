import Foundation
import Testing

/// The reports of the fixture projects, held to the byte. They are written anew with BLEALINT_UPDATE=1, and then the
/// test fails once, so that nothing blesses itself: look at the difference, and run again.
///
/// They stand beside the projects, not in them: a report in a project would be an input of the next run.
@Suite struct GoldenTests {
  @Test(arguments: [
    ("chatapp", "text", "txt", Int32(1)), ("chatapp", "json", "json", 1), ("chatapp", "sarif", "sarif", 1),
    ("chatapp-hardened", "text", "txt", 0), ("orders", "text", "txt", 1), ("orders", "sarif", "sarif", 1),
    ("broken", "text", "txt", 2),
    ("stages", "text", "txt", 1),
    ("every-rule/aurora", "text", "txt", 1), ("every-rule/aurora", "json", "json", 1),
    ("every-rule/silent", "text", "txt", 1), ("every-rule/silent", "json", "json", 1),
    ("every-rule/standalone", "text", "txt", 1), ("every-rule/standalone", "json", "json", 1),
    // The Aurora task's items, one by one.
    ("chatapp", "markdown", "evidence.md", 1), ("chatapp-hardened", "markdown", "evidence.md", 0),
  ])
  func aReportIsAsExpected(_ project: String, _ format: String, _ ending: String, _ code: Int32) throws {
    let run = try Program.run(
      [
        "check", "Fixtures/projects/\(project)", "--format", format, "--as-of", "2026-11-22",
      ] + (ending.hasPrefix("evidence") ? ["--evidence"] : []), environment: ["COLUMNS": "100"])
    #expect(run.code == code)
    #expect(!run.output.contains(Program.root.path()), "no path of this machine")
    let golden = Program.root.appending(path: "Fixtures/reports/\(project).\(ending)")
    let expected = (try? String(contentsOf: golden, encoding: .utf8)) ?? ""
    guard run.output != expected else { return }
    if ProcessInfo.processInfo.environment["BLEALINT_UPDATE"] == "1" {
      try FileManager.default.createDirectory(
        at: golden.deletingLastPathComponent(), withIntermediateDirectories: true)
      try run.output.write(to: golden, atomically: true, encoding: .utf8)
      Issue.record("\(golden.lastPathComponent) was written anew: look at it, and run again.")
      return
    }
    Issue.record("\(Self.difference(expected, run.output)) BLEALINT_UPDATE=1 writes it anew.")
  }

  /// The first line that differs, with the lines of both.
  static func difference(_ expected: String, _ found: String) -> String {
    let a = expected.components(separatedBy: "\n")
    let b = found.components(separatedBy: "\n")
    for index in 0..<max(a.count, b.count) {
      let left = index < a.count ? a[index] : "(end)"
      let right = index < b.count ? b[index] : "(end)"
      if left != right { return "Line \(index + 1) differs.\n- \(left)\n+ \(right)\n" }
    }
    return "They differ in line endings."
  }

  /// What the schema of SARIF 2.1.0 says, where it and python3's jsonschema are at hand.
  @Test(.enabled(if: SARIFSchema.isAvailable, "needs ../shared/schemas and python3 with jsonschema"))
  func sarifKeepsItsSchema() throws {
    for project in ["chatapp", "orders", "broken", "chatapp-hardened"] {
      let run = try Program.run(["check", "Fixtures/projects/\(project)", "--format", "sarif"])
      #expect(try SARIFSchema.problems(in: run.output) == "", "\(project)")
    }
  }
}

/// The schema that ../shared has, and python3's jsonschema to hold a report to it.
enum SARIFSchema {
  static let file = Program.root.appending(path: "../shared/schemas/sarif-schema-2.1.0.json")

  static let isAvailable: Bool = {
    guard FileManager.default.fileExists(atPath: file.path()) else { return false }
    return (try? python("import jsonschema", input: "").code) == 0
  }()

  static func problems(in report: String) throws -> String {
    let script = """
      import json, sys, jsonschema
      schema = json.load(open(sys.argv[1]))
      validator = jsonschema.validators.validator_for(schema)(schema)
      for error in sorted(validator.iter_errors(json.load(sys.stdin)), key=str):
          print(list(error.absolute_path), error.message)
      """
    return try python(script, arguments: [file.path()], input: report).output
  }

  private static func python(
    _ script: String, arguments: [String] = [], input: String
  ) throws -> (code: Int32, output: String) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "blealint-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let inputFile = folder.appending(path: "in")
    let outputFile = folder.appending(path: "out")
    try input.write(to: inputFile, atomically: true, encoding: .utf8)
    _ = FileManager.default.createFile(atPath: outputFile.path(), contents: nil)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script] + arguments
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOf: outputFile, encoding: .utf8))
  }
}
