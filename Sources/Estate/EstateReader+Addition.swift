import CEL
import CloudFormation
import Documents
import SourceText
import Values

extension EstateReader {
  /// The edit that writes a member of a resource that is not written yet, so that a fix can set it.
  ///
  /// - Parameters:
  ///   - text: the scalar, not yet quoted.
  ///   - value: the object.
  ///   - members: the path of members from the object, of which all but the last are written.
  /// - Returns: nil where it is written, and where what it belongs to is not written out: put together by functions, in a
  ///   place shared by others, or not there at all.
  package func addition(of text: String, to value: Value, members: [String]) -> TextEdit? {
    guard case .object(let object) = value, let name = members.first else { return nil }
    let source = estate.model.member(name, of: object.typeName)?.source
    switch source {
    case .reference, .derived:
      return addition(of: text, to: member(name, of: object).value, members: Array(members.dropFirst()))
    case .property, .attribute: break
    default: return nil
    }
    guard Model.isResource(object.typeName) else { return nil }
    let declaration = estate.deployment.resource(ResourceID(object.id)).declaration
    // What SAM turns into something else has other properties.
    guard declaration.node["Type"]?.text == declaration.type, declaration.node.isWrittenOut else { return nil }
    var path = members
    if case .property = source { path.insert("Properties", at: 0) }
    guard let key = path.popLast() else { return nil }
    var mapping = declaration.node
    for step in path {
      guard let entry = mapping.entry(step), entry.value.isWrittenOut, entry.valueSpan == entry.value.span else {
        return nil
      }
      mapping = entry.value
    }
    return mapping.entry(key) == nil ? mapping.addition(of: key, text) : nil
  }
}

extension Node {
  /// Whether this is a mapping and no call of a function, nor one with a part that a function makes.
  fileprivate var isWrittenOut: Bool {
    kind == .mapping && tag == nil
      && !entries.contains { $0.key.text.hasPrefix("Fn::") || ($0.key.text == "Ref" && entries.count == 1) }
  }
}
