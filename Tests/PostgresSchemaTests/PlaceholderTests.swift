import SourceText
import Testing

@testable import PostgresSchema

struct PlaceholderTests {
  @Test(
    arguments: [
      ("CREATE TABLE ${schema}.users (id int)", "__schema_.users"),
      ("CREATE TABLE ${p}_users (id int)", "public.__p__users"),
      ("CREATE TABLE app_${p}_users (id int)", "public.app___p__users"),
      ("CREATE TABLE $(S).users (id int)", "__s_.users"),
      ("CREATE TABLE {{ app }}.users (id int)", "___app___.users"),
      ("CREATE TABLE {{.prefix}}users (id int)", "public.___prefix__users"),
      ("CREATE TABLE <%= app %>.users (id int)", "____app___.users"),
      ("CREATE TABLE @app@.users (id int)", "_app_.users"),
      ("CREATE TABLE :APP.users (id int)", "_app.users"),
      ("CREATE TABLE :\"app\".users (id int)", "_app.users"),
      ("CREATE TABLE \"${app}\".users (id int)", "__app_.users"),
      ("\\set app shop\nCREATE TABLE :app.users (id int)", "shop.users"),
      ("{% if big %}\nCREATE TABLE users (id int);\n{% endif %}", "public.users"),
      ("DO $$ BEGIN CREATE TABLE ${app}.users (id int); END $$", "__app_.users"),
    ])
  func namesStandForPlaceholders(_ sql: String, _ table: String) throws {
    let fixture = CatalogueFixture(sql)
    #expect(fixture.tableNames == [table])
    let written = try #require(fixture.text(fixture.catalogue.tables.first?.origin.span))
    #expect(written.hasSuffix("users") && sql.contains(written))
    #expect(fixture.catalogue.unparsedStatements.isEmpty)
    let isKnown = sql.hasPrefix("\\set")
    #expect(fixture.diagnostics.allSatisfy { $0.id == "sql-placeholder" && $0.severity == .note })
    #expect(fixture.diagnostics.isEmpty == isKnown)
  }

  @Test(
    arguments: [
      "CREATE TABLE t (a int[] DEFAULT '{{1,2},{3,4}}')",
      "CREATE TABLE t (a text DEFAULT '${x}', b text DEFAULT ':y')",
      "CREATE TABLE t (a int); CREATE VIEW v AS SELECT (array[1,2,3])[1:2], '1'::int FROM t",
      "CREATE FUNCTION f() RETURNS int[] LANGUAGE sql AS $$ SELECT '{{1,2},{3,4}}'::int[] $$",
      "-- ${x} :y {{ z }}\nCREATE TABLE t (a int)",
      "CREATE TABLE t (a jsonb CHECK (a @> '{\"b\":1}'))",
      "INSERT INTO t VALUES ('${x}', :y)",
    ])
  func whatIsNoPlaceholderStays(_ sql: String) {
    let fixture = CatalogueFixture(sql)
    #expect(fixture.diagnostics.isEmpty)
    #expect(fixture.catalogue.unparsedStatements.isEmpty)
  }

  @Test func templatesOfSeveralDatabasesAreReadForPostgreSQL() throws {
    let fixture = CatalogueFixture(
      """
      {{- /* all of them */ -}}
      CREATE TABLE {{.prefix}}blocks (
        {{if .mysql}}`schema`{{else}}schema{{end}} bigint,
        {{if .postgres}}at timestamptz{{end}}{{if or .mysql .sqlite}}at datetime(6){{end}}
      ) {{if .mysql}}DEFAULT CHARACTER SET utf8mb4{{end}};
      {{if eq .Dialect "postgres"}}
      ALTER TABLE {{.prefix}}blocks ENABLE ROW LEVEL SECURITY;
      {{else}}
      ALTER TABLE {{.prefix}}blocks MODIFY at;
      {{end}}
      {% if dialect == 'mysql' %}ENGINE{% else %}CREATE TABLE b (id int);{% endif %}
      <% if postgres %>CREATE TABLE c (id int);<% end %>
      """)
    #expect(fixture.catalogue.unparsedStatements.isEmpty)
    #expect(fixture.tableNames == ["public.___prefix__blocks", "public.b", "public.c"])
    let table = try #require(fixture.table("public.___prefix__blocks"))
    #expect(table.columns.map(\.name) == ["schema", "at"])
    #expect(table.rowSecurity.truth == .yes)
  }

