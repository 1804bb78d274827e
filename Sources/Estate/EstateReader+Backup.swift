import CEL
import CloudFormation
import SourceText
import Values

/// Which selections of AWS Backup take a resource (AWS Backup API, "BackupSelection").
extension EstateReader {
  /// The selections that take a resource: surely, or possibly.
  func backupSelections(of id: ResourceID) -> Value {
    let type = "AWS::Backup::BackupSelection"
    var elements: [ListValue.Element] = []
    for selection in estate.deployment.resources(ofType: type) {
      switch resolver.exists(selection) && takes(selection, id) {
      case .no: continue
      case .yes: elements.append(ListValue.Element(.object(ObjectValue(type, selection.rawValue))))
      case .unknown(let unknown):
        elements.append(ListValue.Element(.object(ObjectValue(type, selection.rawValue)), membership: unknown))
      }
    }
    return .list(ListValue(elements: elements))
  }

  private func takes(_ selection: ResourceID, _ id: ResourceID) -> Truth {
    let written = resolver.property("BackupSelection", of: selection)
    if let unknown = written.content.unknown { return .unknown(unknown) }
    let excluded = any(written.descending(["NotResources"])) { self.arn($0, names: id) }
    let resources = written.descending(["Resources"])
    let tags = written.descending(["ListOfTags"])
    let byName = any(resources) { self.arn($0, names: id) }
    let byTag = any(tags) { self.holds($0, of: id) }
    let named: Truth
    switch (resources.isEmptyList, tags.isEmptyList) {
    // Conditions alone choose among all resources.
    case (true, true): named = Truth(!written.descending(["Conditions"]).isAbsent)
    case (false, true): named = byName
    case (true, false): named = byTag
    case (false, false):
      named =
        byName == byTag
        ? byName
        : .unknown(
          Unknown(
            Reason(
              .ambiguous,
              "selection '\(estate.deployment.resource(selection).logicalID)' has Resources and ListOfTags, of which "
                + "only one takes it", at: written.origin?.span, cure: "use Conditions instead of ListOfTags")))
    }
    return named && !excluded && conditionsHold(written.descending(["Conditions"]), of: id)
  }

  /// `Conditions`: all of them, for each of the four operators.
  private func conditionsHold(_ conditions: ResolvedValue, of id: ResourceID) -> Truth {
    if let unknown = conditions.content.unknown { return .unknown(unknown) }
    guard case .map(let operators, let residual) = conditions.content else { return .yes }
    var truth: Truth = residual.map { .unknown($0) } ?? .yes
    for block in operators {
      if let unknown = block.value.content.unknown { truth = truth && .unknown(unknown) }
      guard case .list(let items, _) = block.value.content else { continue }
      for item in items {
        let holds = holds(item.value, of: id, operator: block.key)
        truth = truth && (item.membership.map { holds || .unknown($0) } ?? holds)
      }
    }
    return truth
  }

  private func any(_ list: ResolvedValue, _ matches: (ResolvedValue) -> Truth) -> Truth {
    switch list.content {
    case .unknown(let unknown): return .unknown(unknown)
    case .list(let items, let residual):
      var truth: Truth = residual.map { .unknown($0) } ?? .no
      for item in items {
        let own = matches(item.value)
        truth = truth || (item.membership.map { own && .unknown($0) } ?? own)
      }
      return truth
    case .absent: return .no
    default: return matches(list)
    }
  }

