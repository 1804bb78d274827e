import Foundation

// Writes every YAML file under a folder into one Swift file, as raw string literals.
//
//   embed-rules RULES-FOLDER OUTPUT.swift
//
// A rule file becomes two texts: its logic, which every run reads, and its prose (rationale, remediation, examples,
// …), which only `explain`, `test` and reports that show help read. Top-level keys stand in column 0, so the cut
// needs no YAML parser: a rule file that breaks the rule (a quoted or flow-style top level) fails RuleSetTests.

/// Top-level keys that a check does not read.
let proseKeys: Set<Substring> = ["rationale", "remediation", "references", "controls", "examples"]

/// The lines of a rule file, cut into logic and prose; other lines of each half stay where they are.
func split(_ text: String) -> (logic: String, prose: String) {
  var logic = ""
  var prose = ""
  var inProse = false
  for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
    if let first = line.first, first != " ", first != "#", first != "-", let colon = line.firstIndex(of: ":") {
      inProse = proseKeys.contains(line[..<colon])
    }
    if inProse { prose += line + "\n" } else { logic += line + "\n" }
  }
  return (logic, prose)
}

/// A raw string literal whose delimiter does not occur in the text.
func literal(_ text: String) -> String {
  var pounds = "#"
  while text.contains("\"\"\"" + pounds) || text.contains("\\" + pounds) { pounds += "#" }
  return pounds + "\"\"\"\n" + text + "\n\"\"\"" + pounds
}

let arguments = CommandLine.arguments
guard arguments.count == 3 else {
  FileHandle.standardError.write(Data("usage: embed-rules RULES-FOLDER OUTPUT.swift\n".utf8))
  exit(2)
}
let root = URL(filePath: arguments[1]).standardizedFileURL
var files: [(path: String, url: URL)] = []
if let enumerator = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil) {
  while let url = enumerator.nextObject() as? URL {
    guard url.pathExtension == "yaml" else { continue }
    files.append((String(url.standardizedFileURL.path().dropFirst(root.path().count).drop { $0 == "/" }), url))
  }
}
files.sort { $0.path < $1.path }

var source = "// Made by embed-rules from Rules/. Do not edit.\n\nextension BuiltInRules {\n"
var rules: [String] = []
var model: [String] = []
var profiles: [String] = []
for (path, url) in files {
  let text = try String(contentsOf: url, encoding: .utf8)
  switch path.prefix(while: { $0 != "/" }) {
  case "model": model.append("    File(path: \"\(path)\", logic: \(literal(text)), prose: \"\")")
  case "profiles": profiles.append("    File(path: \"\(path)\", logic: \(literal(text)), prose: \"\")")
  default:
    let (logic, prose) = split(text)
    rules.append("    File(path: \"\(path)\", logic: \(literal(logic)), prose: \(literal(prose)))")
  }
}
for (name, list) in [("model", model), ("profiles", profiles), ("rules", rules)] {
  source += "  package static let \(name): [File] = [\n" + list.joined(separator: ",\n") + "\n  ]\n"
}
source += "}\n"
try source.write(to: URL(filePath: arguments[2]), atomically: true, encoding: .utf8)
