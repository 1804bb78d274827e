import Documents
import Foundation
import SourceText

// Writes every YAML file under a folder into one Swift file, as JSON in raw string literals: JSON is read several times
// faster than YAML, and a run reads the rules at every start.
//
//   embed-rules RULES-FOLDER OUTPUT.swift
//
// A rule file becomes two texts: its logic, which every run reads, and its prose (rationale, remediation, examples, …),
// which only `explain`, `test` and reports that show help read. Of the model, what only people read is left out.

/// Top-level keys of a rule that a check does not read.
let proseKeys: Set<String> = ["rationale", "remediation", "references", "controls", "examples"]

/// Keys of the model that say something to people only.
let modelProseKeys: Set<String> = ["about", "source", "unit"]

/// A node as JSON on one line. Every scalar becomes a string in its own spelling: its reader knows what it is to be.
///
/// What is left out is told by key and depth, for a member may be called what a key of a type is called.
func json(_ node: Node, depth: Int = 0, leavingOut left: (String, Int) -> Bool = { _, _ in false }) -> String {
  switch node.kind {
  case .scalar: quoted(node.text)
  case .sequence:
    "[" + node.items.map { json($0, depth: depth + 1, leavingOut: left) }.joined(separator: ",") + "]"
  case .mapping:
    "{"
      + node.entries.filter { !left($0.key.text, depth) }
      .map { quoted($0.key.text) + ":" + json($0.value, depth: depth + 1, leavingOut: left) }
      .joined(separator: ",") + "}"
  }
}

/// A JSON string.
func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case _ where scalar.value < 0x20:
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}

/// A raw string literal whose delimiter does not occur in the text.
func literal(_ text: String) -> String {
  var pounds = "#"
  while text.contains("\"\"\"" + pounds) || text.contains("\\" + pounds) { pounds += "#" }
  return pounds + "\"\"\"\n" + text + "\n\"\"\"" + pounds
}

func fail(_ message: String) -> Never {
  FileHandle.standardError.write(Data("\(message)\n".utf8))
  exit(2)
}

let arguments = CommandLine.arguments
guard arguments.count == 3 else { fail("usage: embed-rules RULES-FOLDER OUTPUT.swift") }
let root = URL(filePath: arguments[1]).standardizedFileURL
var files: [(path: String, url: URL)] = []
if let enumerator = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil) {
  while let url = enumerator.nextObject() as? URL {
    guard url.pathExtension == "yaml" else { continue }
    files.append((String(url.standardizedFileURL.path().dropFirst(root.path().count).drop { $0 == "/" }), url))
  }
}
files.sort { $0.path < $1.path }

var rules: [String] = []
var model: [String] = []
var effects: [String] = []
var profiles: [String] = []
var frameworks: [String] = []
var catalogue: [String] = []
for (path, url) in files {
  let source = SourceFile(id: FileID(0), path: url.path(), bytes: [UInt8](try Data(contentsOf: url)))
  let reading = Document.read(source, as: .yaml)
  // In the form that build systems show at its place: path:line:column.
  for diagnostic in reading.diagnostics where diagnostic.severity == .error {
    let position = LineTable(source.bytes).position(of: diagnostic.span?.lower ?? 0)
    fail("\(source.path):\(position.line):\(position.column): error: \(diagnostic.message)")
  }
  guard let node = reading.documents.first?.root else { fail("\(source.path):1:1: error: The file is empty.") }
  func file(_ logic: String, _ prose: String) -> String {
    "    File(path: \"\(path)\", logic: \(literal(logic)), prose: \(literal(prose)))"
  }
  switch path.prefix(while: { $0 != "/" }) {
  case "model":
    // types (0), a type's name (1), its keys (2), its members' names (3), a member's keys (4)
    model.append(
      file(json(node) { key, depth in [2, 4].contains(depth) && modelProseKeys.contains(key) }, json(node)))
  case "effects": effects.append(file(json(node), ""))
  // Tables of facts are part of what rules may read.
  case "data":
    model.append(file(json(node) { key, depth in depth == 0 && ["about", "sources"].contains(key) }, json(node)))
  case "frameworks": frameworks.append(file(json(node), ""))
  case "catalogue": catalogue.append(file(json(node), ""))
  case "profiles": profiles.append(file(json(node), ""))
  default:
    let top = node.entries
    func part(_ isWanted: (String) -> Bool) -> String {
      "{"
        + top.filter { isWanted($0.key.text) }.map { quoted($0.key.text) + ":" + json($0.value) }
        .joined(separator: ",") + "}"
    }
    rules.append(file(part { !proseKeys.contains($0) }, part { proseKeys.contains($0) }))
  }
}

var source = "// Made by embed-rules from Rules/. Do not edit.\n\nextension BuiltInRules {\n"
let lists = [
  ("effects", effects), ("model", model), ("profiles", profiles), ("frameworks", frameworks),
  ("catalogue", catalogue), ("rules", rules),
]
for (name, list) in lists {
  source += "  package static let \(name): [File] = [\n" + list.joined(separator: ",\n") + "\n  ]\n"
}
source += "}\n"
try source.write(to: URL(filePath: arguments[2]), atomically: true, encoding: .utf8)
