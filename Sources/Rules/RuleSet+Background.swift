import CEL
import Estate
import Findings
import SourceText

extension RuleSet {
  /// The derived members that a rule's expressions read, and those that these read in turn: each after the one that
  /// reads it first.
  package func derivedMembers(of rule: Rule) -> [DerivedMember] {
    guard let logic = rule.body.logic().logic else { return [] }
    var expressions = logic.generators.map(\.expression) + logic.bindings.map(\.expression)
    expressions += [logic.gate?.expression].compactMap { $0 }
    for obligation in logic.obligations {
      expressions += obligation.each.map(\.expression) + [obligation.that.expression]
      expressions += [obligation.condition?.expression].compactMap { $0 }
    }
    var found: [DerivedMember] = []
    var seen: Set<References.Member> = []
    var waiting = expressions.flatMap { sorted($0.references.members) }
    while !waiting.isEmpty {
      let member = waiting.removeFirst()
      guard seen.insert(member).inserted else { continue }
      // What several types have in common is defined by each of them.
      if let type = model.model.types[member.typeName], type.members[member.name] == nil, !type.alternatives.isEmpty {
        waiting = type.alternatives.map { References.Member(typeName: $0, name: member.name) } + waiting
        continue
      }
      guard let declared = model.model.member(member.name, of: member.typeName),
        case .derived(let text) = declared.source
      else { continue }
      found.append(
        DerivedMember(
          type: member.typeName, name: member.name, resultType: "\(declared.type)",
          expression: String(decoding: text.bytes, as: UTF8.self).trimmed))
      waiting += sorted(model.derived.references(of: member.name, in: member.typeName))
    }
    return found
  }

  private func sorted(_ members: Set<References.Member>) -> [References.Member] {
    members.sorted { ($0.typeName, $0.name) < ($1.typeName, $1.name) }
  }

  /// Rules that have to do with another: those it names, those that answer the same controls, those of its family;
  /// the closest first.
  ///
  /// - Parameters:
  ///   - rule: the rule.
  ///   - limit: how many at the most.
  /// - Returns: the others.
  package func related(to rule: Rule, limit: Int = 6) -> [RelatedRule] {
    let own = description(of: rule, withExamples: false)
    let words = own.rationale.en + " " + own.remediation.en
    func controls(_ description: RuleDescription) -> Set<String> {
      Set(description.controls.flatMap { group in group.ids.map { "\(group.framework) \($0)" } })
    }
    let answered = controls(own)
    let candidates = rules.compactMap { other -> (score: Int, rule: Rule)? in
      guard other.id != rule.id else { return nil }
      let theirs = description(of: other, withExamples: false)
      var score = answered.intersection(controls(theirs)).count
      if family(other) == family(rule) { score += 2 }
      if words.contains(other.id) || words.contains("'\(other.name)'") { score += 8 }
      if theirs.rationale.en.contains(rule.id) || theirs.remediation.en.contains(rule.id) { score += 4 }
      return score >= 2 ? (score, other) : nil
    }
    return candidates.sorted { ($1.score, $0.rule.id) < ($0.score, $1.rule.id) }.prefix(limit).map {
      RelatedRule(id: $0.rule.id, name: $0.rule.name, title: $0.rule.title)
    }
  }

  /// `BLEA-KMS` of `BLEA-KMS-001`.
  private func family(_ rule: Rule) -> Substring { rule.id.prefix { !$0.isNumber } }
}
