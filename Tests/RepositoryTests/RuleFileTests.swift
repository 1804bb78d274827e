import Foundation
import Testing

/// How rule files are laid out: one rule a file, found by its name. What they say is RulesTests' business.
@Suite struct RuleFileTests {
  struct RuleFile {
    var path: String
    var id: String?
    var name: String?
  }

  /// What stands beside the families in Rules and is no rule.
  private static let otherFolders: Set<String> = [
    "model", "profiles", "frameworks", "data", "effects", "schemas", "catalogue",
  ]

  static let rules: [RuleFile] = Repository.files.filter { path in
    let parts = path.split(separator: "/")
    return parts.count > 2 && parts[0] == "Rules" && !otherFolders.contains(String(parts[1]))
      && (path.hasSuffix(".yaml") || path.hasSuffix(".yml"))
  }.map { path in
    var rule = RuleFile(path: path)
    for line in (Repository.text(path) ?? "").split(separator: "\n") {
      if line.hasPrefix("id:"), rule.id == nil { rule.id = value(of: line) }
      if line.hasPrefix("name:"), rule.name == nil { rule.name = value(of: line) }
    }
    return rule
  }

  private static func value(of line: Substring) -> String {
    let written = line.drop { $0 != ":" }.dropFirst().prefix { $0 != "#" }
    return written.trimmingCharacters(in: CharacterSet(charactersIn: " \"'"))
  }

  @Test func everyFileIsNamedAfterItsRule() {
    for rule in Self.rules {
      let parts = rule.path.split(separator: "/")
      #expect(parts.count == 3, "\(rule.path): rule files are Rules/<family>/<name>.yaml")
      #expect(rule.name.map { $0 + ".yaml" } == parts.last.map(String.init), "\(rule.path)")
    }
  }

  @Test func idsAreWellFormedAndUnique() throws {
    let pattern = try Pattern(#"BLEA-[A-Z][A-Z0-9]*-\d{3}"#)
    var seen: [String: String] = [:]
    for rule in Self.rules {
      guard let id = rule.id else {
        Issue.record("\(rule.path) has no id")
        continue
      }
      #expect(pattern.firstMatch(in: id) == id, "\(rule.path): \(id)")
      #expect(seen[id] == nil, "\(rule.path) and \(seen[id] ?? "") both have the id \(id)")
      seen[id] = rule.path
    }
  }

  @Test func namesAreUnique() {
    let names = Self.rules.compactMap(\.name)
    #expect(Set(names).count == names.count)
  }

  /// A rule's number belongs to its family, and a family to one folder.
  @Test func familiesKeepTogether() {
    var folders: [Substring: Substring] = [:]
    for rule in Self.rules {
      guard let id = rule.id, let family = id.split(separator: "-").dropFirst().first else { continue }
      let folder = rule.path.split(separator: "/")[1]
      #expect(folders[family, default: folder] == folder, "\(rule.path): \(family) lives in \(folders[family] ?? "")")
      folders[family] = folder
    }
  }
}
