import Values

/// What is not known about an object, by aspect.
package struct Uncertainty: Hashable, Sendable {
  private var unknowns: [Aspect: Unknown] = [:]

  package init() {}

  package subscript(aspect: Aspect) -> Unknown? { unknowns[aspect] }

  package var isEmpty: Bool { unknowns.isEmpty }

  package mutating func add(_ reason: Reason, to aspects: [Aspect]) {
    let unknown = Unknown(reason)
    for aspect in aspects { unknowns[aspect] = unknowns[aspect]?.union(unknown) ?? unknown }
  }
}
