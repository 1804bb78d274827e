import CEL
import SourceText
import Testing
import Values

@Suite struct NarrowingTests {
  @Test(arguments: [
    "has(cluster.backup) && cluster.backup > 7",
    "!has(cluster.backup) || cluster.backup > 7",
    "has(cluster.backup) ? cluster.backup > 7 : false",
    "!has(cluster.backup) ? true : cluster.backup > 7",
    "!(!has(cluster.backup) || cluster.port == 1) && cluster.backup > 7",
    "(has(cluster.backup) && cluster.isPublic) ? cluster.backup > 7 : true",
    "(has(cluster.backup) ? cluster.isPublic : false) && cluster.backup > 7",
    "cluster.?backup.hasValue() && cluster.backup > 7",
    "cluster.?backup.orValue(0) > 7",
    "cluster.?backup.optMap(b, b > 7).orValue(false)",
    "has(cluster.key) && has(cluster.key.rotates) && cluster.key.rotates",
    "has(cluster.?key.rotates) && cluster.key.rotates && cluster.key.origin == 'x'",
    "cluster.?key.?rotates.orValue(false) && cluster.key.rotates",
    "cluster.?key.alias.orValue('') == 'a' && cluster.key.alias != ''",
    "cluster.?key.alias.orValue('') != '' && cluster.key.alias != ''",
    "cluster.?key.optMap(k, k.origin == 'x' && cluster.key.origin == 'x').orValue(true)",
    "clusters.all(c, !has(c.backup) || c.backup > 7)",
    "clusters.map(c, has(c.backup), c.backup).all(b, b > 7)",
    "clusters.exists(c, has(c.key) && c.members.all(d, c.key.origin == d.name))",
    "has(clusters[0].backup) && clusters[0].backup > 1",
    "cel.bind(c, cluster, has(c.backup) && cluster.backup > 7)",
    "has(cluster.key) && cel.bind(k, cluster.key, k.origin == 'x')",
    "clusters.filter(c, has(c.backup)).all(d, d.backup > 7)",
    "clusters.filter(c, has(c.backup)).filter(c, has(c.key)).exists(d, d.backup > 7 && d.key.origin == '')",
    "clusters.filter(c, has(c.backup)).sortBy(c, c.backup).all(i, c, c.backup > i)",
    "clusters.filter(c, has(c.?key.rotates)).map(c, c.key).all(k, k.rotates)",
    "clusters.map(c, has(c.backup), c).all(c, c.backup > 7)",
    "cel.bind(kept, clusters.filter(c, has(c.backup)), kept.all(c, c.backup > 7))",
  ])
  func `a tested member may be read`(text: String) {
    #expect(compile(text, SampleTypes.environment).diagnostics.map(\.message) == [])
  }

  @Test(arguments: [
    "cluster.backup > 7 && has(cluster.backup)",
    "has(cluster.backup) || cluster.backup > 7",
    "!has(cluster.backup) && cluster.backup > 7",
    "has(cluster.backup) ? true : cluster.backup > 7",
    "(has(cluster.backup) || cluster.isPublic) && cluster.backup > 7",
    "has(cluster.key) && cluster.key.rotates",
    "has(cluster.key.rotates)",
    "clusters.exists(c, has(c.backup)) && clusters.all(c, c.backup > 1)",
    "clusters.all(c, has(c.backup)) && cluster.backup > 1",
    "has(clusters[0].backup) && clusters[1].backup > 1",
    "has(cluster.backup) && clusters.all(cluster, cluster.backup > 7)",
    "clusters.filter(c, !has(c.backup)).all(d, d.backup > 7)",
    "clusters.filter(c, has(c.backup)).map(c, c.members).flatten().all(d, d.backup > 7)",
    "clusters.filter(c, has(c.backup)).all(c, c.members.all(c, c.backup > 7))",
    "(clusters + clusters.filter(c, has(c.backup))).all(d, d.backup > 7)",
    "cluster.?backup.orValue(8) == 8 && cluster.backup > 7",
    "cluster.?key.optMap(k, k.rotates).orValue(true)",
    "cluster.?key.orValue(clusters[0].?key.value()).alias == 'a'",
  ])
  func `a member that is not surely there may not`(text: String) {
    #expect(compile(text, SampleTypes.environment).diagnostics.map(\.id) == ["optional-without-guard"])
  }

