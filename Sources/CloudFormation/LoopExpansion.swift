import Documents

/// Writes out `Fn::ForEach` loops in Resources (`AWS::LanguageExtensions`) over lists that the template spells out.
struct LoopExpansion {
  /// An entry of a loop's body, under the values of the loop's variables.
  struct Made {
    let entry: Entry
    let variables: [String: String]
  }

  /// The names of all variables met, those of loops that could not be written out too.
  private(set) var variableNames = Set<String>()
  /// How many entries may still be made: CloudFormation allows 500 resources in a stack.
  private var budget = 5000
  private static let depthLimit = 16

  /// The entries that a loop makes, in order; nil when that cannot be told here.
  mutating func entries(of loop: Entry) -> [Made]? { entries(of: loop, under: [:], depth: 0) }

  private mutating func entries(of loop: Entry, under outer: [String: String], depth: Int) -> [Made]? {
    let items = loop.value.items
    guard items.count == 3, items[0].kind == .scalar, items[2].kind == .mapping, depth < Self.depthLimit else {
      return nil
    }
    let variable = items[0].text
    variableNames.insert(variable)
    guard items[1].kind == .sequence, Intrinsic.isPlainData(items[1]), items[1].items.allSatisfy(Evaluation.isLiteral)
    else { return nil }
    var made: [Made] = []
    for value in items[1].items {
      var variables = outer
      variables[variable] = LoopExpansion.text(value.text, under: outer)
      for entry in items[2].entries {
        budget -= 1
        guard budget > 0 else { return nil }
        if Intrinsic.isLoop(entry.key.text) {
          guard let inner = entries(of: entry, under: variables, depth: depth + 1) else { return nil }
          made += inner
        } else {
          made.append(Made(entry: entry, variables: variables))
        }
      }
    }
    return made
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
