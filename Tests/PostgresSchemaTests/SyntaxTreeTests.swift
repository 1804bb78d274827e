import CPgQuery
import Foundation
import SourceText
import Testing

@testable import PostgresSchema

/// The trees that are read from libpg_query's JSON are those that it packs to protobuf, byte for byte.
struct SyntaxTreeTests {
  private static let statements: [[UInt8]] = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Fixtures")
    let names = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".sql") }.sorted().flatMap { name -> [[UInt8]] in
      let bytes = FileManager.default.contents(atPath: root.appendingPathComponent(name).path).map { Array($0) } ?? []
      let text = MappedText(SourceFile(id: FileID(0), path: name, bytes: bytes))
      return StatementSplitter.split(text).map { Array(text.bytes[$0.range]) }
    }
  }()

  @Test func fixtures() {
    var compared = 0
    for statement in Self.statements {
      guard !Self.hasHiddenNumbers(statement), let packed = Self.protobuf(statement) else { continue }
      #expect(Self.packed(statement) == packed, "\(String(decoding: statement, as: UTF8.self))")
      compared += 1
    }
    #expect(compared > 1_000)
  }

  @Test(arguments: [
    "SELECT 'quotes \" and \\ and / é \u{1F600}', E'a\\nb\\tc\\rd\\x01\\x7f', U&'\\0041', ''",
    "SELECT -2147483648, 2147483647, 9223372036854775807, 1.5e-300, 0, B'01', X'FF', NULL, true, false",
    "SELECT a[1:2], b[1], (c).d.*, $1, ARRAY[[1, 2], [3, 4]], ROW(1, 2), (1, 2) = (3, 4)",
    "SELECT count(*) FILTER (WHERE x) OVER (PARTITION BY a ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t",
    "WITH RECURSIVE a AS MATERIALIZED (SELECT 1 UNION ALL SELECT 2) SELECT DISTINCT ON (x) * FROM a NATURAL JOIN b "
      + "LEFT JOIN LATERAL f(1) WITH ORDINALITY AS g(h, i) USING (h) FOR UPDATE OF a SKIP LOCKED LIMIT 3",
    "CREATE TABLE s.\"T\" (a int GENERATED ALWAYS AS IDENTITY (START 5), b text COLLATE \"C\" DEFAULT '', "
      + "EXCLUDE USING gist (a WITH =) WHERE (b > '')) PARTITION BY RANGE (a, lower(b)) WITH (fillfactor = 70)",
    "CREATE TABLE p PARTITION OF t FOR VALUES FROM (MINVALUE) TO (10)",
    "MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN UPDATE SET b = 1 WHEN NOT MATCHED THEN INSERT VALUES (1)",
    "INSERT INTO t VALUES (DEFAULT) ON CONFLICT (a) WHERE b DO UPDATE SET (a, b) = (SELECT 1, 2) RETURNING *",
    "CREATE FUNCTION f(INOUT a int = 1, b text) RETURNS SETOF record LANGUAGE sql COST 10 ROWS 5 "
      + "BEGIN ATOMIC SELECT 1; SELECT 2; END",
    "SELECT XMLELEMENT(NAME a, XMLATTRIBUTES(1 AS b)), GROUPING(a), x AT TIME ZONE 'UTC', CURRENT_TIMESTAMP(3) "
      + "FROM XMLTABLE('/a' PASSING x COLUMNS b int PATH 'c', n FOR ORDINALITY) GROUP BY GROUPING SETS ((a), ())",
    "GRANT SELECT (a, b), UPDATE ON TABLE t, u TO CURRENT_USER, PUBLIC WITH GRANT OPTION GRANTED BY x",
    "ALTER TABLE t ALTER a SET STATISTICS -1, ALTER b SET STORAGE external, ADD CHECK (a > 0) NOT VALID NO INHERIT",
    "CREATE TRIGGER t AFTER UPDATE OF a OR DELETE ON b REFERENCING OLD TABLE AS o FOR EACH ROW WHEN (OLD.a > 1) "
      + "EXECUTE FUNCTION f('x')", "COPY t (a) FROM '/x' WITH (FORMAT csv, FORCE_NULL (a))",
    "DECLARE c SCROLL CURSOR FOR SELECT 1", "EXPLAIN (ANALYZE, COSTS off) SELECT 1", "LOCK TABLE t IN SHARE MODE",
    "CREATE OPERATOR CLASS c FOR TYPE int USING btree AS OPERATOR 1 <, FUNCTION 1 f(int, int)", "VACUUM (FULL) t (a)",
  ])
  func everyKindOfMember(_ sql: String) throws {
    let statement = Array(sql.utf8)
    let packed = try #require(Self.protobuf(statement), "it does not parse")
    #expect(Self.packed(statement) == packed)
  }

  /// `int[]` has the bound -1, and an aggregate -1 direct arguments, which the JSON does not tell from 0. Nobody asks.
  private static func hasHiddenNumbers(_ statement: [UInt8]) -> Bool {
    let text = String(decoding: statement, as: UTF8.self)
    return ["[", " ARRAY", "CREATE AGGREGATE"].contains { text.contains($0) }
  }

  /// Our tree, packed.
  private static func packed(_ statement: [UInt8]) -> [UInt8]? {
    guard case .success(let tree) = SyntaxTree.parse(statement) else { return nil }
    return packed(tree.statement)
  }

  /// The tree that the library packs itself.
  private static func protobuf(_ statement: [UInt8]) -> [UInt8]? {
    let parsed = pg_query_parse_protobuf(String(decoding: statement, as: UTF8.self))
    defer { pg_query_free_protobuf_parse_result(parsed) }
    let data = UnsafeRawPointer(parsed.parse_tree.data)?.assumingMemoryBound(to: UInt8.self)
    guard parsed.error == nil, let result = pg_query__parse_result__unpack(nil, parsed.parse_tree.len, data)
    else { return nil }
    defer { pg_query__parse_result__free_unpacked(result, nil) }
    guard result.pointee.n_stmts == 1, let node = result.pointee.stmts[0]?.pointee.stmt else { return nil }
    return packed(node)
  }

  private static func packed(_ node: UnsafeMutablePointer<PgQuery__Node>) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: pg_query__node__get_packed_size(node)) { buffer, count in
      count = pg_query__node__pack(node, buffer.baseAddress)
    }
  }
}
