import CEL
import SourceText
import Testing
import Values

let x = Unknown(Reason(.parameter, "x comes from parameter 'X'"))
let y = Unknown(Reason(.deployment, "y is known to a deployment only"))

/// What there is to know, and what is not: `x` and `y` are unknown, `open` is a list with 1, 2 and perhaps more,
/// `guarded` one with 1 and perhaps 2, `bag` a map with `a` and perhaps more, `doubtful` one with perhaps `a`.
private let things: [(name: String, type: CELType, value: Value)] = [
  ("x", .dyn, .unknown(x)),
  ("y", .bool, .unknown(y)),
  ("open", .list(.int), .list(ListValue(elements: [.init(.int(1)), .init(.int(2))], residual: x))),
  ("guarded", .list(.int), .list(ListValue(elements: [.init(.int(1)), .init(.int(2), membership: x)]))),
  ("perhaps", .list(.int), .list(ListValue(elements: [.init(.int(0), membership: x)]))),
  ("bag", .map(.string, .int), .map(MapValue([("a", .int(1))], residual: x))),
  ("doubtful", .map(.string, .int), .map(MapValue([.init(.string("a"), .int(1), membership: x)]))),
  ("thing", .object("Thing"), .object(ObjectValue("Thing", 7))),
]

private struct ThingTypes: TypeProvider {
  var typeNames: [String] { ["Thing"] }

  func members(of typeName: String) -> [String: MemberDeclaration]? {
    guard typeName == "Thing" else { return nil }
    return [
      "known": MemberDeclaration(.int), "hidden": MemberDeclaration(.int),
      "absent": MemberDeclaration(.int, isOptional: true), "perhaps": MemberDeclaration(.int, isOptional: true),
      "present": MemberDeclaration(.int, isOptional: true), "vague": MemberDeclaration(.int, isOptional: true),
    ]
  }
}

private final class ThingHost: Host {
  var reads: [String] = []

  func member(_ name: String, of object: ObjectValue) -> MemberReading {
    reads.append(name)
    return switch name {
    case "known": MemberReading(.int(Int64(object.id)))
    case "hidden": MemberReading(.unknown(x))
    case "present": MemberReading(.int(1))
    // There, but nobody knows its value.
    case "vague": MemberReading(.unknown(y))
    case "perhaps": MemberReading(.int(1), presence: .unknown(x))
    default: .absent
    }
  }
}

private let environment: Environment = {
  var environment = Environment(provider: ThingTypes())
  for thing in things { environment.declare(thing.name, thing.type) }
  return environment
}()

private func evaluate(_ text: String, _ host: any Host = ThingHost()) -> Value {
  let compilation = compile(text, environment)
  guard let expression = compilation.expression else {
    Issue.record("'\(text)' does not compile: \(compilation.diagnostics.map(\.message))")
    return .null
  }
  return expression.evaluate(things.map(\.value), host: host)
}

@Suite struct UnknownTests {
  @Test(arguments: [
    ("false && x", Value.bool(false)), ("x && false", .bool(false)), ("true || x", .bool(true)),
    ("x || true", .bool(true)), ("x && true", .unknown(x)), ("x || false", .unknown(x)), ("!x", .unknown(x)),
    ("x && y", .unknown(x.union(y))), ("x || 1/0 == 1", .unknown(x)), ("1/0 == 1 || x", .unknown(x)),
    ("1/0 == 1 && x", .unknown(x)), ("1/0 == 1 && x && false", .bool(false)), ("1/0 + x", .unknown(x)),
    ("x ? 1 : 2", .unknown(x)), ("x ? 1 : 1", .int(1)), ("y ? [1] : [1]", .list([.int(1)])),
    ("y ? x : 1", .unknown(y.union(x))), ("x == x", .unknown(x)), ("x + 1", .unknown(x)), ("-x", .unknown(x)),
    ("size(x)", .unknown(x)), ("x.foo", .unknown(x)), ("x[0]", .unknown(x)), ("has(x.foo)", .unknown(x)),
    ("x.?foo.orValue(1)", .unknown(x)), ("type(x)", .unknown(x)), ("x in [1]", .unknown(x)), ("x in []", .unknown(x)),
  ])
  func `unknowns absorb errors, and are absorbed by what decides`(text: String, wanted: Value) {
    #expect(evaluate(text) == wanted)
  }