  @Test func whatATemplateDecidesIsTherePerhaps() {
    let fixture = CatalogueFixture(
      """
      CREATE TABLE a (id int);
      {{if .plugin}}
      ALTER TABLE a ENABLE ROW LEVEL SECURITY;
      {{else}}
      ALTER TABLE a ADD COLUMN x int;
      {{end}}
      CREATE TABLE b (id int {{if .wide}}, x int{{else}}, y int{{end}});
      """)
    #expect(fixture.catalogue.unparsedStatements.isEmpty)
    #expect(fixture.table("public.a")?.rowSecurity.truth.known == nil)
    #expect(fixture.table("public.a")?.uncertainty[.columns] != nil)
    #expect(fixture.table("public.b")?.columns.map(\.name) == ["id", "x"])
    #expect(fixture.diagnostics.map(\.id) == ["sql-placeholder", "sql-placeholder"])
  }

  @Test func callsOfATemplateDoWhatTheirNameSays() {
    let fixture = CatalogueFixture(
      """
      CREATE TABLE a (id int);
      {{ addColumnIfNeeded "a" "root_id" "varchar(36)" "" }}
      CREATE TABLE b (id int);
      """)
    #expect(fixture.catalogue.unparsedStatements.isEmpty)
    #expect(fixture.tableNames == ["public.a", "public.b"])
    #expect(fixture.catalogue.dynamicSQL.map(\.aspects) == [[.columns]])
    #expect(fixture.table("public.a")?.uncertainty[.columns] != nil)
    #expect(fixture.table("public.b")?.uncertainty.isEmpty == true)
  }

  @Test(
    arguments: [
      "CREATE TABLE t (a text DEFAULT '{{if}}'); SELECT '<% if x';", "CREATE TABLE t (a text); {{end}}",
      "{{if .x}} CREATE TABLE t (a int);", "CREATE TABLE t (a int[] DEFAULT '{{1,2},{3,4}}')",
    ])
  func whatIsNotClosedIsNoControl(_ sql: String) {
    #expect(TemplateControls(Array(sql.utf8)) == nil)
  }

  @Test func valuesKeepTheirPlaces() {
    let fixture = CatalogueFixture(
      "CREATE TABLE t (a text DEFAULT :'greeting', «b» int)".replacing("«", with: "")
        .replacing("»", with: ""))
    let column = fixture.table("public.t")?.column(named: "b")
    #expect(fixture.text(column?.nameSpan) == "b")
    #expect(fixture.text(fixture.table("public.t")?.column(named: "a")?.defaultExpression?.span) == ":'greeting'")
  }

  @Test func wideFilesAreReadAtTheirPlaces() throws {
    let text = "-- é 😀\nCREATE TABLE café (id int);\n"
    for isLittle in [true, false] {
      var bytes: [UInt8] = isLittle ? [0xFF, 0xFE] : [0xFE, 0xFF]
      for unit in text.utf16 {
        let pair = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
        bytes += isLittle ? pair : pair.reversed()
      }
      let fixture = CatalogueFixture(bytes)
      let span = try #require(fixture.table("public.café")?.origin.span)
      #expect(fixture.text(span) == "café")
      let lower = fixture.file.offsetInFile(span.lower)
      let upper = fixture.file.offsetInFile(span.upper)
      #expect(lower == 2 + 2 * "-- é 😀\nCREATE TABLE ".utf16.count && upper == lower + 8)
      #expect(fixture.file.fileBytes == bytes)
    }
  }

  @Test func brokenUTF16IsReplaced() {
    #expect(Transcoding.utf8(fromUTF16: [0xFF, 0xFE, 0x61, 0x00, 0x62]) == Array("a\u{FFFD}".utf8))
    #expect(Transcoding.utf8(fromUTF16: [0xFE, 0xFF, 0xD8, 0x00, 0x00, 0x61]) == Array("\u{FFFD}a".utf8))
    #expect(Transcoding.utf8(fromUTF16: [0xFF, 0xFE]) == [])
    #expect(Transcoding.utf8(fromUTF16: [0x61, 0x00]) == nil)
    #expect(Transcoding.utf8(fromUTF16: [0xFF, 0xFE, 0, 0]) == nil)
  }
}
