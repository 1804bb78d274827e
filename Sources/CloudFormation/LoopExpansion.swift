import Documents
import Values

/// Writes out `Fn::ForEach` loops (`AWS::LanguageExtensions`) over lists that the template spells out, or that
/// parameters are known to hold.
struct LoopExpansion {
  /// An entry of a loop's body, under the values of the loop's variables.
  struct Made {
    let entry: Entry
    let variables: [String: String]
    /// What brought the values about.
    let hops: [Hop]
  }

  /// What a list parameter is known to hold.
  struct List {
    let elements: [String]
    let hop: Hop
  }

  /// By parameter.
  let lists: [String: List]
  /// The names of all variables met, those of loops that could not be written out too.
  private(set) var variableNames = Set<String>()
  /// How many entries may still be made: CloudFormation allows 500 resources in a stack.
  private var budget = 5000
  private static let depthLimit = 16

  init(lists: [String: List] = [:]) { self.lists = lists }

  /// The entries that a loop makes, in order; nil when that cannot be told here.
  mutating func entries(of loop: Entry) -> [Made]? { entries(of: loop, under: [:], hops: [], depth: 0) }

  private mutating func entries(
    of loop: Entry, under outer: [String: String], hops: [Hop], depth: Int
  ) -> [Made]? {
    let items = loop.value.items
    guard items.count == 3, items[0].kind == .scalar, items[2].kind == .mapping, depth < Self.depthLimit else {
      return nil
    }
    let variable = items[0].text
    variableNames.insert(variable)
    guard let (values, more) = elements(of: items[1], under: outer) else { return nil }
    let hops = hops + more
    var made: [Made] = []
    for value in values {
      var variables = outer
      variables[variable] = value
      for entry in items[2].entries {
        budget -= 1
        guard budget > 0 else { return nil }
        if Intrinsic.isLoop(entry.key.text) {
          guard let inner = entries(of: entry, under: variables, hops: hops, depth: depth + 1) else { return nil }
          made += inner
        } else {
          made.append(Made(entry: entry, variables: variables, hops: hops))
        }
      }
    }
    return made
  }

  /// The values that a loop goes over, with what they come from; nil when that cannot be told here.
  private func elements(of node: Node, under outer: [String: String]) -> (values: [String], hops: [Hop])? {
    if let list = parameter(node) { return (list.elements, [list.hop]) }
    guard node.kind == .sequence, Intrinsic.isPlainData(node) else { return nil }
    var values: [String] = []
    var hops: [Hop] = []
    for item in node.items {
      if let list = parameter(item) {
        // A list in a list: its elements.
        values += list.elements
        hops.append(list.hop)
      } else if Evaluation.isLiteral(item) {
        values.append(LoopExpansion.text(item.text, under: outer))
      } else {
        return nil
      }
    }
    return (values, hops)
  }

  private func parameter(_ node: Node) -> List? {
    guard case .call(let call) = Intrinsic.form(of: node), call.function == .ref, call.argument.kind == .scalar else {
      return nil
    }
    return lists[call.argument.text]
  }

  /// A text with the variables put in: `${Name}`, and `&{Name}`, which leaves letters and digits only.
  static func text(_ text: String, under variables: [String: String]) -> String {
    guard !variables.isEmpty, text.utf8.contains(UInt8(ascii: "{")) else { return text }
    var text = text
    for (name, value) in variables.sorted(by: { $0.key < $1.key }) {
      let bare = String(decoding: value.utf8.filter { PseudoParameter.isWordByte($0) && $0 > 0x2F }, as: UTF8.self)
      for (hole, filling) in [("${\(name)}", value), ("&{\(name)}", bare)] {
        text = ByteSearch.pieces(of: text, at: hole).joined(separator: filling)
      }
    }
    return text
  }
}

extension LoopExpansion {
  /// What the list parameters of an input hold: the values given, else their defaults. Those of a nested stack are not
  /// known before its parent is.
  static func lists(of input: TemplateInput) -> [String: List] {
    guard input.parent == nil, let section = input.document.root?["Parameters"], section.kind == .mapping else {
      return [:]
    }
    var lists: [String: List] = [:]
    for entry in section.entries {
      let name = entry.key.text
      let type = entry.value["Type"]?.text ?? ""
      guard type == "CommaDelimitedList" || type.hasPrefix("List<") else { continue }
      let path = "Parameters/" + name
      if let given = input.parameters[name] {
        let hop = Hop(
          "Parameter '\(name)' is given as \(Excerpt.quoted(given))",
          at: Origin(entry.key.span, path: path, kind: .parameter))
        lists[name] = List(elements: Parameter.elements(of: given), hop: hop)
      } else if let value = entry.value["Default"], value.kind == .scalar, !value.isNull {
        let hop = Hop(
          "Parameter '\(name)' has the default \(Excerpt.quoted(value.text))",
          at: Origin(value.span, path: path + "/Default", kind: .parameter), isAssumption: true)
        lists[name] = List(elements: Parameter.elements(of: value.text), hop: hop)
      }
    }
    return lists
  }
}
