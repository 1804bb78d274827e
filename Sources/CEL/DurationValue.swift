/// A span of time, to the nanosecond; about 292 years in either direction, for it is counted in nanoseconds.
public struct DurationValue: Hashable, Comparable, Sendable {
  /// The length in nanoseconds.
  public let nanoseconds: Int64

  /// So many nanoseconds.
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// So many seconds and nanoseconds; nil when they do not fit.
  public init?(seconds: Int64, nanoseconds: Int64 = 0) {
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, isOver) = product.addingReportingOverflow(nanoseconds)
    guard !overflow, !isOver else { return nil }
    self.init(nanoseconds: sum)
  }

  /// Reads numbers with units, such as `1h30m` or `-1.5s`; the units are `h`, `m`, `s`, `ms`, `us` (or `µs`) and
  /// `ns`. Nil when the text is anything else or does not fit.
  public init?(_ text: String) {
    var scanner = DigitScanner(text)
    let isNegative = scanner.take("-")
    if !isNegative { _ = scanner.take("+") }
    if text == "0" || text == "-0" || text == "+0" {
      self.init(nanoseconds: 0)
      return
    }
    var total: Int64 = 0
    var count = 0
    while !scanner.isAtEnd {
      guard let (whole, fraction) = scanner.decimal() else { return nil }
      let unit: Int64
      if scanner.take("ns") {
        unit = 1
      } else if scanner.take("us") || scanner.take("µs") || scanner.take("μs") {
        unit = 1_000
      } else if scanner.take("ms") {
        unit = 1_000_000
      } else if scanner.take("s") {
        unit = 1_000_000_000
      } else if scanner.take("m") {
        unit = 60_000_000_000
      } else if scanner.take("h") {
        unit = 3_600_000_000_000
      } else {
        return nil
      }
      let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
      let (part, isOver) = product.addingReportingOverflow(Int64(fraction * Double(unit)))
      let (sum, isOverSum) = total.addingReportingOverflow(part)
      guard !overflow, !isOver, !isOverSum else { return nil }
      total = sum
      count += 1
    }
    guard count > 0 else { return nil }
    self.init(nanoseconds: isNegative ? -total : total)
  }

  /// Whether one duration is shorter than another, negative ones being the shortest.
  public static func < (a: DurationValue, b: DurationValue) -> Bool { a.nanoseconds < b.nanoseconds }

  /// A dot and the decimals of a second, in groups of three; empty for none.
  static func fraction(_ nanoseconds: Int64) -> String {
    guard nanoseconds != 0 else { return "" }
    if nanoseconds % 1_000_000 == 0 { return "." + Int(nanoseconds / 1_000_000).padded(3) }
    if nanoseconds % 1_000 == 0 { return "." + Int(nanoseconds / 1_000).padded(6) }
    return "." + Int(nanoseconds).padded(9)
  }
}

extension DurationValue: CustomStringConvertible {
  /// Seconds with the decimals needed, such as `1000000s` or `1.5s`.
  public var description: String {
    let magnitude = nanoseconds.magnitude
    var decimals = String(magnitude % 1_000_000_000)
    decimals = String(repeating: "0", count: 9 - decimals.utf8.count) + decimals
    while decimals.hasSuffix("0") { decimals.removeLast() }
    let sign = nanoseconds < 0 ? "-" : ""
    return "\(sign)\(magnitude / 1_000_000_000)\(decimals.isEmpty ? "" : "." + decimals)s"
  }
}
