import CEL
import SourceText
import Testing
import Values

/// To forget a value may make a verdict unknown; it must never turn it round.
@Suite struct MonotonicityTests {
  private static let names = ["a", "b", "s", "t", "p", "q", "l", "m", "k", "o"]

  private static let environment: Environment = {
    var environment = Environment()
    for name in names { environment.declare(name, .dyn) }
    return environment
  }()

  private let forgotten = Value.unknown(Unknown(Reason(.other, "it was forgotten")))

  @Test func `forgetting a value never turns a truth round`() throws {
    var random = SeededGenerator(seed: 42)
    var (decided, stillDecided) = (0, 0)
    for _ in 0..<6_000 {
      var generator = RandomExpression(random: random)
      let text = generator.bool(depth: 3)
      random = generator.random
      guard let expression = compile(text, MonotonicityTests.environment).expression else { continue }
      for _ in 0..<3 {
        let values = MonotonicityTests.names.map { generator.value($0) }
        guard case .bool(let wanted) = expression.evaluate(values) else { continue }
        decided += 1
        for _ in 0..<4 {
          let known = values.map { forget($0, &random) }
          switch expression.evaluate(known) {
          case .bool(let result):
            stillDecided += 1
            #expect(result == wanted, "'\(text)' with \(values) and \(known)")
          case .unknown: break
          case let other: Issue.record("'\(text)' with \(values) is \(wanted), with \(known) it is \(other)")
          }
        }
      }
      random = generator.random
    }
    // The test says nothing if hardly anything is decided.
    #expect(decided > 4_000 && stillDecided > 4_000, "\(decided) decided, \(stillDecided) still")
  }

  /// The value with less known: itself, unknown, or a collection with parts that are unknown, guarded or open.
  private func forget(_ value: Value, _ random: inout SeededGenerator) -> Value {
    let reason = Unknown(Reason(.other, "it was forgotten"))
    switch (Int.random(in: 0..<6, using: &random), value) {
    case (0, _): return forgotten
    case (1...4, .list(let list)):
      var elements = list.elements
      var residual: Unknown?
      for index in elements.indices.reversed() {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: elements[index].value = forget(elements[index].value, &random)
        case 1: elements[index].value = forgotten
        case 2: elements[index].membership = reason
        case 3:
          elements.remove(at: index)
          residual = reason
        default: break
        }
      }
      // An element that is not there, but might be.
      if Int.random(in: 0..<4, using: &random) == 0 {
        let at = Int.random(in: 0...elements.count, using: &random)
        elements.insert(ListValue.Element(.int(Int64.random(in: 0...4, using: &random)), membership: reason), at: at)
      }
      return .list(ListValue(elements: elements, residual: residual))
    case (1...4, .map(let map)):
      var entries: [MapValue.Entry] = []
      var residual: Unknown?
      for var entry in map.entries {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: entry.value = forgotten
        case 1: entry.membership = reason
        case 2:
          residual = reason
          continue
        default: break
        }
        entries.append(entry)
      }
      return .map(MapValue(entries, residual: residual))
    case (1...3, .optional(let wrapped?)): return .optional(forget(wrapped, &random))
    default: return value
    }
  }
}

/// Expressions over the variables of the test, of any kind, mistakes of typing included.
private struct RandomExpression {
  var random: SeededGenerator

  mutating func pick<T>(_ options: [T]) -> T { options[Int.random(in: 0..<options.count, using: &random)] }

  mutating func value(_ name: String) -> Value {
    switch name {
    case "a", "b": .int(pick([0, 1, 2, 3]))
    case "s", "t": .string(pick(["", "a", "ab", "b"]))
    case "p", "q": .bool(pick([true, false]))
    case "l", "m": .list((0..<pick([0, 1, 2, 3])).map { _ in .int(pick([0, 1, 2, 3])) })
    case "k": .map(MapValue(pick([[], ["a"], ["a", "b"], ["b", "c"]]).map { ($0, Value.int(pick([0, 1, 2]))) }))
    default: .optional(pick([nil, .int(1), .int(2)]))
    }
  }

