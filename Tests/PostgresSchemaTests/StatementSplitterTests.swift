import SourceText
import Testing

@testable import PostgresSchema

struct StatementSplitterTests {
  private func split(_ sql: String) -> [String] {
    let file = SourceFile(id: FileID(0), path: "a.sql", bytes: Array(sql.utf8))
    let text = MappedText(file)
    return StatementSplitter.split(text).map { file.text(text.span($0.range)) }
  }

  @Test(arguments: [
    ("a; b;;c", ["a", "b", "c"]),
    ("-- x;\na /* ; /* ; */ */ b; -- end;", ["a /* ; /* ; */ */ b"]),
    ("a ';' b; c", ["a ';' b", "c"]),
    (#"a E'\';' b; c"#, [#"a E'\';' b"#, "c"]),
    (#"a '\'; b"#, [#"a '\'"#, "b"]),
    ("a \"x;\"\"y\"; b", ["a \"x;\"\"y\"", "b"]),
    ("a $$;$$ b; c $x$;$$;$x$; d$1;e", ["a $$;$$ b", "c $x$;$$;$x$", "d$1", "e"]),
    ("a (b; c); d", ["a (b; c)", "d"]),
    ("\u{FEFF}a; b", ["a", "b"]),
    ("\\connect x\na; \\echo 'b;\nc\\gexec\nd", ["a", "c", "d"]),
    ("copy t from stdin;\n1;'2\n\\.\nb; c", ["copy t from stdin", "b", "c"]),
    ("copy t from 'file'; b", ["copy t from 'file'", "b"]),
    (
      "create function f() returns int begin atomic select 1; select case when true then 1 end; end; b",
      ["create function f() returns int begin atomic select 1; select case when true then 1 end; end", "b"]
    ),
    ("begin; select 1; end; b", ["begin", "select 1", "end", "b"]),
    ("a 'never closed; b", ["a 'never closed; b"]),
    ("a $q$ never; b", ["a $q$ never; b"]),
    ("", []), (";;;", []), ("-- only a comment", []),
  ])
  func splits(_ sql: String, _ statements: [String]) {
    #expect(split(sql) == statements)
  }

  @Test func commentsBelongToTheStatementBehindThem() {
    let bytes = Array("-- one\na; -- after\n/* two */ b".utf8)
    let statements = StatementSplitter.split(MappedText(SourceFile(id: FileID(0), path: "a", bytes: bytes)))
    #expect(statements.map { $0.leadingComments.map { bytes.text($0) } } == [["-- one"], ["/* two */"]])
  }
}
