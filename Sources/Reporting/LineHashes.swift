/// The hashes by which GitHub code scanning recognises a result after its line has moved: for every line of a file
/// the value of `primaryLocationLineHash` that github/codeql-action would compute, so that a report uploaded with and
/// without the action gives the same alerts.
///
/// A line's hash covers the 100 UTF-16 units from its start, over line ends, without spaces and tabs and with every
/// line end read as LF; after the text's end come U+FFFF and zeros. It is a polynomial in 37 modulo 2⁶⁴, in
/// hexadecimal, followed by how many lines so far have had that hash.
package struct LineHashes: Sendable {
  private let hashes: [String]

  /// - Complexity: linear in the text.
  package init(_ bytes: [UInt8]) {
    let (units, lineStarts) = Self.normalized(bytes)
    let windowLength = 100
    var leaving: UInt64 = 1
    for _ in 0..<windowLength { leaving = leaving &* 37 }

    func unit(_ index: Int) -> UInt64 { index < units.count ? UInt64(units[index]) : 0 }
    var window: UInt64 = 0
    for index in 0..<windowLength { window = window &* 37 &+ unit(index) }

    var hashes: [String] = []
    hashes.reserveCapacity(lineStarts.count)
    var seen: [UInt64: Int] = [:]
    var start = 0
    for lineStart in lineStarts {
      while start < lineStart {
        window = window &* 37 &+ unit(start + windowLength) &- leaving &* unit(start)
        start += 1
      }
      let count = seen[window, default: 0] + 1
      seen[window] = count
      hashes.append("\(String(window, radix: 16)):\(count)")
    }
    self.hashes = hashes
  }

  /// The hash of a line, 1-based; nil when there is no such line.
  package func ofLine(_ line: Int) -> String? { hashes.indices.contains(line - 1) ? hashes[line - 1] : nil }

  /// The units that count, the mark of the end included, and where in them each line starts.
  private static func normalized(_ bytes: [UInt8]) -> (units: [UInt16], lineStarts: [Int]) {
    var units: [UInt16] = []
    units.reserveCapacity(bytes.count + 1)
    var lineStarts: [Int] = []
    var isAtLineStart = true
    var isAfterCarriageReturn = false
    func append(_ unit: UInt16) {
      if isAtLineStart { lineStarts.append(units.count) }
      isAtLineStart = unit == 0x0A
      units.append(unit)
    }
    for unit in String(decoding: bytes, as: UTF8.self).utf16 {
      switch unit {
      case 0x20, 0x09: isAfterCarriageReturn = false
      case 0x0D:
        append(0x0A)
        isAfterCarriageReturn = true
      case 0x0A where isAfterCarriageReturn: isAfterCarriageReturn = false
      default:
        append(unit)
        isAfterCarriageReturn = false
      }
    }
    append(0xFFFF)
    return (units, lineStarts)
  }
}
