import SourceText

extension SchemaAnalysis {
  /// The tables from which a function deletes rows, or which it empties, read word by word: positions in
  /// ``Catalogue/tables``.
  package func tablesDeletedFrom(byFunction index: Int) -> [Int] {
    guard catalogue.functions.indices.contains(index), let body = catalogue.functions[index].body?.source else {
      return []
    }
    let bytes = body.bytes
    let tokens = SQLLexer.tokens(of: bytes)
    var found: [Int] = []
    for position in tokens.indices.dropLast() {
      var start = position + 1
      if bytes.isKeyword(tokens[position], "delete") {
        guard bytes.isKeyword(tokens[start], "from") else { continue }
        start += 1
      } else if bytes.isKeyword(tokens[position], "truncate") {
        if bytes.isKeyword(tokens[start], "table") { start += 1 }
      } else {
        continue
      }
      if start < tokens.count, bytes.isKeyword(tokens[start], "only") { start += 1 }
      var parts: [String] = []
      while start < tokens.count, tokens[start].kind == .word || tokens[start].kind == .quotedName {
        parts.append(bytes.name(tokens[start]))
        guard start + 1 < tokens.count, bytes.isPunctuation(tokens[start + 1], ".") else { break }
        start += 2
      }
      if !parts.isEmpty, let table = functions.table(parts), !found.contains(table) { found.append(table) }
    }
    return found
  }
}
