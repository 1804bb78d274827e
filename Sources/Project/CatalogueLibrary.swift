import BuiltInRules
import Documents
import Findings
import Rules
import SourceText

extension RuleCatalogue {
  /// What the binary says of its rules as a whole.
  package static var builtIn: RuleCatalogue {
    func root(_ name: String) -> Node? {
      guard let file = BuiltInRules.catalogue.first(where: { $0.path == "catalogue/\(name).yaml" }) else { return nil }
      let source = SourceFile(id: FileID(-1), path: "Rules/" + file.path, bytes: Array(file.logic.utf8))
      return Document.read(source, as: .json).documents.first?.root
    }
    return RuleCatalogue(families: root("families"), liveDemands: root("live-demands"))
  }
}

extension RuleSet {
  /// What is said of a rule that there is not, and what to do: a misspelt name, or a demand that no file shows.
  package func absence(of name: String) -> (message: String, cure: String) {
    if let demand = RuleCatalogue.builtIn.liveDemand(name) {
      return (
        "'\(name)' cannot be decided from files, so no rule judges it.",
        "'blealint explain \(demand.id)' says how to check it."
      )
    }
    let suggestion = suggestion(for: name).map { "Did you mean '\($0)'?" }
    return ("There is no rule '\(name)'.", suggestion ?? "List them with 'blealint rules'.")
  }
}
