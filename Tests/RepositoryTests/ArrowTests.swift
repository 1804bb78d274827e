import Foundation
import Testing

/// Who may import whom. The table is the house's plan; Package.swift and every import line are held to it.
@Suite struct ArrowTests {
  /// From the ground up: a target may import what its row names, and each of those stands in a row above.
  static let house: [(target: String, imports: Set<String>)] = [
    ("CYaml", []),
    ("CPgQuery", []),
    ("SourceText", []),
    ("Values", ["SourceText"]),
    ("Findings", ["SourceText"]),
    ("Documents", ["CYaml", "SourceText"]),
    ("CEL", ["Values", "SourceText"]),
    ("CloudFormation", ["Documents", "Values", "SourceText"]),
    ("PostgresSchema", ["CPgQuery", "Documents", "Values", "SourceText"]),
    ("Estate", ["CEL", "CloudFormation", "PostgresSchema", "Documents", "Values", "SourceText"]),
    ("Rules", ["Estate", "CEL", "Findings", "Documents", "Values", "SourceText"]),
    ("embed-rules", ["Documents", "SourceText"]),
    ("EmbedRules", ["embed-rules"]),
    ("BuiltInRules", []),
    (
      "Project",
      [
        "Rules", "BuiltInRules", "Estate", "CloudFormation", "PostgresSchema", "Findings", "Documents", "Values",
        "SourceText", "SystemPackage",
      ]
    ),
    ("Reporting", ["Findings", "SourceText"]),
    ("BleaLintKit", ["Project", "Reporting", "Findings"]),
    ("blealint", ["Project", "Rules", "Reporting", "Findings", "SourceText", "ArgumentParser"]),
    (
      "blealint-peers",
      ["Project", "Rules", "Estate", "CloudFormation", "PostgresSchema", "Findings", "Documents", "SourceText"]
    ),
    ("blealint-bench", ["Documents", "PostgresSchema", "CYaml", "CPgQuery", "SourceText"]),
  ]

  /// Build tools and benchmarks are no part of what ships; they alone may take Foundation in.
  static let mayUseFoundation: Set<String> = ["embed-rules", "EmbedRules", "blealint-bench", "blealint-peers"]

  /// Modules of the system and the toolchain that any target may import.
  static let systemModules: Set<String> = ["Glibc", "Darwin", "Musl", "Synchronization", "Dispatch"]

  let manifest = Manifest(Repository.text("Package.swift") ?? "")

  @Test func everyArrowPointsDown() {
    var above: Set<String> = ["ArgumentParser", "SystemPackage"]
    for (target, imports) in Self.house {
      #expect(imports.isSubset(of: above), "\(target) imports what stands above it")
      above.insert(target)
    }
  }

  @Test func packageManifestAgrees() {
    let plan = Dictionary(uniqueKeysWithValues: Self.house.map { ($0.target, $0.imports) })
    let declared = manifest.targets.filter { $0.kind != "testTarget" }
    #expect(!declared.isEmpty)
    for target in declared {
      #expect(plan[target.name] == target.dependencies, "dependencies of \(target.name) in Package.swift")
    }
    #expect(Set(declared.map(\.name)) == Set(plan.keys))
  }

  @Test func sourcesImportOnlyWhatTheirRowNames() throws {
    let plan = Dictionary(uniqueKeysWithValues: Self.house.map { ($0.target, $0.imports) })
    for path in Repository.swiftFiles(under: "Sources/") {
      guard let target = Repository.target(of: path), var allowed = plan[target] else {
        Issue.record("\(path) belongs to no target of the house")
        continue
      }
      allowed.formUnion(Self.systemModules)
      if Self.mayUseFoundation.contains(target) { allowed.formUnion(["Foundation", "PackagePlugin"]) }
      for line in SourceLine.all(of: path) {
        guard let module = Self.importedModule(line.code) else { continue }
        #expect(allowed.contains(module), "\(line)")
      }
    }
  }

  /// Tests of a target see that target and what it may import, and Foundation; they do not reach above it.
  @Test func testsDeclareWhatTheyImport() {
    for target in manifest.targets where target.kind == "testTarget" {
      for path in Repository.swiftFiles(under: "Tests/\(target.name)/") {
        for line in SourceLine.all(of: path) {
          guard let module = Self.importedModule(line.code) else { continue }
          let allowed = target.dependencies.union(Self.systemModules)
            .union([
              "Foundation", "FoundationEssentials", "FoundationXML", "Testing", "SystemPackage", "ArgumentParser",
            ])
          #expect(allowed.contains(module), "\(line)")
        }
      }
    }
  }

  @Test func everyTargetHasSourcesAndEveryFolderATarget() {
    var folders: Set<String> = []
    for target in manifest.targets {
      folders.insert(target.folder)
      let sources = Repository.files.filter {
        $0.hasPrefix(target.folder + "/") && ($0.hasSuffix(".swift") || $0.hasSuffix("module.modulemap"))
      }
      #expect(!sources.isEmpty, "\(target.name) has no sources in \(target.folder)")
    }
    for path in Repository.files where path.hasPrefix("Sources/") || path.hasPrefix("Tests/") {
      let folder = path.split(separator: "/").prefix(2).joined(separator: "/")
      #expect(folders.contains(folder), "\(path) belongs to no target of Package.swift")
    }
  }

  /// The module that a line imports: `@testable import struct A.B` imports A.
  static func importedModule(_ code: String) -> String? {
    var words = code.split(whereSeparator: \.isWhitespace)
    let attributes: Set<Substring> = ["public", "package", "internal", "private", "fileprivate"]
    while let first = words.first, first.hasPrefix("@") || attributes.contains(first) { words.removeFirst() }
    guard words.first == "import" else { return nil }
    words.removeFirst()
    let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias", "actor"]
    if let first = words.first, kinds.contains(first) { words.removeFirst() }
    return words.first.map { String($0.prefix { $0 != "." }).replacing("`", with: "") }
  }

  @Test(arguments: [
    ("import CEL", "CEL"), ("@testable import struct CEL.Value", "CEL"), ("package import Values", "Values"),
    ("  @preconcurrency import Glibc", "Glibc"),
  ])
  func importLinesAreRead(_ line: String, _ module: String) {
    #expect(Self.importedModule(line) == module)
    #expect(Self.importedModule("important(\(line)") == nil)
  }
}
