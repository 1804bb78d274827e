/// How much a failed rule matters. BLEA pages a person on `high` and `critical`, hence the default of `--fail-on`.
package enum Severity: String, CaseIterable, Hashable, Comparable, Sendable {
  case info, low, medium, high, critical

  package static func < (a: Severity, b: Severity) -> Bool { a.order < b.order }

  /// 0 for `info` to 4 for `critical`.
  package var order: Int {
    switch self {
    case .info: 0
    case .low: 1
    case .medium: 2
    case .high: 3
    case .critical: 4
    }
  }
}

/// What judging a rule on a subject comes to. `unknown` is never `pass`.
package enum Verdict: String, CaseIterable, Hashable, Sendable {
  case pass, fail, unknown, notApplicable
}

/// The languages that rules are explained in.
package enum Language: String, CaseIterable, Hashable, Sendable {
  case en, ja
}

/// A text in the languages of ``Language``; English is always there.
package struct LocalizedText: Hashable, Sendable {
  package let en: String
  package let ja: String?

  package init(en: String, ja: String? = nil) {
    self.en = en
    self.ja = ja
  }

  /// The text in a language, English where it has none.
  package func callAsFunction(_ language: Language) -> String { language == .ja ? ja ?? en : en }
}
