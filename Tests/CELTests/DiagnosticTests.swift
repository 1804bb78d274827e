import CEL
import SourceText
import Testing
import Values

/// Types as an embedding program would declare them.
struct SampleTypes: TypeProvider {
  private static let types: [String: [String: MemberDeclaration]] = [
    "Cluster": [
      "name": MemberDeclaration(.string),
      "port": MemberDeclaration(.int),
      "isPublic": MemberDeclaration(.bool),
      "key": MemberDeclaration(.object("Key"), isOptional: true),
      "zones": MemberDeclaration(.list(.string)),
      "backup": MemberDeclaration(.int, isOptional: true),
      "tags": MemberDeclaration(.map(.string, .string)),
      "members": MemberDeclaration(.list(.object("Cluster"))),
    ],
    "Key": [
      "rotates": MemberDeclaration(.bool, isOptional: true),
      "origin": MemberDeclaration(.string),
      "alias": MemberDeclaration(.string, isOptional: true),
    ],
  ]

  var typeNames: [String] { SampleTypes.types.keys.sorted() }

  func members(of typeName: String) -> [String: MemberDeclaration]? { SampleTypes.types[typeName] }

  /// An environment with a cluster, a list of clusters and a string.
  static var environment: Environment {
    var environment = Environment(provider: SampleTypes())
    environment.declare("cluster", .object("Cluster"))
    environment.declare("clusters", .list(.object("Cluster")))
    environment.declare("wanted", .string)
    return environment
  }
}

/// An expression in which «…» marks where a diagnostic is wanted.
struct MarkedExpression {
  let text: String
  let ranges: [Range<Int>]

  init(_ marked: String) {
    var bytes: [UInt8] = []
    var starts: [Int] = []
    var ranges: [Range<Int>] = []
    for character in marked {
      switch character {
      case "«": starts.append(bytes.count)
      case "»": if let start = starts.popLast() { ranges.append(start..<bytes.count) }
      default: bytes += Array(String(character).utf8)
      }
    }
    text = String(decoding: bytes, as: UTF8.self)
    self.ranges = ranges.sorted { $0.lowerBound < $1.lowerBound }
  }
}

struct Mistake: Sendable, CustomTestStringConvertible {
  let marked: String
  let id: String
  let message: String
  var cure: String?

  init(_ marked: String, _ id: String, _ message: String, _ cure: String? = nil) {
    (self.marked, self.id, self.message, self.cure) = (marked, id, message, cure)
  }

  var testDescription: String { marked }
}

