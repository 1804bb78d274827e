/// The parts of a migration that migrate up, where one file holds both directions.
enum UpParts {
  /// Ranges between `-- +goose Up`, `-- migrate:up`, `-- +migrate Up` or `-- Up Migration` and the matching down
  /// marker; the whole file where it has no such marker.
  static func find(in bytes: [UInt8]) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var start = 0
    var isUp = true
    var hasMarker = false
    var line = 0
    while line < bytes.count {
      let end = bytes[line...].firstLineEnd ?? bytes.count
      if let direction = direction(of: bytes[line..<end]) {
        if isUp, hasMarker || direction == .down { parts.append(start..<line) }
        hasMarker = true
        isUp = direction == .up
        start = min(end + 1, bytes.count)
      }
      line = end + 1
    }
    if isUp { parts.append(start..<bytes.count) }
    return hasMarker ? parts.filter { !$0.isEmpty } : [0..<bytes.count]
  }

  private enum Direction { case up, down }

  private static func direction(of line: ArraySlice<UInt8>) -> Direction? {
    guard line.first == UInt8(ascii: "-"), line.dropFirst().first == UInt8(ascii: "-") else { return nil }
    // Most comments begin with no word that a marker begins with.
    let start = line.dropFirst(2).first { $0 != 0x20 && $0 != 0x09 }.map { $0 | 0x20 }
    guard let start, "+mud".utf8.contains(start) else { return nil }
    let words = line.dropFirst(2).split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }.map {
      String(decoding: $0, as: UTF8.self).lowercased()
    }
    switch words.prefix(2) {
    case ["+goose", "up"], ["+migrate", "up"], ["up", "migration"]: return .up
    case ["+goose", "down"], ["+migrate", "down"], ["down", "migration"]: return .down
    default: break
    }
    switch words.first {
    case "migrate:up": return .up
    case "migrate:down": return .down
    default: return nil
    }
  }
}
