import CEL
import CloudFormation
import SourceText
import Values

/// What is being read, for the words of reasons and the structures inside it.
struct Field {
  let resource: ResourceID
  let name: String
  /// Whether references keep their written form: see ``MemberSource/property(default:isShape:)``.
  let isShape: Bool
}

extension EstateReader {
  /// A resolved property as a value of its declared type. Coercion happens here and nowhere else: `"7"` to an int,
  /// `yes` to a bool, `16.10` to the string 16.10.
  func read(_ resolved: ResolvedValue, as type: CELType, default defaultValue: Value?, _ field: Field)
    -> MemberReading
  {
    if case .absent = resolved.content {
      return defaultValue.map { MemberReading($0) } ?? .absent
    }
    // An unknown may turn out to be AWS::NoValue: then neither the value nor its presence can be told.
    if case .unknown(let unknown) = resolved.content, resolved.mayBeAbsent {
      return MemberReading(.unknown(unknown), presence: .unknown(unknown))
    }
    return MemberReading(value(of: resolved, as: type, field))
  }

  func value(of resolved: ResolvedValue, as type: CELType, _ field: Field) -> Value {
    switch resolved.content {
    case .absent: return .null
    case .unknown(let unknown): return .unknown(unknown)
    case .scalar(let text, _): return scalar(text, as: type, resolved, field)
    case .reference(let id, let attribute):
      if case .list(let element) = type, field.isShape { return .list([value(of: resolved, as: element, field)]) }
      if let told = returned(attribute, by: id, as: type, resolved) { return told }
      if field.isShape, type == .string { return shape(of: resolved) }
      let named = estate.deployment.resource(id)
      return .unknown(
        Unknown(
          Reason(
            .deployment,
            "\(field.name) is the \(attribute ?? "id") of '\(named.logicalID)', known only when the stack is deployed",
            at: span(resolved))))
    case .template, .dynamicReference:
      if field.isShape {
        if case .list(let element) = type { return .list([value(of: resolved, as: element, field)]) }
        if type == .string { return shape(of: resolved) }
      }
      return .unknown(
        Unknown(Reason(.deployment, "\(field.name) is known only when the stack is deployed", at: span(resolved))))
    case .list(let elements, let residual):
      guard let element = type.element else { return malformed(resolved, type, field) }
      return .list(
        ListValue(
          elements: elements.map {
            ListValue.Element(value(of: $0.value, as: element, field), membership: $0.membership)
          }, residual: residual))
    case .map(let entries, let residual):
      switch type {
      case .object(let name) where estate.model.isStructure(name):
        return .object(structure(name, resolved, in: field.resource))
      // Where a list of one is wanted, CloudFormation and IAM take the one.
      case .list(let element): return .list([value(of: resolved, as: element, field)])
      default: break
      }
      guard let mapped = type == .dyn ? .dyn : type.mapValue else { return malformed(resolved, type, field) }
      return .map(
        MapValue(
          entries.map {
            MapValue.Entry(.string($0.key), value(of: $0.value, as: mapped, field), membership: $0.membership)
          },
          residual: residual))
    }
  }

  private func scalar(_ text: String, as type: CELType, _ resolved: ResolvedValue, _ field: Field) -> Value {
    switch type {
    case .string, .dyn: return .string(text)
    case .bool:
      switch text.lowercased() {
      // CloudFormation takes strings for booleans, and YAML 1.1 has these words.
      case "true", "yes", "on": return .bool(true)
      case "false", "no", "off": return .bool(false)
      default: return malformed(resolved, type, field)
      }
    case .int: return Int64(text).map { .int($0) } ?? malformed(resolved, type, field)
    case .double: return Double(text).map { .double($0) } ?? malformed(resolved, type, field)
    case .list(let element):
      // A CommaDelimitedList is a list already; a lone scalar stands for a list of one, as CloudFormation takes it.
      return .list([scalar(text, as: element, resolved, field)])
    default: return malformed(resolved, type, field)
    }
  }

  private func malformed(_ resolved: ResolvedValue, _ type: CELType, _ field: Field) -> Value {
    let written = resolved.text.map { "'\($0)'" } ?? "what is written"
    return .unknown(
      Unknown(
        Reason(
          .malformed, "\(field.name) is \(written), which is \(type.expectation.isNot)", at: span(resolved),
          cure: "write \(type.expectation.wanted)")))
  }

  private func span(_ resolved: ResolvedValue) -> Span? { resolved.origin?.span }
}

extension CELType {
  /// What a template's author would call a value of the type: behind "which is", and behind "write".
  fileprivate var expectation: (isNot: String, wanted: String) {
    switch self {
    case .bool: ("neither true nor false", "true or false")
    case .int, .uint: ("no whole number", "a whole number")
    case .double: ("no number", "a number")
    case .string: ("no text", "a text")
    case .list: ("no list", "a list")
    case .map: ("no mapping", "a mapping")
    default: ("no \(self)", "one")
    }
  }
}

extension Resolver {
  /// A value behind a property, by keys and list positions: `MasterUserSecret.KmsKeyId`.
  func property(path: [String], of id: ResourceID) -> ResolvedValue {
    guard let name = path.first else { return .absent }
    return property(name, of: id).descending(path.dropFirst())
  }
}

extension ResolvedValue {
  /// A value inside this one, by keys and list positions.
  func descending(_ path: some Sequence<String>) -> ResolvedValue {
    var value = self
    for key in path {
      let hops = value.hops
      switch value.content {
      case .map(let entries, let residual):
        if let entry = entries.first(where: { $0.key == key }) {
          value = entry.value
          if let membership = entry.membership { value.content = .unknown(membership) }
        } else {
          value = ResolvedValue(residual.map { .unknown($0) } ?? .absent)
        }
      case .list(let elements, let residual):
        guard let index = Int(key), elements.indices.contains(index) else {
          value = ResolvedValue(residual.map { .unknown($0) } ?? .absent)
          break
        }
        value = elements[index].value
      case .unknown: return value
      default: return .absent
      }
      value.hops = hops + value.hops
    }
    return value
  }
}

extension ResolvedValue {
  /// Whether an unknown value may turn out not to be there at all: a branch may be AWS::NoValue, a macro may add
  /// nothing. The value of a parameter or an import, whatever it is, is there.
  fileprivate var mayBeAbsent: Bool {
    guard case .unknown(let unknown) = content else { return isAbsent }
    return unknown.reasons.contains { $0.kind == .undecided || $0.kind == .macro }
  }
}

extension CELType {
  fileprivate var element: CELType? {
    switch self {
    case .list(let element): element
    case .dyn: .dyn
    default: nil
    }
  }

  fileprivate var mapValue: CELType? {
    switch self {
    case .map(_, let value): value
    case .dyn: .dyn
    default: nil
    }
  }
}
