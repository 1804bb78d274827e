/// Blocks of IPv4 addresses.
enum AddressBlock {
  /// `Fn::Cidr`: the first `count` blocks with `bits` host bits of an IPv4 block; nil where they do not fit, or for
  /// IPv6.
  static func subnets(of block: String, count: Int, bits: Int?) -> [String]? {
    let halves = block.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2, let prefix = Int(halves[1]), (0...32).contains(prefix), let bits, (0...32).contains(bits),
      (1...256).contains(count), 32 - bits >= prefix
    else { return nil }
    let octets = halves[0].split(separator: ".", omittingEmptySubsequences: false).compactMap { UInt8($0) }
    guard octets.count == 4 else { return nil }
    let address = octets.reduce(0) { $0 << 8 | UInt64($1) } & ~((UInt64(1) << UInt64(32 - prefix)) - 1)
    let size = UInt64(1) << UInt64(bits)
    guard UInt64(count) * size <= UInt64(1) << UInt64(32 - prefix) else { return nil }
    return (0..<UInt64(count)).map { index in
      let first = address + index * size
      return "\(first >> 24 & 255).\(first >> 16 & 255).\(first >> 8 & 255).\(first & 255)/\(32 - bits)"
    }
  }
}
