import Documents
import Foundation
import SourceText

/// A file that cannot be used.
struct InputError: Error, CustomStringConvertible {
  let description: String
}

/// Reads the root of a YAML or JSON file.
func root(of url: URL) throws -> Node {
  let source = SourceFile(id: FileID(0), path: url.lastPathComponent, bytes: Array(try Data(contentsOf: url)))
  let reading = Document.read(source, as: url.pathExtension == "json" ? .json : .yaml)
  guard let root = reading.documents.first?.root else {
    throw InputError(description: "\(url.path()) is empty or cannot be parsed.")
  }
  return root
}

/// One verdict of a peer.
struct Case {
  let peer: String
  let control: String
  let check: String
  let file: String
  /// The logical id it is about; nil for the whole template.
  let resource: String?
  let expected: String

  static func read(_ folder: URL) throws -> [Case] {
    try root(of: folder.appending(path: "manifest.json")).items.compactMap { node in
      guard let peer = node["peer"]?.text, let control = node["control"]?.text, let check = node["check"]?.text,
        let file = node["file"]?.text, let expected = node["expected"]?.text
      else { return nil }
      let resource = node["resource"].flatMap { $0.isNull ? nil : $0.text }
      return Case(
        peer: peer, control: control, check: check, file: file, resource: resource, expected: expected)
    }
  }
}

/// Which of our rules answers a check of a peer, and with which settings.
struct Control {
  let name: String
  /// Nil for all checks of the control.
  let check: String?
  let rule: String
  let settings: [String: String]
  /// Types whose properties of the same names mean the same: their resources are read as Aurora PostgreSQL clusters,
  /// the only ones our rules speak of, so that the rest of the judgement can be compared.
  let alike: [String]

  static func read(_ folder: URL) throws -> [Control] {
    let list = try root(of: folder.appending(path: "controls.yaml"))
    return list.items.compactMap { node in
      guard let name = node["control"]?.text, let rule = node["rule"]?.text else { return nil }
      var settings: [String: String] = [:]
      for entry in node["settings"]?.entries.map({ $0 }) ?? [] { settings[entry.key.text] = entry.value.text }
      return Control(
        name: name, check: node["check"]?.text, rule: rule, settings: settings,
        alike: node["alike"]?.items.map(\.text) ?? [])
    }
  }
}

/// A disagreement that somebody has looked at.
struct Settlement {
  /// The file, or the beginning of its name up to a star.
  let file: String
  let control: String
  let resource: String?
  let ours: String
  /// `blealint`, `peer` or `both` (a question of what is asked).
  let right: String
  let why: String

  static func read(_ folder: URL) throws -> [Settlement] {
    let list = try root(of: folder.appending(path: "settled.yaml"))
    return list.items.compactMap { node in
      guard let file = node["file"]?.text, let control = node["control"]?.text, let ours = node["ours"]?.text,
        let right = node["right"]?.text, let why = node["why"]?.text
      else { return nil }
      return Settlement(
        file: file, control: control, resource: node["resource"]?.text, ours: ours, right: right, why: why)
    }
  }

  func covers(_ item: Case, ours verdict: String) -> Bool {
    control == item.control && ours == verdict && (resource == nil || resource == item.resource)
      && (file.hasSuffix("*") ? item.file.hasPrefix(file.dropLast()) : item.file == file)
  }
}
