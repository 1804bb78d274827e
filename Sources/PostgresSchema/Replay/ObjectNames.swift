/// The names PostgreSQL gives to what a statement leaves unnamed (`ChooseRelationName`, `ChooseConstraintName`).
enum ObjectNames {
  /// The longest identifier, in bytes (NAMEDATALEN - 1).
  static let limit = 63

  /// `table_column_key`, the parts shortened so that it fits, with a number behind while it is taken.
  static func choose(_ first: String, _ second: String?, _ label: String, isTaken: (String) -> Bool) -> String {
    var number = 0
    while true {
      let suffix = number == 0 ? label : label + String(number)
      let name = make(first, second, suffix)
      if !isTaken(name) { return name }
      number += 1
    }
  }

  /// An identifier as PostgreSQL stores it: cut at 63 bytes between characters.
  static func truncated(_ name: String) -> String {
    name.utf8.count <= limit ? name : prefix(name, limit)
  }

  private static func make(_ first: String, _ second: String?, _ label: String) -> String {
    var firstCount = first.utf8.count
    var secondCount = second?.utf8.count ?? 0
    let overhead = (second == nil ? 0 : 1) + (label.isEmpty ? 0 : label.utf8.count + 1)
    while firstCount + secondCount > limit - overhead, firstCount + secondCount > 0 {
      if firstCount > secondCount { firstCount -= 1 } else { secondCount -= 1 }
    }
    var name = prefix(first, firstCount)
    if let second { name += "_" + prefix(second, secondCount) }
    if !label.isEmpty { name += "_" + label }
    return name
  }

  /// The longest prefix of whole characters within a number of bytes.
  private static func prefix(_ name: String, _ count: Int) -> String {
    guard name.utf8.count > count else { return name }
    var bytes = 0
    var result = String.UnicodeScalarView()
    for scalar in name.unicodeScalars {
      bytes += UTF8.width(scalar)
      if bytes > count { break }
      result.append(scalar)
    }
    return String(result)
  }
}
