/// Reads digits of fixed width.
struct DigitScanner {
  private let bytes: [UInt8]
  private var at = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  var isAtEnd: Bool { at == bytes.count }

  mutating func take(_ text: String) -> Bool {
    guard bytes[at...].starts(with: text.utf8) else { return false }
    at += text.utf8.count
    return true
  }

  private mutating func digit() -> Int? {
    guard at < bytes.count, 0x30...0x39 ~= bytes[at] else { return nil }
    at += 1
    return Int(bytes[at - 1]) - 0x30
  }

  mutating func digits(_ count: Int) -> Int? {
    var value = 0
    for _ in 0..<count {
      guard let digit = digit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  /// One or more decimals of a second as nanoseconds; what is finer is dropped.
  mutating func fraction() -> Int? {
    var value = 0
    var count = 0
    while let digit = digit() {
      if count < 9 { value = value * 10 + digit }
      count += 1
    }
    guard count > 0 else { return nil }
    for _ in count..<max(count, 9) { value *= 10 }
    return value
  }

  /// A number with or without decimals.
  mutating func decimal() -> (whole: Int64, fraction: Double)? {
    var whole: Int64 = 0
    var count = 0
    while let digit = digit() {
      let (product, overflow) = whole.multipliedReportingOverflow(by: 10)
      let (sum, isOver) = product.addingReportingOverflow(Int64(digit))
      guard !overflow, !isOver else { return nil }
      whole = sum
      count += 1
    }
    var fraction = 0.0
    if take(".") {
      var numerator = 0.0
      var scale = 1.0
      while let digit = digit() {
        count += 1
        guard scale < 1e15 else { continue }
        numerator = numerator * 10 + Double(digit)
        scale *= 10
      }
      fraction = numerator / scale
    }
    return count > 0 ? (whole, fraction) : nil
  }
}
