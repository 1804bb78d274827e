import SourceText

extension Node {
  /// The decoded text of a scalar, in its own spelling; empty for collections.
  package var text: String {
    let record = record
    guard record.kind == .scalar else { return "" }
    let range = Int(record.first)..<Int(record.first) + Int(record.count)
    switch record.place {
    case .file:
      return storage.bytes.withUnsafeBufferPointer {
        String(decoding: UnsafeBufferPointer(rebasing: $0[range]), as: UTF8.self)
      }
    case .pool:
      return storage.pool.withUnsafeBufferPointer {
        String(decoding: UnsafeBufferPointer(rebasing: $0[range]), as: UTF8.self)
      }
    case .escaped:
      return storage.bytes.withUnsafeBufferPointer { bytes in
        var decoded: [UInt8] = []
        decoded.reserveCapacity(range.count)
        JSONString.decode(bytes, range, into: &decoded)
        return String(decoding: decoded, as: UTF8.self)
      }
    }
  }

  /// The decoded text of a scalar with the way back to the file: its bytes are those of ``text``, and each maps to
  /// the byte or escape sequence that it came from. Empty for collections.
  package var mappedText: MappedText {
    let record = record
    let isQuoted = record.kind == .scalar && (record.style == .doubleQuoted || record.style == .singleQuoted)
    var mapped = MappedText(file: storage.file, at: Int(record.content) + (isQuoted ? 1 : 0))
    guard record.kind == .scalar else { return mapped }
    let range = Int(record.first)..<Int(record.first) + Int(record.count)
    storage.bytes.withUnsafeBufferPointer { bytes in
      switch (record.place, storage.format) {
      case (.file, _):
        mapped.copy(UnsafeBufferPointer(rebasing: bytes[range]), at: range.lowerBound)
      case (.escaped, _), (.pool, .json):
        let inside = Int(record.lower) + 1..<Int(record.upper) - 1
        JSONString.walk(bytes, inside) { part in
          switch part {
          case .copied(let run): mapped.copy(UnsafeBufferPointer(rebasing: bytes[run]), at: run.lowerBound)
          case .escape(let character, let run):
            var decoded: [UInt8] = []
            UTF8Encoding.append(character, to: &decoded)
            mapped.append(decoded, for: run)
          }
        }
      case (.pool, .yaml):
        let content = Int(record.content)..<Int(record.upper)
        let text = storage.pool[range]
        if let exact = YAMLScalarMap.mapped(bytes, content, record.style, text, in: storage.file) {
          mapped = exact
        } else {
          mapped.append(text, for: content)
        }
      }
    }
    return mapped
  }
}
