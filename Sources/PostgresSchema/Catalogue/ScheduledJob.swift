import SourceText
import Values

/// SQL that the database runs by itself, at times that a schedule tells (pg_cron's `cron.job`).
package struct ScheduledJob: Hashable, Sendable {
  /// nil: without a name, or with one that is not known.
  package let name: String?
  /// The call that schedules it.
  package let origin: Origin
  /// As written, in cron's or pg_cron's own notation (`0 3 * * *`, `30 seconds`); nil where it is not known.
  package let schedule: String?
  /// The SQL that it runs; nil where it is not known.
  package let command: SQLExpression?
  /// The database it runs in; nil: the one it is scheduled in.
  package let database: String?
  /// What it does: the statements of its command, and of the project's own functions that they call.
  package internal(set) var statements: [JobStatement] = []
  /// Why it may not be there.
  package let uncertainty: Unknown?
}

/// One statement of what a job does.
package struct JobStatement: Hashable, Sendable {
  /// `DELETE`, `UPDATE`, `INSERT`, `TRUNCATE`, `DROP`, `ALTER`, `SELECT`, `CALL`; `OTHER` for the rest.
  package let kind: String
  /// The statement, or the part of it that writes.
  package let span: Span
  /// The tables it writes to, as `schema.name`.
  package let tables: [String]
  /// The functions it calls, as `schema.name` where one of the project is meant, else as written.
  package let calls: [String]
  /// The names of columns that its WHERE clause reads, as far as its words tell.
  package let columns: [String]
  /// How old rows are that it deletes: N of `column < now() - interval 'N days'`, in whole days, a month as 30 and a
  /// year as 365 of them.
  package let ageDays: Int?
}

/// How an extension looks after the partitions of a table.
package struct ManagedPartitioning: Hashable, Sendable {
  /// `pg_partman` or `timescaledb`.
  package let manager: String
  /// The call that hands the table over.
  package let origin: Origin
  /// The column whose values part the rows.
  package let column: String?
  /// As written.
  package let interval: String?
  /// After which time partitions go; nil: never, or not known.
  package internal(set) var retention: Fact<String>?
  /// Partitions that are too old are only taken from the table, and stay as tables of their own.
  package internal(set) var keepsExpired: Bool
}

/// Lengths of time as SQL writes them.
package enum IntervalText {
  /// Whole days of `7 years`, `1 year 6 mons`, `P90D`'s SQL form aside; a month counts 30, a year 365; nil for what is
  /// no length of time.
  package static func days(_ text: String) -> Int? {
    var total = 0.0
    var number: Double?
    var isAny = false
    for word in text.lowercased().split(whereSeparator: { $0 == " " || $0 == "," }) {
      if let value = Double(word) {
        number = value
        continue
      }
      let digits = word.prefix { $0.isNumber || $0 == "." || $0 == "-" }
      if !digits.isEmpty { number = Double(digits) }
      guard let count = number, let unit = length(of: String(word.dropFirst(digits.count))) else { return nil }
      total += count * unit
      number = nil
      isAny = true
    }
    guard isAny, number == nil, total.magnitude < 1e9 else { return nil }
    return Int(total)
  }

  /// A unit's length in days.
  private static func length(of unit: String) -> Double? {
    switch unit {
    case "y", "yr", "yrs", "year", "years": 365
    case "mon", "mons", "month", "months": 30
    case "w", "week", "weeks": 7
    case "d", "day", "days": 1
    case "h", "hr", "hrs", "hour", "hours": 1 / 24
    case "m", "min", "mins", "minute", "minutes": 1 / 1440
    case "s", "sec", "secs", "second", "seconds": 1 / 86400
    case "decade", "decades": 3650
    default: nil
    }
  }
}
