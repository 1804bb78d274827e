/// Blocks of IP addresses.
package enum AddressBlock {
  /// Whether one block has all addresses of another; nil where either is no block. Blocks of IPv4 and of IPv6 have no
  /// addresses in common.
  package static func contains(_ outer: String, _ inner: String) -> Bool? {
    guard let outer = parsed(outer), let inner = parsed(inner) else { return nil }
    guard outer.address.count == inner.address.count, outer.prefix <= inner.prefix else { return false }
    return cleared(outer.address, from: outer.prefix) == cleared(inner.address, from: outer.prefix)
  }

  private static func parsed(_ block: String) -> (address: [UInt8], prefix: Int)? {
    let halves = block.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2, let prefix = Int(halves[1]) else { return nil }
    guard let address = halves[0].contains(":") ? groups(of: halves[0]) : octets(of: halves[0]),
      (0...address.count * 8).contains(prefix)
    else { return nil }
    return (address, prefix)
  }

  /// `Fn::Cidr`: the first `count` blocks with `bits` host bits of a block; nil where they do not fit. Without `bits`,
  /// IPv6 blocks are cut into /64s.
  static func subnets(of block: String, count: Int, bits: Int?) -> [String]? {
    let halves = block.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2, let prefix = Int(halves[1]), (1...256).contains(count) else { return nil }
    let isIPv6 = halves[0].contains(":")
    let width = isIPv6 ? 128 : 32
    let hostBits = bits ?? (isIPv6 ? 64 : -1)
    guard (0...width).contains(prefix), (0..<width).contains(hostBits), width - hostBits >= prefix,
      let address = isIPv6 ? groups(of: halves[0]) : octets(of: halves[0])
    else { return nil }
    // So many blocks there are.
    let spare = width - hostBits - prefix
    guard spare >= 9 || count <= 1 << spare else { return nil }
    let network = cleared(address, from: prefix)
    return (0..<count).map { index in
      let first = adding(index, atBit: hostBits, to: network)
      return (isIPv6 ? written(first) : first.map(String.init).joined(separator: ".")) + "/\(width - hostBits)"
    }
  }

  private static func octets(of text: Substring) -> [UInt8]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let octets = parts.compactMap { UInt8($0) }
    return parts.count == 4 && octets.count == 4 ? octets : nil
  }

  /// The 16 bytes of an IPv6 address.
  private static func groups(of text: Substring) -> [UInt8]? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (3...9).contains(parts.count) else { return nil }
    var before: [UInt8] = []
    var after: [UInt8]?
    for (index, part) in parts.enumerated() {
      if part.isEmpty {
        // `::` stands for zeros; at either end it is two empty parts.
        let isEdge = index == 0 || index == parts.count - 1
        if isEdge { continue }
        guard after == nil else { return nil }
        after = []
        continue
      }
      guard part.utf8.count <= 4, let group = UInt16(part, radix: 16) else { return nil }
      let bytes = [UInt8(group >> 8), UInt8(group & 255)]
      if after == nil { before += bytes } else { after? += bytes }
    }
    guard let after else { return before.count == 16 ? before : nil }
    guard before.count + after.count < 16 else { return nil }
    return before + [UInt8](repeating: 0, count: 16 - before.count - after.count) + after
  }

  /// The address with all bits behind the prefix zero.
  private static func cleared(_ address: [UInt8], from prefix: Int) -> [UInt8] {
    address.enumerated().map { index, byte in
      let kept = min(max(prefix - index * 8, 0), 8)
      return kept == 8 ? byte : byte & ~(UInt8(0xFF) >> UInt8(kept))
    }
  }

  /// The address plus `value · 2^bit`, without its overflow.
  private static func adding(_ value: Int, atBit bit: Int, to address: [UInt8]) -> [UInt8] {
    var address = address
    var carry = value << (bit % 8)
    var index = address.count - 1 - bit / 8
    while carry > 0, index >= 0 {
      carry += Int(address[index])
      address[index] = UInt8(carry & 255)
      carry >>= 8
      index -= 1
    }
    return address
  }

  /// As RFC 5952 writes it: the longest run of zero groups is `::`.
  private static func written(_ address: [UInt8]) -> String {
    let groups = stride(from: 0, to: 16, by: 2).map { UInt16(address[$0]) << 8 | UInt16(address[$0 + 1]) }
    var best = 0..<0
    var start = 0
    while start < groups.count {
      var end = start
      while end < groups.count, groups[end] == 0 { end += 1 }
      if end - start > max(best.count, 1) { best = start..<end }
      start = max(end, start + 1)
    }
    let hexadecimal = groups.map { String($0, radix: 16) }
    guard !best.isEmpty else { return hexadecimal.joined(separator: ":") }
    return hexadecimal[..<best.lowerBound].joined(separator: ":") + "::"
      + hexadecimal[best.upperBound...].joined(separator: ":")
  }
}