  @Test func `facts go from one expression to the next`() throws {
    let environment = SampleTypes.environment
    let gate = compile("has(cluster.backup) && cluster.isPublic", environment)
    let after = CEL.Expression.compile(
      mapped("cluster.backup > 7"), in: environment.declaring("key", .dyn), assuming: gate.factsWhenTrue)
    #expect(after.diagnostics == [])
    let without = CEL.Expression.compile(mapped("cluster.backup > 7"), in: environment)
    #expect(without.diagnostics.count == 1)
  }

  @Test func `where an optional has a value, all on the way to it is there`() throws {
    let environment = SampleTypes.environment
    let gate = try #require(compile("cluster.?key.?alias", environment).expression)
    let after = CEL.Expression.compile(
      mapped("cluster.key.alias == cluster.key.origin"), in: environment, assuming: gate.factsWhenPresent)
    #expect(after.diagnostics == [])
  }

  @Test func `facts about elements go to the variable that stands for one`() throws {
    let environment = SampleTypes.environment
    let source = try #require(compile("clusters.filter(c, has(c.backup))", environment).expression)
    let body = CEL.Expression.compile(
      mapped("each.backup > 7"), in: environment.declaring("each", .object("Cluster")),
      assuming: source.factsAboutElements(named: "each"))
    #expect(body.diagnostics == [])
  }

  @Test func `what an expression reads can be told`() throws {
    let expression = try #require(
      compile("clusters.all(c, c.?key.rotates.orValue(false)) && size(wanted) > 0", SampleTypes.environment).expression)
    #expect(expression.references.identifiers == ["clusters", "wanted"])
    #expect(
      expression.references.members == [
        .init(typeName: "Cluster", name: "key"), .init(typeName: "Key", name: "rotates"),
      ])
    #expect(expression.references.functions == ["size", "orValue"])
  }

  @Test func `a path can be told from other expressions`() throws {
    let environment = SampleTypes.environment
    let path: (String) -> MemberPath? = { compile($0, environment).expression?.memberPath }
    #expect(path("cluster") == MemberPath("cluster"))
    #expect(path("cluster.?key.rotates") == MemberPath("cluster", [.member("key"), .member("rotates")]))
    #expect(path("clusters[0].tags['a b']") == MemberPath("clusters", [.index(0), .member("tags"), .key("a b")]))
    #expect(path("cluster.port + 1") == nil)
    #expect(path("clusters[size(wanted)]") == nil)
    #expect(path("cluster.?key.optMap(k, k.origin)") == nil)
    #expect(path("clusters.map(c, c.name)") == nil)
    #expect(path("cluster.tags['a']")?.description == "cluster.tags['a']")
  }

  @Test(arguments: [
    ("[]", "list(dyn)"), ("[] + [1]", "list(int)"), ("[1, 'a']", "list(dyn)"), ("{'a': [1]}", "map(string, list(int))"),
    ("cluster.?backup", "optional_type(int)"), ("clusters.map(c, c.port)", "list(int)"),
    ("clusters.filter(c, c.isPublic)", "list(Cluster)"), ("clusters.map(c, c.members).flatten()", "list(Cluster)"),
    ("cluster.?key.optMap(k, k.origin).orValue('')", "string"), ("cluster.tags.map(k, k)", "list(string)"),
    ("math.greatest(1, 2)", "int"), ("cluster.zones.first()", "optional_type(string)"),
    ("cluster.tags.transformList(k, v, size(v))", "list(int)"),
    ("cluster.tags.transformMap(k, v, size(v))", "map(string, int)"),
    ("optional.none().orValue(1)", "int"), ("dyn(1) + 1", "int"),
  ])
  func `types are told as narrowly as they can be`(text: String, type: String) {
    let compilation = compile(text, SampleTypes.environment)
    #expect(compilation.diagnostics.map(\.message) == [])
    #expect(compilation.type.description == type)
  }
}
