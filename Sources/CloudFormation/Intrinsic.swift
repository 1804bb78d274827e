import Documents
import SourceText

/// A call of one of CloudFormation's functions, in its long form (`Fn::Sub: …`) or its short one (`!Sub …`).
struct Intrinsic {
  let function: Function
  /// What the function is given. For the short form this is the tagged node itself: read it without its tag.
  let argument: Node
  let isShort: Bool
  /// The whole call.
  let node: Node

  /// The functions that CloudFormation's template reference documents.
  enum Function: String, CaseIterable {
    case ref = "Ref"
    case condition = "Condition"
    case getAtt = "Fn::GetAtt"
    case sub = "Fn::Sub"
    case join = "Fn::Join"
    case select = "Fn::Select"
    case split = "Fn::Split"
    case base64 = "Fn::Base64"
    case `if` = "Fn::If"
    case and = "Fn::And"
    case or = "Fn::Or"
    case not = "Fn::Not"
    case equals = "Fn::Equals"
    case findInMap = "Fn::FindInMap"
    case importValue = "Fn::ImportValue"
    case getAZs = "Fn::GetAZs"
    case cidr = "Fn::Cidr"
    case transform = "Fn::Transform"
    case length = "Fn::Length"
    case toJsonString = "Fn::ToJsonString"
    // Only in the assertions of the Rules section.
    case contains = "Fn::Contains"
    case eachMemberEquals = "Fn::EachMemberEquals"
    case eachMemberIn = "Fn::EachMemberIn"
    case refAll = "Fn::RefAll"
    case valueOf = "Fn::ValueOf"
    case valueOfAll = "Fn::ValueOfAll"

    /// The function of a mapping's key. `Condition` is none: policies have a key of that name.
    init?(key: String) {
      guard let function = Function.byKey[key] else { return nil }
      self = function
    }

    /// The function of a YAML tag such as `!GetAtt`.
    init?(tag: String) {
      guard let function = Function.byTag[tag] else { return nil }
      self = function
    }

    private static let byKey = Dictionary(
      uniqueKeysWithValues: allCases.filter { $0 != .condition }.map { ($0.rawValue, $0) })
    private static let byTag = Dictionary(uniqueKeysWithValues: allCases.map { ($0.tag, $0) })

    /// The tag of the short form.
    var tag: String {
      rawValue.hasPrefix("Fn::") ? "!" + rawValue.dropFirst(4) : "!" + rawValue
    }

    /// True for the functions that stand in the Conditions section.
    var isLogical: Bool {
      switch self {
      case .and, .or, .not, .equals, .condition: true
      default: false
      }
    }
  }

  /// What a node of a template is.
  enum Form {
    /// Data: a scalar, a list or a mapping.
    case data
    case call(Intrinsic)
    /// A tag or `Fn::` key that CloudFormation does not know, as written.
    case unknownFunction(String, Span)
    /// A mapping in which a function's key has neighbours: all function keys, as written.
    case mixed([String], Span)
  }

  /// What a node is. The tag is ignored for the argument of a short form, which has been read by it already; where a
  /// condition is wanted, `Condition: Name` is a call.
  static func form(of node: Node, ignoringTag: Bool = false, inCondition: Bool = false) -> Form {
    if !ignoringTag, let tag = node.tag, tag.hasPrefix("!"), tag != "!" {
      guard let function = Function(tag: tag) else { return .unknownFunction(tag, node.span) }
      return .call(Intrinsic(function: function, argument: node, isShort: true, node: node))
    }
    guard node.kind == .mapping else { return .data }
    let entries = node.entries
    if entries.count == 1, let only = entries.first {
      let key = only.key.text
      if mayBeFunction(key), let function = Function(key: key) {
        return .call(Intrinsic(function: function, argument: only.value, isShort: false, node: node))
      }
      if inCondition, key == Function.condition.rawValue, only.value.kind == .scalar {
        return .call(Intrinsic(function: .condition, argument: only.value, isShort: false, node: node))
      }
      if key.hasPrefix("Fn::"), !isLoop(key) { return .unknownFunction(key, only.key.span) }
      return .data
    }
    // Cheap, for nearly every mapping is data.
    guard node.hasKey(startingWith: "Fn::") || node.hasKey(startingWith: "Ref") else { return .data }
    // `Fn::Transform` and `Fn::ForEach::…` add to the mapping that they stand in: neighbours are allowed.
    guard entries.contains(where: { isFunctionKey($0.key.text) }) else { return .data }
    let functions = entries.filter { isFunctionKey($0.key.text) }
    guard let first = functions.first else { return .data }
    return .mixed(functions.map(\.key.text), first.key.span)
  }

  /// True for the keys of `Fn::ForEach` loops.
  static func isLoop(_ key: String) -> Bool { key.hasPrefix("Fn::ForEach::") }

  /// Cheap: nearly every key of a template is a property's.
  private static func mayBeFunction(_ key: String) -> Bool { key == "Ref" || key.hasPrefix("Fn::") }

  private static func isFunctionKey(_ key: String) -> Bool {
    guard mayBeFunction(key) else { return false }
    return key != Function.transform.rawValue && !isLoop(key)
  }

  /// The arguments where the function is given a list, else its one argument.
  var arguments: [Node] {
    argument.kind == .sequence ? Array(argument.items) : [argument]
  }

  /// The logical id and attribute of a `Fn::GetAtt`; the attribute is nil where it is not literal.
  var attributeReference: (logicalID: Node, name: String, attribute: String?)? {
    if argument.kind == .sequence {
      let items = argument.items
      guard items.count >= 2, items[0].kind == .scalar else { return nil }
      let rest = items[1...]
      guard rest.allSatisfy({ $0.kind == .scalar && Intrinsic.isPlainData($0) }) else {
        return (items[0], items[0].text, nil)
      }
      return (items[0], items[0].text, rest.map(\.text).joined(separator: "."))
    }
    guard argument.kind == .scalar, let dot = argument.text.firstIndex(of: ".") else { return nil }
    let attribute = argument.text[argument.text.index(after: dot)...]
    guard !attribute.isEmpty, dot != argument.text.startIndex else { return nil }
    return (argument, String(argument.text[..<dot]), String(attribute))
  }

  /// True where the node is no call.
  static func isPlainData(_ node: Node) -> Bool {
    if case .data = form(of: node) { return true }
    return false
  }
}