  @Test(arguments: [
    ("[1, x].size()", Value.int(2)), ("[1, x] == [2, x]", .bool(false)), ("[1, x] == [1, x]", .unknown(x)),
    ("[1, x] == [1]", .bool(false)), ("1 in [1, x]", .bool(true)), ("2 in [1, x]", .unknown(x)),
    ("[1, x][0]", .int(1)), ("[1, x][1]", .unknown(x)), ("[1, x].exists(e, e == 1)", .bool(true)),
    ("[1, x].all(e, e == 2)", .bool(false)), ("[1, x].all(e, e == 1)", .unknown(x)),
    ("[1, 1/0, x].size()", .unknown(x)), ("['a', x].join()", .unknown(x)), ("{'a': x}.size()", .int(1)),
    ("{'a': x} == {'b': 1}", .bool(false)), ("{'a': x}.a", .unknown(x)), ("{x: 1}.size()", .unknown(x)),
    ("'a' in {x: 1}", .unknown(x)), ("'b' in {'b': 1, x: 1}", .bool(true)), ("[1, 2, 2].distinct().size()", .int(2)),
    ("[x, 2].sort()", .unknown(x)), ("sets.contains([1, x], [1])", .bool(true)),
    ("sets.contains([1], [2, x])", .bool(false)), ("sets.intersects([1, x], [1])", .bool(true)),
    ("sets.intersects([x], [])", .bool(false)), ("optional.of([x]).hasValue()", .bool(true)),
    ("[x].map(e, 1) == [1]", .bool(true)), ("[1, 2, 3].existsOne(e, e == 1 || x)", .unknown(x)),
    ("[1, 1, 3].exists_one(e, e == 1 || (e == 3 && x))", .bool(false)), ("[?x, 1].size()", .unknown(x)),
    ("1 in [?x, 1]", .bool(true)), ("[1, 2].filter(e, e == 1 && x) == []", .unknown(x)),
    ("[1, 2].filter(e, e == 3 && x) == []", .bool(true)), ("[1, 2].filter(e, x || e == 1).all(e, e < 3)", .bool(true)),
    ("{'a': 1}.transformMap(k, v, x).size()", .int(1)), ("[1].sortBy(e, x)", .unknown(x)),
  ])
  func `unknowns inside collections are kept apart`(text: String, wanted: Value) {
    #expect(evaluate(text) == wanted)
  }

  @Test(arguments: [
    ("open.all(e, e > 0)", Value.unknown(x)), ("open.all(e, e > 1)", .bool(false)),
    ("open.exists(e, e == 2)", .bool(true)), ("open.exists(e, e == 3)", .unknown(x)),
    ("open.exists_one(e, e == 1)", .unknown(x)), ("open.exists_one(e, e > 0)", .bool(false)),
    ("size(open)", .unknown(x)), ("1 in open", .bool(true)), ("3 in open", .unknown(x)), ("open[0]", .unknown(x)),
    ("open == [1]", .bool(false)), ("open == [1, 2]", .unknown(x)), ("open + [3] == []", .bool(false)),
    ("open.map(e, e + 1).exists(e, e == 3)", .bool(true)), ("open.filter(e, e > 5).all(e, false)", .unknown(x)),
    ("open.filter(e, e > 1).exists(e, e == 2)", .bool(true)), ("open.first()", .unknown(x)),
    ("open.all(i, e, i >= 0)", .unknown(x)), ("open.exists(i, e, e == 2)", .bool(true)),
    ("open.exists(i, e, i == 0)", .unknown(x)), ("optional.ofNonZeroValue(open).hasValue()", .bool(true)),
    ("[open].flatten().exists(e, e == 1)", .bool(true)), ("open.map(e, 1/0)", .unknown(x)),
    ("open.sort()", .unknown(x)), ("sets.contains(open, [1])", .bool(true)), ("sets.contains(open, [3])", .unknown(x)),
    ("sets.contains([1], open)", .bool(false)), ("sets.contains([1, 2], open)", .unknown(x)),
    ("bag.a", .int(1)), ("bag.b", .unknown(x)), ("has(bag.b)", .unknown(x)), ("has(bag.a)", .bool(true)),
    ("bag.?b.orValue(2)", .unknown(x)), ("'a' in bag", .bool(true)), ("'b' in bag", .unknown(x)),
    ("size(bag)", .unknown(x)), ("bag == {'a': 2}", .bool(false)), ("bag == {'a': 1}", .unknown(x)),
    ("bag == {'b': 1}", .bool(false)), ("bag.all(k, k == 'a')", .unknown(x)),
    ("bag.exists(k, v, k == 'a' && v == 1)", .bool(true)), ("bag.all(k, v, v == 2)", .bool(false)),
  ])
  func `what is open may hold more`(text: String, wanted: Value) {
    #expect(evaluate(text) == wanted)
  }