@Suite struct DiagnosticTests {
  static let mistakes: [Mistake] = [
    Mistake("«clustr».name", "unknown-identifier", "There is no variable 'clustr' here.", "Did you mean 'cluster'?"),
    Mistake(
      "cluster.«naem» == 'a'", "unknown-member", "'Cluster' has no member 'naem'.", "Did you mean 'name'?"),
    Mistake(
      "clusters.all(c, c.«prot» > 0)", "unknown-member", "'Cluster' has no member 'prot'.", "Did you mean 'port'?"),
    Mistake("cluster.port.«x»", "unknown-member", "A value of type 'int' has no members, so no 'x'."),
    Mistake("has(cluster.«backups»)", "unknown-member", "'Cluster' has no member 'backups'.", "Did you mean 'backup'?"),
    Mistake("cluster.?«backups»", "unknown-member", "'Cluster' has no member 'backups'.", "Did you mean 'backup'?"),
    Mistake(
      "wanted.«startWith»('a')", "unknown-function", "There is no function 'startWith' to call on a value.",
      "Did you mean 'startsWith'?"),
    Mistake("«sise»(wanted)", "unknown-function", "There is no function 'sise'.", "Did you mean 'size'?"),
    Mistake(
      "math.«greatst»(1, 2)", "unknown-function", "There is no function 'math.greatst'.",
      "Did you mean 'math.greatest'?"),
    Mistake(
      "clusters.«al»(c, c.isPublic)", "unknown-function", "There is no function 'al' to call on a value.",
      "Did you mean 'all'?"),
    Mistake("«cluster.port == 'a'»", "type-mismatch", "'==' does not take 'int' and 'string'."),
    Mistake("true && «cluster.port < 'a'»", "type-mismatch", "'<' does not take 'int' and 'string'."),
    Mistake("«cluster.name + 1» == ''", "type-mismatch", "'+' does not take 'string' and 'int'."),
    Mistake(
      "cluster.isPublic && «cluster.port»", "type-mismatch",
      "'cluster.port' is of type 'int', and a bool is wanted."),
    Mistake("wanted.startsWith(«1»)", "type-mismatch", "'startsWith' needs 'string' here, not 'int'."),
    Mistake("«1 in cluster.zones»", "type-mismatch", "'in' does not take 'int' and 'list(string)'."),
    Mistake("«cluster.name».all(c, true)", "type-mismatch", "'string' is not a collection to go through."),
    Mistake(
      "«true ? 1 : 'a'»", "type-mismatch", "The results of '?:' have different types, 'int' and 'string'.",
      "Write 'dyn()' around one of them if that is meant."),
    Mistake("cluster.zones[«'a'»]", "type-mismatch", "A list is indexed by an int, not by 'string'."),
    Mistake(
      "«cluster.backup» > 7", "optional-without-guard", "'cluster.backup' may be absent.",
      "Write 'cluster.?backup', or test 'has(cluster.backup)' first."),
    Mistake(
      "has(cluster.key) && «cluster.key.rotates»", "optional-without-guard", "'cluster.key.rotates' may be absent.",
      "Write 'cluster.key.?rotates', or test 'has(cluster.key.rotates)' first."),
    Mistake(
      "«cluster.?backup > 7»", "type-mismatch", "'>' does not take 'optional_type(int)' and 'int'.",
      "'cluster.?backup' may be absent: give it a value for that case, such as 'cluster.?backup.orValue(0)'."),
    Mistake(
      "wanted.matches(«'a(b'»)", "invalid-regex", "The pattern does not compile: a group is not closed."),
    Mistake("«cluster.backup».orValue(1) > 1", "optional-without-guard", "'cluster.backup' may be absent."),
    Mistake(
      "cluster.name.«size» > 1", "unknown-member", "A value of type 'string' has no members, so no 'size'.",
      "'size' is a function: write 'size()'."),
    Mistake("1 «+» ", "cel-syntax", "The expression ends too early."),
    Mistake("size(wante«d»", "cel-syntax", "The expression ends where ')' should follow.", "Write ')'."),
    Mistake("true ? «1»", "cel-syntax", "The expression ends where ':' should follow.", "Write ':'."),
    Mistake(
      "true «and» false", "cel-syntax", "'and' is unexpected after the end of the expression.", "Write '&&'."),
    Mistake("not «true»", "cel-syntax", "'true' is unexpected after the end of the expression.", "Write '!'."),
    Mistake("{'a' «1»: 2, 'b': 3}", "cel-syntax", "'1' is unexpected after a map's key.", "Write ':'."),
    Mistake("wanted «=» 'a'", "cel-syntax", "'=' is not part of the expression language.", "Write '==' to compare."),
    Mistake("'日本' + «'abc»", "cel-syntax", "The string does not end.", "Close it with the quote it began with."),
    Mistake("'«\\q»'", "cel-syntax", "'\\q' is not an escape sequence."),
    Mistake("«for» + 1", "cel-syntax", "'for' is a reserved word.", "Choose another name."),
    Mistake("«99999999999999999999»", "cel-syntax", "'99999999999999999999' does not fit 64 bits."),
    Mistake("clusters.all(«c.d», true)", "cel-syntax", "'all' needs a plain name for its variable here."),
    Mistake(
      "has(«cluster»)", "cel-syntax", "'has()' takes a member, such as 'has(a.b)'.",
      "Write 'k in m' to ask whether a map has a key."),
    Mistake(
      "«a.B{c: 1}».c", "cel-syntax", "'a.B{…}' makes a message, and this language has no message types.",
      "Write a map in braces, without a name in front."),
  ]

