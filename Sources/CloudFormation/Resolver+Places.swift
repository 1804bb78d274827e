import SourceText
import Values

/// Places for reports.
extension Resolver {
  /// The place of a property: the value's span; where it is absent, the key of the nearest ancestor that is there (an
  /// element of a list has no key: then the element), and at last the resource's logical id (the key `Properties` says
  /// nothing to a reader).
  /// The path leads from the Properties; the empty one is the resource itself. Who knows already what the first key's
  /// property comes to gives it.
  package func origin(of id: ResourceID, path: [PathElement], in property: ResolvedValue? = nil) -> Place {
    let resource = deployment.resource(id)
    guard case .key(let name)? = path.first else { return Place(resource.origin, exists: true) }
    var key: Origin?
    if let properties = resource.declaration.properties, case .node(let node, _) = branch(of: properties, in: resource),
      let entry = node.entry(name)
    {
      key = Origin(entry.key.span, path: "\(resource.origin.path)/Properties/\(name)", kind: .property)
    }
    return place(path.dropFirst(), in: property ?? self.property(name, of: id), key: key, parent: resource.origin)
  }

  /// The place of an attribute beside Properties, or of a part of it; see ``origin(of:path:)``.
  package func origin(of id: ResourceID, attribute: String, path: [PathElement] = []) -> Place {
    let resource = deployment.resource(id)
    let key = resource.declaration.node.entry(attribute).map { entry in
      Origin(entry.key.span, path: "\(resource.origin.path)/\(attribute)", kind: .property)
    }
    return place(path[...], in: self.attribute(attribute, of: id), key: key, parent: resource.origin)
  }

  /// Goes the rest of the way from a value, the key behind which it stands (nil for what has none), and the nearest
  /// ancestor's key.
  private func place(_ path: ArraySlice<PathElement>, in value: ResolvedValue, key: Origin?, parent: Origin) -> Place {
    var path = path
    var value = value
    var key = key
    var parent = parent
    while true {
      guard !value.isAbsent, let origin = value.origin else { return Place(key ?? parent, exists: false) }
      guard let step = path.popFirst() else { return Place(origin, exists: true) }
      let nearest = key ?? parent
      switch (step, value.content) {
      case (.key(let name), .map(let entries, _)):
        guard let entry = entries.first(where: { $0.key == name }) else { return Place(nearest, exists: false) }
        (value, key, parent) = (entry.value, entry.keyOrigin, nearest)
      case (.index(let index), .list(let elements, _)):
        guard elements.indices.contains(index) else { return Place(nearest, exists: false) }
        (value, parent) = (elements[index].value, nearest)
        key = value.origin
      case (_, .unknown): return Place(origin, exists: true)
      default: return Place(nearest, exists: false)
      }
    }
  }
}