  /// Whether an ARN or a pattern of one names a resource of the deployment, of which only the template knows.
  private func arn(_ written: ResolvedValue, names id: ResourceID) -> Truth {
    if let target = resolver.target(of: written) { return Truth(target.resource == id) }
    guard let parts = written.stringParts else { return .no }
    let pattern: String
    switch shape(of: parts) {
    case .failure(let open): return .unknown(open.unknown)
    case .success(let text): pattern = text
    }
    if pattern == "*" { return .yes }
    let fields = pattern.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
    guard fields.count == 6 else { return .no }
    let (service, kind): (String, String)
    switch estate.deployment.resource(id).type {
    case "AWS::RDS::DBCluster": (service, kind) = ("rds", "cluster:")
    case "AWS::RDS::DBInstance": (service, kind) = ("rds", "db:")
    default: return .no
    }
    guard Wildcard.matches(fields[2], service, ignoringCase: false) else { return .no }
    if fields[5] == "*" || fields[5] == kind + "*" { return .yes }
    guard fields[5].hasPrefix(kind) else { return .no }
    let name = fields[5].dropFirst(kind.count)
    let property = kind == "cluster:" ? "DBClusterIdentifier" : "DBInstanceIdentifier"
    let own = resolver.property(property, of: id)
    // Without a name of its own it gets one that CloudFormation makes up, which only a wildcard could take.
    guard let ownName = own.text else {
      if own.isAbsent, !name.contains("*") { return .no }
      return .unknown(Unknown(Reason(.deployment, "its name is known only when the stack is deployed")))
    }
    return Truth(Wildcard.matches(String(name), ownName, ignoringCase: true))
  }

  /// Whether one condition on a tag holds: `{ConditionKey, ConditionValue}`, or the older form with `ConditionType`.
  private func holds(
    _ condition: ResolvedValue, of id: ResourceID, operator name: String = "StringEquals"
  ) -> Truth {
    let key = condition.descending(["ConditionKey"])
    let wanted = condition.descending(["ConditionValue"])
    guard case .string(let keyText) = shape(of: key), case .string(let wantedText) = shape(of: wanted) else {
      let open = key.content.unknown.united(wanted.content.unknown)
      return .unknown(
        open ?? Unknown(Reason(.malformed, "a condition has no key and value", at: condition.origin?.span)))
    }
    let prefix = "aws:ResourceTag/"
    let tag = keyText.hasPrefix(prefix) ? String(keyText.dropFirst(prefix.count)) : keyText
    let tags = tags(of: id)
    let isNegative = name.hasPrefix("StringNot")
    guard let own = (tags.own + tags.inherited).first(where: { $0.key == tag }) else {
      let open = tags.residual.united(tags.stackResidual)
      return open.map { .unknown($0) } ?? Truth(isNegative)
    }
    var truth: Truth
    switch own.value {
    case .string(let text):
      truth = Truth(
        name.hasSuffix("Like") ? Wildcard.matches(wantedText, text, ignoringCase: false) : text == wantedText)
    case .unknown(let unknown): truth = .unknown(unknown)
    default: truth = .no
    }
    if let membership = own.membership { truth = truth && .unknown(membership) }
    return isNegative ? !truth : truth
  }
}

extension ResolvedValue {
  /// Whether nothing is in a list, or there is no list.
  fileprivate var isEmptyList: Bool {
    if case .list(let items, let residual) = content { return items.isEmpty && residual == nil }
    return isAbsent
  }
}

/// Patterns of AWS: `*` for any text, `?` for any one character.
package enum Wildcard {
  /// Whether a whole text matches. Linear but for the last star, which is tried at every place.
  package static func matches(_ pattern: String, _ text: String, ignoringCase: Bool) -> Bool {
    let pattern = Array((ignoringCase ? pattern.lowercased() : pattern).utf8)
    let text = Array((ignoringCase ? text.lowercased() : text).utf8)
    let (star, any) = (UInt8(ascii: "*"), UInt8(ascii: "?"))
    var (p, t) = (0, 0)
    var backtrack: (pattern: Int, text: Int)?
    while t < text.count {
      if p < pattern.count, pattern[p] == star {
        backtrack = (p, t)
        p += 1
      } else if p < pattern.count, pattern[p] == any || pattern[p] == text[t] {
        p += 1
        t += 1
      } else if let last = backtrack {
        p = last.pattern + 1
        t = last.text + 1
        backtrack = (last.pattern, t)
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == star }
  }
}
