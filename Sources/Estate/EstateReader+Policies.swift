import CEL
import CloudFormation
import SourceText
import Values

/// Policy documents of IAM in one form, however they are written (IAM User Guide, "IAM JSON policy elements").
extension EstateReader {
  /// The written key behind a computed member of a statement.
  static func statementKey(of member: String) -> String {
    switch member {
    case "principals": "Principal"
    case "notPrincipals": "NotPrincipal"
    default: "Condition"
    }
  }

  func policyMember(_ name: String, of object: ObjectValue) -> MemberReading {
    guard let structure = structures(object) else { return .absent }
    switch name {
    case "principals", "notPrincipals":
      return MemberReading(principals(structure.value.descending([Self.statementKey(of: name)]), structure))
    case "conditions":
      return MemberReading(conditions(structure.value.descending(["Condition"]), structure))
    case "operator":
      return MemberReading(.string(String(structure.key.prefix { $0 != " " })))
    case "key":
      // The names of condition keys are not case-sensitive.
      return MemberReading(.string(structure.key.drop { $0 != " " }.dropFirst().lowercased()))
    case "values":
      let field = Field(resource: structure.resource, name: "the condition's value", isShape: true)
      return MemberReading(value(of: structure.value, as: .list(.string), field))
    default: return .absent
    }
  }

  /// Principals as `AWS:arn:…`, `Service:rds.amazonaws.com`; `"*"` and `{ "AWS": "*" }` mean the same: `AWS:*`.
  private func principals(_ written: ResolvedValue, _ structure: Structure) -> Value {
    switch written.content {
    case .absent: return .list([])
    case .unknown(let unknown): return .unknown(unknown)
    case .map(let entries, let residual):
      var elements: [ListValue.Element] = []
      var open = residual
      for entry in entries {
        let field = Field(resource: structure.resource, name: "Principal", isShape: true)
        let read = value(of: entry.value, as: .list(.string), field)
        guard case .list(let list) = read else {
          open = open.united(read.unknown)
          continue
        }
        open = open.united(list.residual)
        for element in list.elements {
          var value = element.value
          if case .string(let text) = value { value = .string("\(entry.key):\(text)") }
          elements.append(ListValue.Element(value, membership: entry.membership.united(element.membership)))
        }
      }
      return .list(ListValue(elements: elements, residual: open))
    default:
      guard case .string(let text) = shape(of: written) else { return shape(of: written) }
      return .list([.string("AWS:\(text)")])
    }
  }

  private func conditions(_ written: ResolvedValue, _ structure: Structure) -> Value {
    switch written.content {
    case .absent: return .list([])
    case .map(let operators, var open):
      var elements: [ListValue.Element] = []
      for block in operators {
        guard case .map(let keys, let residual) = block.value.content else {
          let reason = Reason(
            .deployment, "the condition '\(block.key)' is known only when the stack is deployed",
            at: block.keyOrigin.span)
          open = open.united(block.value.content.unknown ?? Unknown(reason))
          continue
        }
        open = open.united(residual)
        for key in keys {
          let object = self.structure(
            "iam::Condition", key.value, in: structure.resource, key: "\(block.key) \(key.key)")
          elements.append(
            ListValue.Element(.object(object), membership: block.membership.united(key.membership)))
        }
      }
      return .list(ListValue(elements: elements, residual: open))
    case .unknown(let unknown): return .unknown(unknown)
    default:
      return .unknown(Unknown(Reason(.malformed, "Condition is no mapping", at: written.origin?.span)))
    }
  }
}