  @Test(arguments: mistakes)
  func `a mistake is reported once, at its exact place`(mistake: Mistake) throws {
    let marked = MarkedExpression(mistake.marked)
    let compilation = compile(marked.text, SampleTypes.environment)
    #expect(compilation.expression == nil)
    #expect(compilation.diagnostics.count == 1, "\(compilation.diagnostics.map(\.message))")
    let diagnostic = try #require(compilation.diagnostics.first)
    #expect(diagnostic.id == mistake.id)
    #expect(diagnostic.message == mistake.message)
    if let cure = mistake.cure { #expect(diagnostic.cure == cure) }
    #expect(diagnostic.span?.range == marked.ranges.first)
  }

  @Test func `several mistakes are all reported`() {
    let marked = MarkedExpression("«foo» == 1 && cluster.«nme» == «bar»")
    let spans = compile(marked.text, SampleTypes.environment).diagnostics.compactMap { $0.span?.range }
    #expect(spans.sorted { $0.lowerBound < $1.lowerBound } == marked.ranges)
  }

  @Test func `several mistakes of syntax are all reported`() {
    let diagnostics = compile("[1 2, 3 4, (5 6)]").diagnostics
    #expect(diagnostics.map(\.span?.lower) == [3, 8, 14])
  }

  @Test func `the place is in the file that holds the expression, through its escapes`() throws {
    // In the file: "a\u0062 == 1", from offset 10 on.
    var text = MappedText(file: FileID(3))
    text.copy(Array("a".utf8), at: 11)
    text.append(Array("b".utf8), for: 12..<18)
    text.copy(Array(" == 1".utf8), at: 18)
    let compilation = CEL.Expression.compile(text, in: Environment())
    let diagnostic = try #require(compilation.diagnostics.first)
    #expect(diagnostic.span == Span(FileID(3), 11..<18))
  }

  @Test func `the value's type must be the one that is expected`() throws {
    let environment = SampleTypes.environment
    let wrong = CEL.Expression.compile(mapped("cluster.port"), in: environment, expecting: .bool)
    #expect(wrong.diagnostics.map(\.id) == ["type-mismatch"])
    #expect(wrong.diagnostics.first?.span?.range == 0..<12)
    let right = CEL.Expression.compile(mapped("dyn(cluster.port)"), in: environment, expecting: .bool)
    #expect(right.expression != nil)
  }

  @Test func `nesting that is too deep is one diagnostic and no crash`() {
    for text in [
      String(repeating: "(", count: 50_000), String(repeating: "[", count: 50_000),
      String(repeating: "!", count: 50_000) + "true", String(repeating: "-", count: 50_000) + "1",
      "a" + String(repeating: ".b", count: 50_000), "1" + String(repeating: "+1", count: 50_000),
      String(repeating: "true ? 1 : ", count: 50_000) + "1", String(repeating: "{1:", count: 50_000),
      "a" + String(repeating: "[0]", count: 50_000), String(repeating: "size(", count: 50_000),
    ] {
      let diagnostics = compile(text).diagnostics
      #expect(diagnostics.count == 1, "\(text.prefix(10))")
      #expect(diagnostics.first?.message.contains("deep") == true)
    }
  }

  @Test func `long chains of and, or, and list elements are no depth`() {
    #expect(value(Array(repeating: "true", count: 5_000).joined(separator: " && ")) == .bool(true))
    #expect(value("size([" + Array(repeating: "1", count: 5_000).joined(separator: ",") + "])") == .int(5_000))
  }
}
