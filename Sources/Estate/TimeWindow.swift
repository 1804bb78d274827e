import CEL
import Values

/// A window of RDS: daily (`17:00-18:00`) or weekly (`sun:18:30-sun:19:00`), in UTC. It may go over midnight, a weekly
/// one over the end of the week.
struct TimeWindow {
  static let day = 24 * 60
  static let week = 7 * day
  private static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  /// Minutes since midnight, or since Monday's.
  let start: Int
  /// In minutes; zero where it ends when it starts.
  let length: Int
  let isWeekly: Bool

  private var period: Int { isWeekly ? Self.week : Self.day }

  /// Reads a window; nil for any other text.
  init?(_ text: String) {
    let ends = text.lowercased().split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let from = Self.moment(ends[0]), let to = Self.moment(ends[1]),
      from.isWeekly == to.isWeekly
    else { return nil }
    isWeekly = from.isWeekly
    start = from.minute
    let period = isWeekly ? Self.week : Self.day
    length = (to.minute - from.minute + period) % period
  }

  private init(start: Int, length: Int, isWeekly: Bool) {
    let period = isWeekly ? Self.week : Self.day
    self.start = (start % period + period) % period
    self.length = length
    self.isWeekly = isWeekly
  }

  /// `ddd:hh:mm`, or `hh:mm`.
  private static func moment(_ text: Substring) -> (minute: Int, isWeekly: Bool)? {
    var parts = text.split(separator: ":", omittingEmptySubsequences: false)
    var minutes = 0
    let isWeekly = parts.count == 3
    if isWeekly {
      guard let day = days.firstIndex(of: String(parts.removeFirst())) else { return nil }
      minutes = day * Self.day
    }
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { 48...57 ~= $0 } }),
      let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
    else { return nil }
    return (minutes + hour * 60 + minute, isWeekly)
  }

  /// The same window by clocks that are so many minutes ahead.
  func shifted(by minutes: Int) -> TimeWindow {
    TimeWindow(start: start + minutes % period, length: length, isWeekly: isWeekly)
  }

  /// Whether both have a moment in common; a daily one is there on each day of a weekly one's.
  func overlaps(_ other: TimeWindow) -> Bool {
    let period = isWeekly && other.isWeekly ? Self.week : Self.day
    func follows(_ a: TimeWindow, _ b: TimeWindow) -> Bool {
      ((b.start - a.start) % period + period) % period < a.length
    }
    return length > 0 && other.length > 0 && (follows(self, other) || follows(other, self))
  }

  var text: String {
    func moment(_ minute: Int) -> String {
      func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
      let time = "\(two(minute % Self.day / 60)):\(two(minute % 60))"
      return isWeekly ? "\(Self.days[minute / Self.day]):\(time)" : time
    }
    return "\(moment(start))-\(moment((start + length) % period))"
  }
}

/// CEL functions over windows. What is no window makes them unknown: RDS would not take it either.
extension EstateFunctions {
  static let windows: [FunctionDeclaration] = [windowsOverlap, windowMinutes, shiftWindow]

  private static let windowsOverlap = FunctionDeclaration(
    "windowsOverlap", [.init([.string, .string], returning: .bool)],
    documentation: "Whether two windows such as '17:00-18:00' and 'sun:18:30-sun:19:00' have a moment in common."
  ) { arguments, _ in
    withWindow(arguments, 0) { first in withWindow(arguments, 1) { .bool(first.overlaps($0)) } }
  }

  private static let windowMinutes = FunctionDeclaration(
    "windowMinutes", [.init([.string], returning: .int)], documentation: "How many minutes a window lasts."
  ) { arguments, _ in
    withWindow(arguments, 0) { .int(Int64($0.length)) }
  }

  private static let shiftWindow = FunctionDeclaration(
    "shiftWindow", [.init([.string, .string], returning: .string)],
    documentation: "A window in UTC by clocks of an offset such as '+09:00'."
  ) { arguments, _ in
    guard arguments.count == 2, case .string(let offset) = arguments[1] else { return .null }
    let digits = offset.utf8.dropFirst().split(separator: UInt8(ascii: ":")).compactMap { Int(String($0) ?? "") }
    guard digits.count == 2, digits[0] < 24, digits[1] < 60, let sign = offset.first, sign == "+" || sign == "-"
    else { return cannotTell("'\(offset)' is no offset from UTC", cure: "write it like +09:00") }
    let minutes = digits[0] * 60 + digits[1]
    return withWindow(arguments, 0) { .string($0.shifted(by: sign == "-" ? -minutes : minutes).text) }
  }

  private static func withWindow(_ arguments: [Value], _ index: Int, _ body: (TimeWindow) -> Value) -> Value {
    guard arguments.indices.contains(index), case .string(let text) = arguments[index] else { return .null }
    guard let window = TimeWindow(text) else {
      return cannotTell("'\(text)' is no window", cure: "write it like 17:00-18:00 or sun:18:30-sun:19:00")
    }
    return body(window)
  }

  private static func cannotTell(_ why: String, cure: String) -> Value {
    .unknown(Unknown(Reason(.malformed, why, cure: cure)))
  }
}
