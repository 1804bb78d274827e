import Documents
import SourceText

/// `AWS::Include`: the entries of another file join those of the mapping that the call stands in. `aws cloudformation
/// package` takes a path for its Location, which the deployment replaces by an address.
enum Inclusion {
  static let macroName = "AWS::Include"

  /// The file that a call of `Fn::Transform` includes; nil for other macros and for what is stored elsewhere.
  static func location(of argument: Node) -> String? {
    guard argument["Name"]?.text == macroName, let location = argument["Parameters"]?["Location"],
      location.kind == .scalar, Intrinsic.isPlainData(location), !location.text.contains("://"), !location.text.isEmpty
    else { return nil }
    return location.text
  }

  /// The mapping that an entry of another one includes, where its file was given.
  static func node(of entry: Entry, in included: [String: Node]) -> Node? {
    guard !included.isEmpty, entry.key.text == Intrinsic.Function.transform.rawValue,
      let location = location(of: entry.value), let node = included[location], node.kind == .mapping
    else { return nil }
    return node
  }

  /// The entry of a key that a mapping includes from another file; nil where it includes none.
  static func entry(_ key: String, of node: Node, _ included: [String: Node]) -> Entry? {
    included.isEmpty ? nil : entries(of: node, included).last { $0.key.text == key }
  }

  /// The entries of a mapping, those of included files in the place of the calls.
  static func entries(of node: Node, _ included: [String: Node]) -> [Entry] {
    guard !included.isEmpty else { return Array(node.entries) }
    return node.entries.flatMap { entry in
      Inclusion.node(of: entry, in: included).map { Array($0.entries) } ?? [entry]
    }
  }
}

extension Template {
  /// The files that a document includes, in the order of writing.
  package static func inclusions(of document: Document) -> [String] {
    guard let root = document.root else { return [] }
    var found: [String] = []
    var stack = [root]
    while let node = stack.popLast() {
      switch node.kind {
      case .scalar: break
      case .sequence: stack += node.items.reversed()
      case .mapping:
        if node["Name"]?.text == Inclusion.macroName, let location = Inclusion.location(of: node),
          !found.contains(location)
        {
          found.append(location)
        }
        stack += node.entries.map(\.value).reversed()
      }
    }
    return found
  }
}
