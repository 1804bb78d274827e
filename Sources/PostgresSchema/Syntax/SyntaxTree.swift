import CPgQuery
import Glibc

/// The syntax tree of one statement, as PostgreSQL's own grammar (libpg_query) builds it. The only place where the
/// parser is called: the tree's memory belongs to this object, and its nodes are valid as long as it lives.
///
/// Unchecked, for its memory stays as it is once the tree has been read.
final class SyntaxTree: @unchecked Sendable {
  /// Where the nodes are.
  private let arena: SyntaxArena

  /// The statement's node. Locations within count bytes from the start of the parsed text.
  let statement: Node

  typealias Node = UnsafeMutablePointer<PgQuery__Node>

  private init(_ arena: SyntaxArena, _ statement: Node) {
    self.arena = arena
    self.statement = statement
  }

  /// Why a text did not parse.
  struct Failure: Error, Hashable {
    /// PostgreSQL's own words, without a full stop.
    let message: String
    /// Byte offset into the text where the grammar gave up; nil when it does not say.
    let offset: Int?
  }

  /// Parses one statement.
  static func parse(_ text: some Collection<UInt8>) -> Result<SyntaxTree, Failure> {
    // The parser would stop at a NUL byte as if the text ended there; the server takes none.
    if let zero = text.firstIndex(of: 0) {
      let offset = text.distance(from: text.startIndex, to: zero)
      return .failure(Failure(message: "invalid byte 0x00", offset: offset))
    }
    return withCString(text) { pointer in
      let parsed = pg_query_parse(pointer)
      defer { pg_query_free_parse_result(parsed) }
      if let error = parsed.error { return .failure(failure(error.pointee, in: text)) }
      guard let json = parsed.parse_tree, let reading = SyntaxReader.read(json) else {
        return .failure(Failure(message: "the syntax tree cannot be read", offset: nil))
      }
      let result = reading.result.pointee
      guard result.n_stmts > 0, let statement = result.stmts[0]?.pointee.stmt else {
        return .failure(Failure(message: "there is no statement", offset: nil))
      }
      guard result.n_stmts == 1 else {
        return .failure(Failure(message: "there is more than one statement", offset: nil))
      }
      if reading.hasNumbersLeftOut, mayHaveNegativeNumber(text), let packed = packed(pointer) {
        return .success(packed)
      }
      return .success(SyntaxTree(reading.arena, statement))
    }
  }

  /// Whether a minus stands before a number or a bracket, where the grammar makes one constant of both.
  private static func mayHaveNegativeNumber(_ text: some Collection<UInt8>) -> Bool {
    guard text.contains(UInt8(ascii: "-")) else { return false }
    let bytes = Array(text)
    let tokens = SQLLexer.tokens(of: bytes)
    return zip(tokens, tokens.dropFirst()).contains { token, next in
      token.kind == .operator && bytes[token.upper - 1] == UInt8(ascii: "-")
        && (next.kind == .number || bytes.isPunctuation(next, "("))
    }
  }

  /// The tree of a text that parses, by way of protobuf: slower, and right about negative numbers.
  private static func packed(_ text: UnsafePointer<CChar>) -> SyntaxTree? {
    let parsed = pg_query_parse_protobuf(text)
    defer { pg_query_free_protobuf_parse_result(parsed) }
    let arena = SyntaxArena(expecting: Int(parsed.parse_tree.len) * 4)
    var allocator = ProtobufCAllocator(
      alloc: { arena, size in
        arena.map { Unmanaged<SyntaxArena>.fromOpaque($0).takeUnretainedValue().allocate(size) }
      },
      free: { _, _ in }, allocator_data: Unmanaged.passUnretained(arena).toOpaque())
    let data = UnsafeRawPointer(parsed.parse_tree.data)?.assumingMemoryBound(to: UInt8.self)
    guard parsed.error == nil,
      let result = pg_query__parse_result__unpack(&allocator, parsed.parse_tree.len, data),
      result.pointee.n_stmts == 1, let statement = result.pointee.stmts[0]?.pointee.stmt
    else { return nil }
    return SyntaxTree(arena, statement)
  }

  /// Parses the PL/pgSQL body of a CREATE FUNCTION, CREATE PROCEDURE or DO statement; the result is JSON.
  static func parsePLpgSQL(_ statement: some Collection<UInt8>) -> Result<[UInt8], Failure> {
    withCString(statement) { pointer in
      let parsed = pg_query_parse_plpgsql(pointer)
      defer { pg_query_free_plpgsql_parse_result(parsed) }
      if let error = parsed.error { return .failure(failure(error.pointee, in: statement)) }
      guard let json = parsed.plpgsql_funcs else { return .failure(Failure(message: "there is no body", offset: nil)) }
      return .success(Array(UnsafeRawBufferPointer(start: json, count: strlen(json))))
    }
  }

  private static func withCString<R>(_ text: some Collection<UInt8>, _ body: (UnsafePointer<CChar>) -> R) -> R {
    let count = text.count
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count + 1) { buffer in
      let end = buffer.initialize(fromContentsOf: text)
      buffer.initializeElement(at: end, to: 0)
      return buffer.withMemoryRebound(to: CChar.self) { bound in
        bound.baseAddress.map { body(UnsafePointer($0)) } ?? "".withCString(body)
      }
    }
  }

  /// `cursorpos` counts characters from 1; bytes that are not UTF-8 count as one each.
  private static func failure(_ error: PgQueryError, in text: some Collection<UInt8>) -> Failure {
    let message = error.message.map { String(cString: $0) } ?? "syntax error"
    guard error.cursorpos > 0 else { return Failure(message: message, offset: nil) }
    var characters = 0
    var offset = 0
    for byte in text {
      if byte & 0xC0 != 0x80 { characters += 1 }
      if characters == error.cursorpos { break }
      offset += 1
    }
    return Failure(message: message, offset: offset)
  }
}
