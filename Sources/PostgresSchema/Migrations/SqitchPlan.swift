/// The changes of a `sqitch.plan`, in order.
struct SqitchPlan: Hashable {
  static let fileName = "sqitch.plan"

  static func isPlan(_ path: String) -> Bool { path == fileName || path.hasSuffix("/" + fileName) }

  /// The folder of the plan, with a slash behind it unless it is the root.
  let root: String
  /// Names of changes; one that is reworked after a tag stands once for each (`users`, then `users` again).
  let changes: [String]

  /// How many changes stand in front of each tag.
  private let tags: [String: Int]

  init(_ bytes: [UInt8], at path: String) {
    root = String(path.dropLast(SqitchPlan.fileName.count))
    var changes: [String] = []
    var tags: [String: Int] = [:]
    for line in bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      let words = String(decoding: line, as: UTF8.self).split(maxSplits: 1, whereSeparator: \.isWhitespace)
      guard let word = words.first, let first = word.first, first != "%", first != "#" else { continue }
      if first == "@" { tags[String(word.dropFirst())] = changes.count } else { changes.append(String(word)) }
    }
    self.changes = changes
    self.tags = tags
  }

  /// The folder of the changes' scripts, whose own folders mean nothing to the order.
  var scripts: String { root + "deploy" }

  /// A file's place in the plan: `deploy/users.sql` is the change `users` as it was made last, and `deploy/users@v1.sql`
  /// as it was when `v1` was tagged.
  func position(of path: String) -> Int? {
    guard path.hasPrefix(scripts + "/"), path.hasSuffix(".sql") else { return nil }
    let name = path.dropFirst(scripts.count + 1).dropLast(4)
    guard let sign = name.firstIndex(of: "@") else { return changes.lastIndex(of: String(name)) }
    let end = tags[String(name[name.index(after: sign)...])] ?? changes.count
    return changes[..<end].lastIndex(of: String(name[..<sign]))
  }
}