  @Test(arguments: [
    ("guarded.all(e, e > 0)", Value.bool(true)), ("guarded.all(e, e == 1)", .unknown(x)),
    ("guarded.all(e, e == 2)", .bool(false)), ("guarded.exists(e, e == 2)", .unknown(x)),
    ("guarded.exists(e, e == 3)", .bool(false)), ("guarded.exists(e, e == 1)", .bool(true)),
    ("size(guarded)", .unknown(x)), ("guarded[0]", .int(1)), ("guarded[1]", .unknown(x)),
    ("guarded[?1].hasValue()", .unknown(x)), ("guarded[?2].hasValue()", .bool(false)), ("2 in guarded", .unknown(x)),
    ("3 in guarded", .bool(false)), ("guarded == [1, 2]", .unknown(x)), ("guarded == [1, 2, 3]", .bool(false)),
    ("guarded == []", .bool(false)), ("guarded.exists_one(e, e == 1)", .bool(true)),
    ("guarded.map(e, e * 2).exists(e, e == 2)", .bool(true)), ("guarded.filter(e, e == 1) == [1]", .bool(true)),
    ("perhaps.all(e, 1 / e == 1)", .unknown(x)), ("perhaps.exists(e, 1 / e == 1)", .unknown(x)),
    ("perhaps.map(e, 1 / e).size()", .unknown(x)), ("perhaps.exists_one(e, 1 / e == 1)", .unknown(x)),
    ("perhaps.all(e, e == 0)", .bool(true)), ("perhaps.first().hasValue()", .unknown(x)),
    ("doubtful.a", .unknown(x)), ("has(doubtful.a)", .unknown(x)), ("doubtful.?a.hasValue()", .unknown(x)),
    ("has(doubtful.b)", .bool(false)), ("doubtful == {}", .unknown(x)), ("doubtful == {'b': 1}", .bool(false)),
    ("doubtful.all(k, k == 'a')", .bool(true)), ("doubtful.exists(k, k == 'a')", .unknown(x)),
  ])
  func `what is guarded may not be there`(text: String, wanted: Value) {
    #expect(evaluate(text) == wanted)
  }

  @Test(arguments: [
    ("thing.known", Value.int(7)), ("thing.hidden", .unknown(x)), ("has(thing.absent)", .bool(false)),
    ("has(thing.perhaps)", .unknown(x)), ("has(thing.vague)", .bool(true)), ("thing.?vague.hasValue()", .bool(true)),
    ("thing.?vague.orValue(1)", .unknown(y)), ("thing.?absent.orValue(1)", .int(1)),
    ("thing.?perhaps.orValue(1)", .unknown(x)), ("thing.?present.orValue(2)", .int(1)),
    ("has(thing.present) && thing.present == 1", .bool(true)),
    ("has(thing.perhaps) && thing.perhaps == 2", .unknown(x)), ("thing == thing", .bool(true)),
    ("thing in [thing]", .bool(true)),
  ])
  func `members of objects are read through the host`(text: String, wanted: Value) {
    #expect(evaluate(text) == wanted)
  }

  @Test func `every read is seen by the host`() {
    let host = ThingHost()
    _ = evaluate("thing.known == 7 || thing.hidden == 1", host)
    #expect(host.reads == ["known"])
    _ = evaluate("[1, 2].all(i, thing.known > i)", host)
    #expect(host.reads == ["known", "known", "known"])
  }

  @Test func `an evaluation that takes too many steps is unknown, unless it is decided`() throws {
    let slow = "lists.range(1000).all(a, lists.range(1000).all(b, a + b >= 0))"
    let expression = try #require(compile(slow).expression)
    let unknown = try #require(expression.evaluate(budget: 10_000).unknown)
    #expect(unknown.reasons.map(\.kind) == [.budget])
    let decided = try #require(compile("true || (\(slow))").expression)
    #expect(decided.evaluate(budget: 10_000) == .bool(true))
    // Decided within one turn, out of steps before the next.
    for budget in 0..<60 {
      let expression = try #require(compile("[1, 2, 3, 4, 5].all(e, true || e == 1 || e == 2)").expression)
      let result = expression.evaluate(budget: budget)
      #expect(result == .bool(true) || result.unknown != nil)
    }
  }

  @Test func `a pattern is charged for its length and that of the text`() throws {
    let text = "cel.bind(s, [1, 2, 3, 4].map(i, 'abcdefghij').join(), s.matches('(a{100}b?){20}|x'))"
    let expression = try #require(compile(text).expression)
    #expect(expression.evaluate() == .bool(false))
    #expect(expression.evaluate(budget: 200).unknown?.reasons.map(\.kind) == [.budget])
  }

  @Test func `values cannot grow without bounds`() throws {
    var text = "s"
    for _ in 0..<60 { text = "cel.bind(s, s + s, \(text))" }
    let expression = try #require(compile("cel.bind(s, 'abcdefgh', size(\(text)))").expression)
    #expect(expression.evaluate().unknown?.reasons.map(\.kind) == [.budget])
  }

