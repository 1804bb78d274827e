/// Rows of a printed table: the first column to the left, numbers to the right.
struct TextTable {
  private var rows: [[String]]

  init(_ heading: String...) { rows = [heading] }

  mutating func add(_ row: String...) { rows.append(row) }

  var text: String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    var lines: [String] = []
    for row in rows {
      var line = ""
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        line += column == 0 ? cell + space : "  " + space + cell
      }
      lines.append(line)
    }
    lines.insert(String(repeating: "-", count: widths.reduce(0, +) + 2 * max(0, columns - 1)), at: 1)
    return lines.joined(separator: "\n")
  }
}

extension Double {
  /// The number with a fixed count of decimals.
  func formatted(_ decimals: Int) -> String {
    guard isFinite else { return "-" }
    let factor = (0..<decimals).reduce(1.0) { product, _ in product * 10 }
    let scaled = Int((self * factor).rounded())
    guard decimals > 0 else { return String(scaled) }
    let fraction = String(scaled % Int(factor))
    return "\(scaled / Int(factor))." + String(repeating: "0", count: decimals - fraction.count) + fraction
  }
}
