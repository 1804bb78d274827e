/// The changes of a `sqitch.plan`, in order.
struct SqitchPlan: Hashable {
  static let fileName = "sqitch.plan"

  /// The folder of the plan, with a slash behind it unless it is the root.
  let root: String
  /// Names of changes; one that is reworked after a tag stands once for each (`users`, then `users` again).
  let changes: [String]

  init(_ bytes: [UInt8], at path: String) {
    root = String(path.dropLast(SqitchPlan.fileName.count))
    changes = bytes.split(separator: 0x0A).compactMap { line in
      let text = String(decoding: line, as: UTF8.self)
      guard let first = text.first, first != "%", first != "@", first != "#" else { return nil }
      return text.split(whereSeparator: \.isWhitespace).first.map(String.init)
    }
  }

  /// A file's place in the plan: `deploy/users.sql` is the change `users`, and `deploy/users@v1.sql` its state before
  /// it was reworked.
  func position(of path: String) -> Int? {
    let folder = root + "deploy/"
    guard path.hasPrefix(folder), path.hasSuffix(".sql") else { return nil }
    let name = path.dropFirst(folder.count).dropLast(4)
    if let tag = name.firstIndex(of: "@") { return changes.firstIndex(of: String(name[..<tag])) }
    return changes.lastIndex(of: String(name))
  }
}