  @Test func `lists within lists cannot either`() throws {
    var text = "size(s.flatten()) > 0 && s == s && [s].distinct() == [s]"
    for _ in 0..<40 { text = "cel.bind(s, [s, s], \(text))" }
    let expression = try #require(compile("cel.bind(s, [1], \(text))").expression)
    #expect(expression.evaluate().unknown?.reasons.map(\.kind) == [.budget])
  }

  @Test(arguments: [
    ("[", "1", "]"), ("[1].all(a, ", "true", ")"), ("cel.bind(a, [1], ", "a", ")"), ("optional.of(", "1", ")"),
    ("!(", "true", ")"), ("true ? (", "1", ") : 1"), ("{1: ", "1", "}"), ("1 + (", "1", ")"),
    ("optional.of(1).optMap(v, ", "v", ")"), ("[1].map(a, ", "a", ")"), ("true && (false || (", "true", "))"),
  ])
  func `what is as deep as may be can be evaluated`(parts: (String, String, String)) {
    for depth in [10, 50, 90, 190, 400] {
      let text = String(repeating: parts.0, count: depth) + parts.1 + String(repeating: parts.2, count: depth)
      let result = compile(text).expression?.evaluate()
      #expect(depth > 10 || result != nil, "\(parts.0)")
      #expect(result.map { $0 == $0 && $0.deepUnknown == nil } ?? true)
    }
  }

  @Test func `functions of the embedding program get what they declare`() throws {
    var environment = Environment(functions: [
      FunctionDeclaration(
        "atLeast", [.init([.list(.dyn), .int], returning: .bool)], strictness: .shallow
      ) { arguments, _ in
        guard case (.list(let list), .int(let count)) = (arguments[0], arguments[1]) else { return .null }
        if Int64(list.certainCount) >= count { return .bool(true) }
        return list.openness.map { .unknown($0) } ?? .bool(false)
      },
      FunctionDeclaration("twice", [.init(on: .int, [], returning: .int)]) { arguments, _ in
        guard case .int(let number) = arguments[0] else { return .null }
        return .int(number * 2)
      },
      FunctionDeclaration("isKnown", [.init([.dyn], returning: .bool)], strictness: .none) { arguments, _ in
        .bool(arguments[0].deepUnknown == nil)
      },
    ])
    for thing in things { environment.declare(thing.name, thing.type) }
    let run: (String) -> Value? = { compile($0, environment).expression?.evaluate(things.map(\.value)) }
    #expect(run("atLeast(open, 2)") == .bool(true))
    #expect(run("atLeast(open, 3)") == .unknown(x))
    #expect(run("atLeast(guarded, 3)") == .unknown(x))
    #expect(run("3.twice()") == .int(6))
    #expect(run("isKnown(x)") == .bool(false))
    #expect(run("twice(3)") == nil)
    if case .error(let error)? = run("dyn('a').twice()") {
      #expect(error.kind == .noSuchOverload)
      #expect(error.span?.range == 0..<16)
    } else {
      Issue.record("A string is no int.")
    }
  }

  @Test func `an error names the part of the expression that failed`() throws {
    let marked = MarkedExpression("[1, 2, 0].map(n, «4 / n»).size() == 3")
    guard case .error(let error) = value(marked.text) else {
      Issue.record("A division by zero is an error.")
      return
    }
    #expect(error.kind == .divisionByZero)
    #expect(error.span?.range == marked.ranges.first)
  }
}

/// What is evaluated for one element is, of the whole list, that element with its doubts and the list's.
@Test(arguments: [
  "open", "guarded", "perhaps", "open.filter(n, n > 0)", "guarded.filter(n, n != 1)", "open + guarded",
  "guarded.filter(n, n < 3) + [2, 3].filter(n, n == 2)", "open.filter(n, n == x)", "guarded.map(n, n)",
  "[1, 2, 2].filter(n, n > 1)", "(guarded + open).filter(n, n > 1)", "[x, 2].filter(n, n == 2)", "[1] + x",
])
func oneElementIsThatOfTheWholeList(_ text: String) throws {
  let expression = try #require(compile(text, environment).expression)
  let values = things.map(\.value)
  for number in Int64(0)...3 {
    func only(_ value: Value) -> Value {
      guard case .list(let list) = value else { return value }
      return .list(ListValue(elements: list.elements.filter { $0.value == .int(number) }, residual: list.residual))
    }
    let host = ThingHost()
    let part = expression.evaluate(keeping: .int(number), values, host: host)
    #expect(only(part) == only(expression.evaluate(values, host: host)), "\(number) in \(text)")
  }
}
