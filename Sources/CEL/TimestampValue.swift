/// A moment, to the nanosecond, between the years 1 and 9999.
public struct TimestampValue: Hashable, Comparable, Sendable {
  /// Seconds since 1970-01-01T00:00:00Z.
  public let seconds: Int64
  /// Nanoseconds after that second, from 0 to 999,999,999.
  public let nanoseconds: Int32

  static let bounds: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

  /// A moment; nil outside the years 1 to 9999.
  public init?(seconds: Int64, nanoseconds: Int32 = 0) {
    guard TimestampValue.bounds.contains(seconds), 0..<1_000_000_000 ~= nanoseconds else { return nil }
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// Reads RFC 3339, such as `2009-02-13T23:31:30.5Z`; nil when the text is anything else or out of range.
  public init?(_ text: String) {
    var scanner = DigitScanner(text)
    guard
      let year = scanner.digits(4), scanner.take("-"), let month = scanner.digits(2), scanner.take("-"),
      let day = scanner.digits(2), scanner.take("T") || scanner.take("t"), let hour = scanner.digits(2),
      scanner.take(":"), let minute = scanner.digits(2), scanner.take(":"), let second = scanner.digits(2),
      1...12 ~= month, day >= 1, day <= CivilDate.days(inMonth: month, of: year), hour < 24, minute < 60, second < 60
    else { return nil }
    var nanoseconds = 0
    if scanner.take(".") {
      guard let fraction = scanner.fraction() else { return nil }
      nanoseconds = fraction
    }
    var offset = 0
    if !(scanner.take("Z") || scanner.take("z")) {
      let isNegative = scanner.take("-")
      guard isNegative || scanner.take("+"), let hours = scanner.digits(2), scanner.take(":"),
        let minutes = scanner.digits(2), hours < 24, minutes < 60
      else { return nil }
      offset = (hours * 60 + minutes) * (isNegative ? -60 : 60)
    }
    guard scanner.isAtEnd else { return nil }
    let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
    self.init(
      seconds: Int64(days * 86_400 + hour * 3_600 + minute * 60 + second - offset), nanoseconds: Int32(nanoseconds))
  }

  public static func < (a: TimestampValue, b: TimestampValue) -> Bool {
    (a.seconds, a.nanoseconds) < (b.seconds, b.nanoseconds)
  }

  /// The moment that is a duration later; nil when it is out of range.
  func advanced(by duration: DurationValue) -> TimestampValue? {
    let (seconds, fraction) = duration.nanoseconds.flooredDivision(by: 1_000_000_000)
    let (carry, nanoseconds) = (Int64(self.nanoseconds) + fraction).flooredDivision(by: 1_000_000_000)
    return TimestampValue(seconds: self.seconds + seconds + carry, nanoseconds: Int32(nanoseconds))
  }

  /// The time since another moment; nil when it does not fit a duration.
  func duration(since other: TimestampValue) -> DurationValue? {
    DurationValue(
      seconds: seconds - other.seconds, nanoseconds: Int64(nanoseconds) - Int64(other.nanoseconds))
  }

  /// A part of date or time, at an offset in seconds east of UTC.
  func component(_ component: Component, offset: Int64) -> Int64 {
    let (days, second) = (seconds + offset).flooredDivision(by: 86_400)
    switch component {
    case .hours: return second / 3_600
    case .minutes: return second / 60 % 60
    case .seconds: return second % 60
    case .milliseconds: return Int64(nanoseconds) / 1_000_000
    case .dayOfWeek: return (days + 4).flooredDivision(by: 7).remainder
    case .fullYear, .month, .date, .dayOfMonth, .dayOfYear: break
    }
    let date = CivilDate(daysSinceEpoch: Int(days))
    switch component {
    case .fullYear: return Int64(date.year)
    case .month: return Int64(date.month - 1)
    case .date: return Int64(date.day)
    case .dayOfMonth: return Int64(date.day - 1)
    default: return days - Int64(CivilDate(year: date.year, month: 1, day: 1).daysSinceEpoch)
    }
  }

  /// What the accessors of a timestamp read, each named after its own.
  enum Component: String, CaseIterable {
    case fullYear, month, date, dayOfMonth, dayOfWeek, dayOfYear, hours, minutes, seconds, milliseconds
  }

  /// The offset in seconds of `UTC` or of a fixed offset such as `+09:00` or `02:00`; nil for anything else, in
  /// particular for names of the time zone database, which would have to be read from files.
  static func offset(ofZone name: String) -> Int64? {
    if name == "UTC" || name == "GMT" || name == "Z" || name.isEmpty { return 0 }
    var scanner = DigitScanner(name)
    let isNegative = scanner.take("-")
    if !isNegative { _ = scanner.take("+") }
    guard let hours = scanner.digits(2), scanner.take(":"), let minutes = scanner.digits(2), scanner.isAtEnd,
      hours < 24, minutes < 60
    else { return nil }
    return Int64((hours * 60 + minutes) * (isNegative ? -60 : 60))
  }
}

extension TimestampValue: CustomStringConvertible {
  /// RFC 3339 in UTC, with as many groups of three decimals as needed.
  public var description: String {
    let (days, second) = seconds.flooredDivision(by: 86_400)
    let date = CivilDate(daysSinceEpoch: Int(days))
    let day = "\(date.year.padded(4))-\(date.month.padded(2))-\(date.day.padded(2))"
    let time = "\(Int(second / 3_600).padded(2)):\(Int(second / 60 % 60).padded(2)):\(Int(second % 60).padded(2))"
    return "\(day)T\(time)\(DurationValue.fraction(Int64(nanoseconds)))Z"
  }
}

/// A span of time, to the nanosecond; about 292 years in either direction, for it is counted in nanoseconds.
public struct DurationValue: Hashable, Comparable, Sendable {
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

/// A day of the proleptic Gregorian calendar. After Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms":
/// years begin in March, so that the leap day is the last.
struct CivilDate {
  let year: Int
  let month: Int
  let day: Int

  init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  init(daysSinceEpoch: Int) {
    let (era, dayOfEra) = (daysSinceEpoch + 719_468).flooredDivision(by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shifted + 2) / 5 + 1
    month = shifted < 10 ? shifted + 3 : shifted - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  var daysSinceEpoch: Int {
    let (era, yearOfEra) = (month <= 2 ? year - 1 : year).flooredDivision(by: 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  static func days(inMonth month: Int, of year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }
}

extension BinaryInteger {
  /// The quotient rounded down, and a remainder that is never negative.
  fileprivate func flooredDivision(by divisor: Self) -> (quotient: Self, remainder: Self) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

extension Int {
  fileprivate func padded(_ width: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
  }
}

/// Reads digits of fixed width.
private struct DigitScanner {
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
