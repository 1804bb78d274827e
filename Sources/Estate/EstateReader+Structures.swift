import CEL
import CloudFormation
import SourceText
import Synchronization
import Values

/// A structure inside the properties of a resource, under one scenario.
struct Structure {
  let resource: ResourceID
  let value: ResolvedValue
  /// The key it stands behind, where that is part of what it says: operator and key of a condition.
  let key: String
}

/// Gives the structures of an estate their ids: the same place has the same id in every scenario, so that what is
/// found under one is recognised under the next.
final class StructureTable: Sendable {
  /// What a structure is told by.
  struct Place: Hashable {
    let type: String
    let resource: ResourceID
    let origin: Origin?
    let key: String
  }

  private struct State {
    var ids: [Place: Int32] = [:]
    var places: [Place] = []
  }

  private let state = Mutex(State())

  /// The id of the structure of a type that stands at a place; the key tells those of one place apart.
  func id(_ type: String, in resource: ResourceID, at origin: Origin?, key: String) -> Int32 {
    state.withLock { state in
      let place = Place(type: type, resource: resource, origin: origin, key: key)
      if let id = state.ids[place] { return id }
      let id = Int32(state.places.count)
      state.ids[place] = id
      state.places.append(place)
      return id
    }
  }

  /// Where the structure of an id stands, whichever reader has met it.
  subscript(id: Int32) -> Place? {
    state.withLock { state in
      state.places.indices.contains(Int(id)) ? state.places[Int(id)] : nil
    }
  }
}

extension EstateReader {
  /// The object that stands for a structure.
  func structure(_ type: String, _ value: ResolvedValue, in resource: ResourceID, key: String = "") -> ObjectValue {
    let id = estate.structures.id(type, in: resource, at: value.origin, key: key)
    structures[id] = Structure(resource: resource, value: value, key: key)
    return ObjectValue(type, id)
  }

  /// The resource an object is, or stands in.
  func resource(of object: ObjectValue) -> ResourceID {
    guard estate.model.isStructure(object.typeName) else { return ResourceID(object.id) }
    return estate.structures[object.id]?.resource ?? ResourceID(object.id)
  }

  /// What an object of a structure type comes to; nil for a resource.
  func structures(_ object: ObjectValue) -> Structure? {
    estate.model.isStructure(object.typeName) ? structures[object.id] : nil
  }

  /// What is written in an object behind a path of keys and positions.
  func written(_ path: [String], of object: ObjectValue) -> ResolvedValue {
    guard estate.model.isStructure(object.typeName) else {
      guard let name = path.first else { return .absent }
      return property(name, of: ResourceID(object.id)).descending(path.dropFirst())
    }
    return structures[object.id]?.value.descending(path) ?? .absent
  }

  /// A property of a resource with all that is in it.
  func property(_ name: String, of id: ResourceID) -> ResolvedValue {
    if let latestProperty, latestProperty.resource == id, latestProperty.name == name { return latestProperty.value }
    let value = resolver.property(name, of: id)
    latestProperty = (id, name, value)
    return value
  }

  /// The place of what is behind a path of keys in a structure; where nothing is, that of the nearest thing around it.
  func structurePlace(_ object: ObjectValue, _ path: [String]) -> Origin? {
    guard let structure = structures[object.id] else {
      // Another reader has met it, and passes on what it read: the words and places of that are to be the same here.
      return estate.structures[object.id].map { $0.origin ?? estate.deployment.resource($0.resource).origin }
    }
    var value = structure.value
    var place = value.origin
    for key in path {
      guard case .map(let entries, _) = value.content, let entry = entries.first(where: { $0.key == key }),
        !entry.value.isAbsent
      else { break }
      value = entry.value
      place = value.origin ?? entry.keyOrigin
    }
    return place ?? estate.deployment.resource(structure.resource).origin
  }
}
