/// The version in a Flyway file's name: `V1_2__users.sql`, `R__views.sql`, `U2__undo.sql`, `B3__baseline.sql`.
struct FlywayVersion: Hashable {
  enum Kind: Hashable { case versioned, repeatable, undo, baseline }

  let kind: Kind
  /// `1_2` and `1.2` are the parts 1 and 2; empty for repeatable ones.
  let parts: [Int]
  let description: String

  init?(_ name: String) {
    switch name.first {
    case "V": kind = .versioned
    case "R": kind = .repeatable
    case "U": kind = .undo
    case "B": kind = .baseline
    default: return nil
    }
    guard let separator = name.range(of: "__") else { return nil }
    let version = name[..<separator.lowerBound].dropFirst()
    parts = version.split { $0 == "_" || $0 == "." }.compactMap { Int($0) }
    guard kind == .repeatable ? version.isEmpty : !parts.isEmpty else { return nil }
    guard version.allSatisfy({ $0.isNumber || $0 == "_" || $0 == "." }) else { return nil }
    description = String(name[separator.upperBound...])
  }

  /// Versions compare part by part; a missing part is 0.
  static func precedes(_ a: [Int], _ b: [Int]) -> Bool {
    for index in 0..<max(a.count, b.count) {
      let left = index < a.count ? a[index] : 0
      let right = index < b.count ? b[index] : 0
      if left != right { return left < right }
    }
    return false
  }
}

extension String {
  /// The first occurrence of another string.
  fileprivate func range(of other: String) -> Range<String.Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(other) { return start..<index(start, offsetBy: other.count) }
      start = index(after: start)
    }
    return nil
  }
}
