import CPgQuery

/// Names as PostgreSQL prints them.
package enum QuotedName {
  /// `quote_ident`: in double quotes unless it is in lower case and no keyword but an unreserved one.
  package static func of(_ name: String) -> String {
    var isPlain = !name.isEmpty
    for (index, byte) in name.utf8.enumerated() {
      let isDigit = (0x30...0x39).contains(byte)
      if !((0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_") || index > 0 && isDigit) { isPlain = false }
    }
    if isPlain, !isKeyword(name) { return name }
    return "\"" + name.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }

  /// Whether PostgreSQL's scanner takes a plain word for a keyword that is not unreserved.
  private static func isKeyword(_ word: String) -> Bool {
    let result = pg_query_scan(word)
    defer { pg_query_free_scan_result(result) }
    guard result.error == nil,
      let data = UnsafeRawPointer(result.pbuf.data)?.assumingMemoryBound(to: UInt8.self),
      let scan = pg_query__scan_result__unpack(nil, result.pbuf.len, data)
    else { return false }
    defer { pg_query__scan_result__free_unpacked(scan, nil) }
    guard scan.pointee.n_tokens > 0, let token = scan.pointee.tokens[0] else { return false }
    return token.pointee.keyword_kind != PG_QUERY__KEYWORD_KIND__NO_KEYWORD
      && token.pointee.keyword_kind != PG_QUERY__KEYWORD_KIND__UNRESERVED_KEYWORD
  }
}

extension QualifiedName {
  /// As `regclass` prints it with an empty search path.
  var quoted: String { QuotedName.of(schema) + "." + QuotedName.of(name) }
}
