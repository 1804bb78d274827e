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

  /// Whether one moment is before another.
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
