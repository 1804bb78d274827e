import Values

/// Collects the pieces of a string and folds them to the simplest content.
struct StringFold {
  private(set) var parts: [TemplatePart] = []

  mutating func append(_ text: String) {
    guard !text.isEmpty else { return }
    if case .literal(var before)? = parts.last {
      // Taken out so that the text grows in its place: many pieces would be copied again and again.
      parts[parts.count - 1] = .literal("")
      before += text
      parts[parts.count - 1] = .literal(before)
    } else {
      parts.append(.literal(text))
    }
  }

  mutating func append(contentsOf more: [TemplatePart]) {
    for part in more {
      if case .literal(let text) = part { append(text) } else { parts.append(part) }
    }
  }

  /// Without the blanks at both ends.
  var trimmed: StringFold {
    var copy = self
    if case .literal(let text)? = copy.parts.first {
      copy.parts[0] = .literal(String(text.drop { $0 == " " }))
    }
    if case .literal(var text)? = copy.parts.last {
      while text.last == " " { text.removeLast() }
      copy.parts[copy.parts.count - 1] = .literal(text)
    }
    copy.parts.removeAll { $0 == .literal("") }
    return copy
  }

  /// A scalar where all is known; else the reference, the unknown, or the string with holes.
  var content: Content {
    let parts = StringFold.withDynamicReferences(parts)
    if parts.isEmpty { return .scalar("", isPlain: false) }
    guard parts.count == 1, let only = parts.first else { return .template(parts) }
    return switch only {
    case .literal(let text): .scalar(text, isPlain: false)
    case .reference(let resource, let attribute): .reference(resource, attribute: attribute)
    case .unknown(let unknown): .unknown(unknown)
    case .dynamicReference(let reference): .dynamicReference(reference)
    case .pseudo: .template(parts)
    }
  }

  private static let opening = Array("{{resolve:".utf8)
  private static let closing = Array("}}".utf8)

  /// True where the text may hold a dynamic reference.
  static func mayHoldDynamicReference(_ text: String) -> Bool {
    text.utf8.contains(UInt8(ascii: "{")) && ByteSearch.first(opening, in: Array(text.utf8)[...]) != nil
  }

  /// Dynamic references may be assembled from several parts: they are looked for over all of them.
  private static func withDynamicReferences(_ parts: [TemplatePart]) -> [TemplatePart] {
    let holdsAny = parts.contains { part in
      if case .literal(let text) = part { return mayHoldDynamicReference(text) }
      return false
    }
    guard holdsAny else { return parts }
    var result = StringFold()
    /// The kind and key of the reference that is open, and its text so far in case it never closes.
    var open: (kind: DynamicReference.Kind, key: StringFold, written: StringFold)?
    for part in parts {
      guard case .literal(let text) = part else {
        if open == nil { result.parts.append(part) }
        open?.key.append(contentsOf: [part])
        open?.written.append(contentsOf: [part])
        continue
      }
      let bytes = Array(text.utf8)
      var rest = bytes[...]
      while !rest.isEmpty {
        if var current = open {
          guard let end = ByteSearch.first(closing, in: rest) else {
            current.key.append(String(decoding: rest, as: UTF8.self))
            current.written.append(String(decoding: rest, as: UTF8.self))
            open = current
            break
          }
          current.key.append(String(decoding: rest[rest.startIndex..<end], as: UTF8.self))
          result.parts.append(.dynamicReference(DynamicReference(kind: current.kind, key: current.key.parts)))
          open = nil
          rest = rest[(end + closing.count)...]
        } else {
          guard let start = ByteSearch.first(opening, in: rest) else {
            result.append(String(decoding: rest, as: UTF8.self))
            break
          }
          result.append(String(decoding: rest[rest.startIndex..<start], as: UTF8.self))
          let after = rest[(start + opening.count)...]
          let colon = after.firstIndex(of: UInt8(ascii: ":"))
          guard let colon,
            let kind = DynamicReference.Kind(rawValue: String(decoding: after[after.startIndex..<colon], as: UTF8.self))
          else {
            result.append("{{resolve:")
            rest = after
            continue
          }
          var written = StringFold()
          written.append(String(decoding: rest[start...colon], as: UTF8.self))
          open = (kind, StringFold(), written)
          rest = after[(colon + 1)...]
        }
      }
    }
    if let open { result.append(contentsOf: open.written.parts) }
    return result.parts
  }
}
