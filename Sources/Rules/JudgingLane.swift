import Estate

/// One of the threads that judge, with what it has read.
actor JudgingLane {
  private let readers: ScenarioReaders

  init(_ estate: Estate) { readers = ScenarioReaders(estate) }

  /// The subjects of every so-manyth rule.
  func subjects(
    of rules: [Rule], from first: Int, by stride: Int, _ observer: RuleSet.Observer?
  ) -> [RuleSubjects] {
    Swift.stride(from: first, to: rules.count, by: stride).map { index in
      observer?(rules[index].id, false)
      defer { observer?(rules[index].id, true) }
      return RuleSubjects(of: rules[index], readers)
    }
  }

  /// What the parts that this lane takes from the agenda come to.
  func results(of agenda: JudgingAgenda, _ observer: RuleSet.Observer?) -> [JudgingAgenda.PartOutcome] {
    agenda.results(readers, observer)
  }
}
