/// Which statements leave no trace, because the transaction or savepoint they belong to is rolled back.
enum Transactions {
  /// The positions of statements that a ROLLBACK in the same text undoes. A transaction still open at the end counts
  /// as committed: migration tools commit for the file.
  static func undone(_ statements: [Statement], in bytes: [UInt8]) -> Set<Int> {
    var undone: Set<Int> = []
    var start: Int?
    var savepoints: [(name: String, index: Int)] = []
    for (index, statement) in statements.enumerated() {
      switch statement.kind(in: bytes) {
      case .begin:
        start = start ?? index
      case .commit:
        start = nil
        savepoints.removeAll()
      case .rollback:
        if let begin = start { undone.formUnion(begin...index) }
        start = nil
        savepoints.removeAll()
      case .savepoint(let name):
        savepoints.append((name, index))
      case .rollbackTo(let name):
        guard let at = savepoints.lastIndex(where: { $0.name == name }) else { continue }
        undone.formUnion(savepoints[at].index + 1..<index)
        savepoints.removeSubrange((at + 1)...)
      default:
        continue
      }
    }
    return undone
  }
}
