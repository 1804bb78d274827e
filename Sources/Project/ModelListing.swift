import BuiltInRules
import Documents
import Estate
import SourceText

/// What `blealint model` tells: what rules may read.
package enum ModelListing {
  /// The listing of one type, or of all of them in brief.
  ///
  /// - Parameter type: a type's name; nil for the list of types.
  /// - Returns: the text, or a sentence for a type that there is not.
  package static func text(of type: String?) -> Result<String, Refusal> {
    var documents: [Document] = []
    for file in BuiltInRules.model {
      // The prose is the file with what is said to people only.
      let source = SourceFile(id: FileID(-1), path: file.path, bytes: Array(file.prose.utf8))
      documents += Document.read(source, as: .json).documents
    }
    let model = Model.read(documents).model
    let names = model.types.keys.filter { $0 != Model.commonResource }.sorted()
    guard let type else {
      return .success(names.map { name in line(name, model.types[name]?.about ?? "", width: 44) }.joined())
    }
    guard let found = model.types[names.first { $0.lowercased() == type.lowercased() } ?? type] else {
      let hint = Suggestion.nearest(to: type, among: names).map { "Did you mean '\($0)'?" }
      return .failure(Refusal(sentence: "There is no type '\(type)'. \(hint ?? "List them with 'blealint model'.")"))
    }
    return .success(text(of: found, in: model))
  }

  /// Why nothing was listed.
  package struct Refusal: Error, Sendable {
    package let sentence: String
  }

  private static func text(of type: TypeModel, in model: Model) -> String {
    var text = type.name + "\n"
    if !type.about.isEmpty { text += "  \(oneLine(type.about))\n" }
    if let source = type.source { text += "  \(source)\n" }
    if let table = model.tables[type.name] {
      text += "  As of \(table.asOf), trusted until \(table.trustedUntil).\n"
      for source in table.sources { text += "  \(source)\n" }
    }
    if !type.alternatives.isEmpty { text += "  One of \(type.alternatives.joined(separator: ", ")).\n" }
    let common = Model.isResource(type.name) ? model.types[Model.commonResource]?.members ?? [:] : [:]
    let members = model.commonMembers(of: type).merging(common) { own, _ in own }
    text += "\n"
    for member in members.values.sorted(by: { $0.name < $1.name }) {
      let name = "  \(member.name)\(member.isOptional ? "?" : "")"
      var facts = ["\(member.type)"]
      if let value = member.defaultText { facts.append("\(value) where it is not written") }
      if let cel = member.definition { facts.append("= " + oneLine(cel)) }
      text += line(name, facts.joined(separator: ", "), width: 36)
      if !member.about.isEmpty { text += String(repeating: " ", count: 36) + oneLine(member.about) + "\n" }
    }
    return text + "\nA member with '?' may be absent: read it with '.?', or behind has(…).\n"
  }

  private static func line(_ name: String, _ text: String, width: Int) -> String {
    let gap = String(repeating: " ", count: max(2, width - name.utf8.count))
    let line = name + gap + oneLine(text)
    return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
  }

  private static func oneLine(_ text: String) -> String {
    text.split { $0.isWhitespace }.joined(separator: " ")
  }
}
