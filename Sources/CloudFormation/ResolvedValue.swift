import SourceText
import Values

/// What a template's value comes to under a scenario, where it is written, and how it came about.
package struct ResolvedValue: Hashable, Sendable {
  /// What it comes to.
  package var content: Content
  /// Where the value is written: the span of the value (of the branch, where a condition chose one), whatever it
  /// refers to. Nil where nothing is written.
  package var origin: Origin?
  /// The way from the written value to where it comes from: defaults of parameters, mappings, exports, conditions.
  package var hops: [Hop]
  /// The parameter, where the written value is just a reference to one.
  package var parameter: ParameterReference?

  /// A value, by default written nowhere.
  package init(
    _ content: Content, origin: Origin? = nil, hops: [Hop] = [], parameter: ParameterReference? = nil
  ) {
    self.content = content
    self.origin = origin
    self.hops = hops
    self.parameter = parameter
  }

  /// Nothing is written.
  package static let absent = ResolvedValue(.absent)

  /// True where nothing is written, or `AWS::NoValue`.
  package var isAbsent: Bool { content == .absent }

  /// The text of a known scalar, else nil.
  package var text: String? {
    if case .scalar(let text, _) = content { return text }
    return nil
  }

  /// The value as a string with holes; nil for lists, mappings and absence.
  package var stringParts: [TemplatePart]? { content.stringParts }
}

/// A parameter of one stack.
package struct ParameterReference: Hashable, Sendable {
  /// The stack whose template declares it.
  package let stack: StackID
  /// Its name there.
  package let name: String

  /// The parameter of that name in a stack.
  package init(stack: StackID, name: String) {
    self.stack = stack
    self.name = name
  }
}

/// The value proper.
package indirect enum Content: Hashable, Sendable {
  /// Not written, or `AWS::NoValue`.
  case absent
  case unknown(Unknown)
  /// A string, number or boolean in its own spelling. `isPlain`: written without quotes, so that its spelling may
  /// mean a number or a boolean; false for everything that a function or a parameter yields.
  case scalar(String, isPlain: Bool)
  /// `Ref` (no attribute) or `Fn::GetAtt` of a resource of this deployment.
  case reference(ResourceID, attribute: String?)
  /// A string with holes; never without a hole, and never just one reference or unknown.
  case template([TemplatePart])
  case dynamicReference(DynamicReference)
  /// `residual`: there may be more elements, because.
  case list([ResolvedElement], residual: Unknown?)
  /// In order of writing. `residual`: there may be more entries, because.
  case map([ResolvedEntry], residual: Unknown?)

  /// The value as a string with holes; nil for lists, mappings and absence.
  package var stringParts: [TemplatePart]? {
    switch self {
    case .scalar(let text, _): text.isEmpty ? [] : [.literal(text)]
    case .reference(let resource, let attribute): [.reference(resource, attribute)]
    case .template(let parts): parts
    case .unknown(let unknown): [.unknown(unknown)]
    case .dynamicReference(let reference): [.dynamicReference(reference)]
    case .absent, .list, .map: nil
    }
  }

  /// The string as another stack sees it: what is a hole with a name in one stack (its name, its id) is just unknown
  /// in another, where the same name means another value.
  var leavingStack: Content {
    guard case .template(let parts) = self else { return self }
    var fold = StringFold()
    for part in parts {
      if case .pseudo(let name) = part, !PseudoParameter.isOfEnvironment(name), !name.hasPrefix("Fn::GetAZs/") {
        let reason = Reason(.deployment, "'\(name)' of another stack is known only at deployment")
        fold.append(contentsOf: [.unknown(Unknown(reason))])
      } else {
        fold.append(contentsOf: [part])
      }
    }
    return fold.content
  }

  /// The unknown, where that is all.
  package var unknown: Unknown? {
    if case .unknown(let unknown) = self { return unknown }
    return nil
  }
}

/// A piece of a string with holes.
package indirect enum TemplatePart: Hashable, Sendable {
  case literal(String)
  case reference(ResourceID, String?)
  case unknown(Unknown)
  /// A pseudo parameter that only the deployment has, such as `AWS::Region`. `Fn::GetAZs/0` is the first
  /// availability zone of the region: equal names in one stack are equal values, different indices different ones.
  case pseudo(String)
  case dynamicReference(DynamicReference)
}

/// An element of a list.
package struct ResolvedElement: Hashable, Sendable {
  /// What it comes to.
  package var value: ResolvedValue
  /// Nil: surely in the list; else it may be absent, because.
  package var membership: Unknown?

  /// An element, surely in its list unless `membership` says otherwise.
  package init(_ value: ResolvedValue, membership: Unknown? = nil) {
    self.value = value
    self.membership = membership
  }
}

/// An entry of a mapping.
package struct ResolvedEntry: Hashable, Sendable {
  /// As decoded.
  package var key: String
  /// Where the key is written.
  package var keyOrigin: Origin
  /// What it comes to.
  package var value: ResolvedValue
  /// Nil: surely in the mapping; else it may be absent, because.
  package var membership: Unknown?

  /// An entry, surely in its mapping unless `membership` says otherwise.
  package init(key: String, keyOrigin: Origin, value: ResolvedValue, membership: Unknown? = nil) {
    self.key = key
    self.keyOrigin = keyOrigin
    self.value = value
    self.membership = membership
  }
}

/// A resource that a value denotes.
package struct ReferenceTarget: Hashable, Sendable {
  /// What is denoted.
  package let resource: ResourceID
  /// Nil for `Ref`.
  package let attribute: String?

  /// A resource, or an attribute of it.
  package init(resource: ResourceID, attribute: String?) {
    self.resource = resource
    self.attribute = attribute
  }
}