  mutating func bool(depth: Int) -> String {
    guard depth > 0 else { return pick(["p", "q", "true", "false", "p", "q"]) }
    let next = depth - 1
    switch pick(Array(0..<22)) {
    case 0: return "(\(bool(depth: next)) && \(bool(depth: next)))"
    case 1: return "(\(bool(depth: next)) || \(bool(depth: next)))"
    case 2: return "!\(bool(depth: next))"
    case 3: return "(\(bool(depth: next)) ? \(bool(depth: next)) : \(bool(depth: next)))"
    case 4: return "(\(int(depth: next)) \(pick(["<", "<=", "==", "!=", ">"])) \(int(depth: next)))"
    case 5: return "(\(string(depth: next)) \(pick(["<", "==", "!="])) \(string(depth: next)))"
    case 6: return "(\(list(depth: next)) \(pick(["==", "!="])) \(list(depth: next)))"
    case 7: return "(\(int(depth: next)) in \(list(depth: next)))"
    case 8, 9: return "\(list(depth: next)).\(pick(["all", "exists", "exists_one"]))(e, \(element("e")))"
    case 10: return "\(list(depth: next)).\(pick(["all", "exists", "existsOne"]))(i, e, \(element("e")) || i == a)"
    case 11: return "k.\(pick(["all", "exists", "exists_one"]))(e, e == \(string(depth: next)))"
    case 12: return "k.\(pick(["all", "exists", "existsOne"]))(n, e, \(element("e")) && n != s)"
    case 13: return "has(k.\(pick(["a", "b", "c"])))"
    case 14: return "(\(string(depth: next)) in k)"
    case 15: return "\(string(depth: next)).\(pick(["startsWith", "contains", "endsWith"]))(\(string(depth: next)))"
    case 16: return "\(optional(depth: next)).hasValue()"
    case 17: return "(\(optional(depth: next)) == \(optional(depth: next)))"
    case 18: return "sets.\(pick(["contains", "intersects", "equivalent"]))(\(list(depth: next)), \(list(depth: next)))"
    case 19: return "(k \(pick(["==", "!="])) \(pick(["{}", "{'a': a}", "{'a': 1, 'b': b}", "{s: 1}"])))"
    case 20: return "\(string(depth: next)).matches('\(pick(["^a", "b$", "^.$"]))')"
    default: return "(k.transformMap(n, e, \(element("e"))).\(pick(["all", "exists"]))(n, e, e))"
    }
  }

  private mutating func element(_ name: String) -> String {
    pick([
      "\(name) == a", "\(name) > 1", "\(name) / b == 1", "\(name) in m", "p", "\(name) == 2 || q", "\(name) < size(l)",
    ])
  }

  private mutating func int(depth: Int) -> String {
    guard depth > 0 else { return pick(["a", "b", "0", "1", "2"]) }
    let next = depth - 1
    switch pick(Array(0..<10)) {
    case 0: return "(\(int(depth: next)) \(pick(["+", "-", "*", "/", "%"])) \(int(depth: next)))"
    case 1: return "size(\(list(depth: next)))"
    case 2: return "size(\(string(depth: next)))"
    case 3: return "\(list(depth: next))[\(int(depth: next))]"
    case 4: return "k.\(pick(["a", "b"]))"
    case 5: return "\(optional(depth: next)).orValue(\(int(depth: next)))"
    case 6: return "(\(bool(depth: next)) ? \(int(depth: next)) : \(int(depth: next)))"
    case 7: return "math.greatest(\(int(depth: next)), \(int(depth: next)))"
    case 8: return "cel.bind(z, \(int(depth: next)), z + z)"
    default: return pick(["a", "b"])
    }
  }

  private mutating func string(depth: Int) -> String {
    guard depth > 0 else { return pick(["s", "t", "''", "'a'", "'b'"]) }
    let next = depth - 1
    switch pick(Array(0..<5)) {
    case 0: return "(\(string(depth: next)) + \(string(depth: next)))"
    case 1: return "string(\(int(depth: next)))"
    case 2: return "[\(string(depth: next)), \(string(depth: next))].join('-')"
    case 3: return "(\(bool(depth: next)) ? \(string(depth: next)) : \(string(depth: next)))"
    default: return pick(["s", "t"])
    }
  }

  private mutating func list(depth: Int) -> String {
    guard depth > 0 else { return pick(["l", "m", "[]", "[1, 2]"]) }
    let next = depth - 1
    switch pick(Array(0..<12)) {
    case 0: return "[\(int(depth: next)), \(int(depth: next))]"
    case 1: return "(\(list(depth: next)) + \(list(depth: next)))"
    case 2: return "\(list(depth: next)).filter(e, \(element("e")))"
    case 3: return "\(list(depth: next)).map(e, e + a)"
    case 4: return "\(list(depth: next)).map(e, \(element("e")), e)"
    case 5: return "[?\(optional(depth: next)), 1]"
    case 6: return "\(list(depth: next)).\(pick(["distinct", "sort", "reverse"]))()"
    case 7: return "[\(list(depth: next)), \(list(depth: next))].flatten()"
    case 8: return "k.map(n, k[n])"
    case 9: return "\(list(depth: next)).sortBy(e, -e)"
    case 10: return "\(list(depth: next)).transformList(i, e, e > b, i + e)"
    default: return pick(["l", "m"])
    }
  }

  private mutating func optional(depth: Int) -> String {
    guard depth > 0 else { return pick(["o", "optional.none()", "k.?a"]) }
    let next = depth - 1
    switch pick(Array(0..<7)) {
    case 0: return "k.?\(pick(["a", "b", "c"]))"
    case 1: return "\(list(depth: next))[?\(int(depth: next))]"
    case 2: return "optional.ofNonZeroValue(\(int(depth: next)))"
    case 3: return "\(optional(depth: next)).or(\(optional(depth: next)))"
    case 4: return "\(optional(depth: next)).optMap(v, v + a)"
    case 5: return "\(list(depth: next)).\(pick(["first", "last"]))()"
    default: return "o"
    }
  }
}
