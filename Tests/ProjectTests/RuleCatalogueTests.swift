import Findings
import Project
import Rules
import Testing

/// What Rules/catalogue says of the rules as a whole, held to the rules.
@Suite struct RuleCatalogueTests {
  @Test func everyFamilyHasANameInBothLanguages() {
    let catalogue = RuleCatalogue.builtIn
    let ids = RuleLibrary.load().rules.rules.map(\.id) + ExceptionRules.descriptions.map(\.id)
    let families = Set(ids.compactMap { $0.split(separator: "-").dropFirst().first.map(String.init) })
    #expect(Set(catalogue.families.keys) == families)
    for name in catalogue.families.values { #expect(!name.en.isEmpty && name.ja?.isEmpty == false) }
  }

  @Test func whatNoFileShowsIsSaidWholeAndIsNoRule() {
    let demands = RuleCatalogue.builtIn.liveDemands
    let rules = RuleLibrary.load().rules
    #expect(demands.map(\.id) == ["BLEA-BKP-013"])
    for demand in demands {
      #expect(rules.rule(demand.id) == nil && rules.rule(demand.name) == nil)
      for text in [demand.title, demand.why, demand.check] { #expect(!text.en.isEmpty && text.ja?.isEmpty == false) }
      #expect(!demand.references.isEmpty && !demand.controls.isEmpty)
      #expect(rules.absence(of: demand.id).cure.contains("blealint explain \(demand.id)"))
    }
    #expect(rules.absence(of: "BLEA-BKP-03").cure.contains("Did you mean"))
  }
}
