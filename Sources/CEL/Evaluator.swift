import SourceText
import Values

/// Evaluates a program once.
///
/// Unknowns absorb errors, for an error beside an unknown may not be one once the unknown is known. A false operand
/// of `&&` and a true one of `||` absorb both.
struct Evaluator {
  private let expression: Expression.Storage
  let host: any Host
  private var slots: [Value]
  private var remaining: Int

  init(_ expression: Expression.Storage, _ values: [Value], _ host: any Host, budget: Int) {
    self.expression = expression
    self.host = host
    remaining = budget
    slots = values
    let missing = program.slotCount - slots.count
    if missing > 0 { slots += Array(repeating: Self.unbound, count: missing) }
  }

  var program: Program { _read { yield expression.program } }

  mutating func run() -> Value { value(program.root) }

  private static let unbound = Value.error(CELError(.unboundVariable, "The variable has no value."))

  static let exhausted = Unknown(
    Reason(.budget, "the expression takes more steps than are allowed", cure: "make the expression simpler"))

  // MARK: Steps

  mutating func value(_ id: Program.ID) -> Value {
    remaining -= 1
    guard remaining >= 0 else { return .unknown(Evaluator.exhausted) }
    let result = step(program.steps[Int(id)])
    switch result {
    case .error(var error) where error.span == nil:
      error.span = expression.text.span(program.ranges[Int(id)])
      return .error(error)
    case .list, .map, .string, .bytes:
      // To copy or look through what is large is more than one step.
      let weight = result.weight
      remaining -= Int(weight) / 16
      return weight > Value.weightLimit ? Arithmetic.tooLong : result
    default: return result
    }
  }

  private mutating func step(_ step: Program.Step) -> Value {
    switch step {
    case .constant(let index): return program.constants[Int(index)]
    case .slot(let slot): return slots[Int(slot)]
    case .select(let operand, let name): return value(operand).selecting(program.names[Int(name)], host)
    case .optionalSelect(let operand, let name):
      return value(operand).selectingOptional(program.names[Int(name)], host)
    case .index(let operand, let key): return value(operand).indexed(by: value(key))
    case .optionalIndex(let operand, let key): return value(operand).indexedOptional(by: value(key))
    case .has(let operand, let name): return value(operand).presence(of: program.names[Int(name)], host)
    case .not(let operand):
      let operand = value(operand)
      if case .bool(let value) = operand { return .bool(!value) }
      return operand.absorbed ?? .error(.noOverload("!", [operand]))
    case .negate(let operand): return value(operand).negation
    case .and(let operands): return connect(operands, deciding: false)
    case .or(let operands): return connect(operands, deciding: true)
    case .conditional(let condition, let yes, let no): return conditional(condition, yes, no)
    case .equal(let left, let right, let isNegated): return equal(left, right, isNegated: isNegated)
    case .compare(let operation, let left, let right): return value(left).compared(operation, to: value(right))
    case .contains(let element, let collection): return value(element).isIn(value(collection))
    case .arithmetic(let operation, let left, let right):
      return Arithmetic.result(operation, value(left), value(right))
    case .call(let index): return call(program.calls[Int(index)])
    case .matches(let operand, let pattern):
      let operand = value(operand)
      let regex = program.patterns[Int(pattern)]
      guard case .string(let string) = operand else {
        return operand.absorbed ?? .error(.noOverload("matches", [operand]))
      }
      remaining -= regex.steps(for: string)
      return remaining < 0 ? .unknown(Evaluator.exhausted) : .bool(regex.matches(string))
    case .list(let items): return list(items)
    case .map(let entries): return map(entries)
    case .loop(let index):
      let loop = program.loops[Int(index)]
      return self.loop(loop, over: value(loop.source))
    case .bind(let slot, let initial, let body):
      slots[Int(slot)] = value(initial)
      return value(body)
    case .optionalMap(let target, let slot, let body, let isFlat):
      let target = value(target)
      guard case .optional(let wrapped) = target else {
        return target.absorbed ?? .error(.noOverload(isFlat ? "optFlatMap" : "optMap", [target]))
      }
      guard let wrapped else { return target }
      slots[Int(slot)] = wrapped
      let result = value(body)
      if isFlat || result.isError { return result }
      return .optional(result)
    }
  }

  /// `&&` (decided by false) and `||` (decided by true), over any number of operands.
  private mutating func connect(_ operands: Program.Run, deciding: Bool) -> Value {
    var outcome = Outcome()
    for index in operands.range {
      let operand = program.operands[index]
      switch value(operand) {
      case .bool(let value): if value == deciding { return .bool(deciding) }
      case .unknown(let unknown): outcome.add(unknown)
      case .error(let error): outcome.add(error)
      case let other:
        var error = CELError.noOverload(deciding ? "||" : "&&", [other])
        error.span = expression.text.span(program.ranges[Int(operand)])
        outcome.add(error)
      }
    }
    return outcome.value(else: .bool(!deciding))
  }

  private mutating func conditional(_ condition: Program.ID, _ yes: Program.ID, _ no: Program.ID) -> Value {
    let chosen = value(condition)
    switch chosen {
    case .bool(let isTrue): return value(isTrue ? yes : no)
    case .unknown(let unknown):
      // Where both ways lead to the same known value, the condition does not matter.
      let (a, b) = (value(yes), value(no))
      if a.deepUnknown == nil, !a.isError, a == b { return a }
      return .unknown(unknown.union(a.unknown.united(with: b.unknown) ?? unknown))
    default: return chosen.absorbed ?? .error(.noOverload("?:", [chosen]))
    }
  }

  private mutating func equal(_ left: Program.ID, _ right: Program.ID, isNegated: Bool) -> Value {
    let (left, right) = (value(left), value(right))
    if let absorbed = Value.absorbing(left, right) { return absorbed }
    let truth = left.equals(right)
    return Value(isNegated ? !truth : truth)
  }

  private mutating func call(_ call: Program.Call) -> Value {
    var arguments: [Value] = []
    arguments.reserveCapacity(call.arguments.count)
    for argument in call.arguments { arguments.append(value(argument)) }
    if call.function.strictness != .none {
      var outcome = Outcome()
      for argument in arguments {
        switch argument {
        case .unknown(let unknown): outcome.add(unknown)
        case .error(let error): outcome.add(error)
        default:
          if call.function.strictness == .deep, let unknown = argument.deepUnknown { outcome.add(unknown) }
        }
      }
      if outcome.isUndecided { return outcome.value(else: .null) }
    }
    if !call.isVerified,
      !call.function.overloads.contains(where: { $0.accepts(arguments, isMember: call.isMember) })
    {
      return .error(.noOverload(call.function.name, arguments))
    }
    return call.function.implementation(arguments, host)
  }

  // MARK: Literals

  private mutating func list(_ run: Program.Run) -> Value {
    var elements: [ListValue.Element] = []
    elements.reserveCapacity(Int(run.count))
    var residual: Unknown?
    var outcome = Outcome()
    for index in run.range {
      let item = program.items[index]
      let value = value(item.value)
      switch value {
      case .error(let error): outcome.add(error)
      case .unknown(let unknown) where item.isOptional:
        residual = residual.united(with: unknown)
      case .optional(let wrapped) where item.isOptional:
        if let wrapped { elements.append(ListValue.Element(wrapped)) }
      default:
        if item.isOptional { return .error(.noOverload("[?]", [value])) }
        elements.append(ListValue.Element(value))
      }
    }
    let list = ListValue(elements: elements, residual: residual)
    guard outcome.isUndecided else { return .list(list) }
    if let unknown = list.deepUnknown { outcome.add(unknown) }
    return outcome.value(else: .list(list))
  }

  private mutating func map(_ run: Program.Run) -> Value {
    var built: [MapValue.Entry] = []
    var seen: Set<MapKey> = []
    var residual: Unknown?
    var outcome = Outcome()
    for index in run.range {
      let entry = program.entries[index]
      let (key, value) = (value(entry.key), value(entry.value))
      if let absorbed = key.absorbed {
        if case .error(let error) = absorbed { outcome.add(error) }
        residual = residual.united(with: absorbed.unknown)
        continue
      }
      guard let lookup = MapKey(key) else {
        outcome.add(
          CELError(.invalidArgument, "'\(key.runtimeType)' is an unsupported key type: a map's key is none of it."))
        continue
      }
      switch value {
      case .error(let error): outcome.add(error)
      case .unknown(let unknown) where entry.isOptional: residual = residual.united(with: unknown)
      case .optional(nil) where entry.isOptional: break
      default:
        var kept = value
        if entry.isOptional {
          guard case .optional(let wrapped?) = value else { return .error(.noOverload("{?}", [value])) }
          kept = wrapped
        }
        if !seen.insert(lookup).inserted {
          outcome.add(CELError(.invalidArgument, "The map has the repeated key '\(key.text)'."))
        }
        built.append(MapValue.Entry(key, kept))
      }
    }
    let map = MapValue(built, residual: residual)
    guard outcome.isUndecided else { return .map(map) }
    if let unknown = map.deepUnknown { outcome.add(unknown) }
    return outcome.value(else: .map(map))
  }

  // MARK: Macros

  /// One turn of a macro: its variables, and whether the element is there at all.
  private struct Turn {
    let first: Value
    let second: Value?
    let membership: Unknown?
  }

  /// What a macro runs over, a turn at a time.
  private struct Turns {
    private let source: Source
    private let hasSecond: Bool
    /// The place of an element among others that may not be there.
    private let openness: Unknown?
    let residual: Unknown?

    private enum Source {
      case list(ListValue)
      case map(MapValue)
    }

    init?(_ value: Value, hasSecond: Bool) {
      self.hasSecond = hasSecond
      switch value {
      case .list(let list):
        source = .list(list)
        residual = list.residual
        openness = hasSecond ? list.openness : nil
      case .map(let map):
        source = .map(map)
        residual = map.residual
        openness = nil
      default: return nil
      }
    }

    var indices: Range<Int> {
      switch source {
      case .list(let list): list.elements.indices
      case .map(let map): map.entries.indices
      }
    }

    subscript(index: Int) -> Turn {
      switch source {
      case .list(let list):
        let element = list.elements[index]
        guard hasSecond else { return Turn(first: element.value, second: nil, membership: element.membership) }
        let position = openness.map { Value.unknown($0) } ?? .int(Int64(index))
        return Turn(first: position, second: element.value, membership: element.membership)
      case .map(let map):
        let entry = map.entries[index]
        return Turn(first: entry.key, second: entry.value, membership: entry.membership)
      }
    }
  }

  mutating func loop(_ loop: Program.Loop, over source: Value) -> Value {
    guard let turns = Turns(source, hasSecond: loop.second != nil) else {
      return source.absorbed ?? .error(.noOverload("\(loop.kind)", [source]))
    }
    switch loop.kind {
    case .all: return quantify(loop, turns, deciding: false)
    case .exists: return quantify(loop, turns, deciding: true)
    case .existsOne: return existsOne(loop, turns)
    case .filter: return filter(loop, turns)
    case .map, .transformList: return transformed(loop, turns)
    case .transformMap, .transformMapEntry: return transformedMap(loop, turns)
    case .sortBy: return sorted(loop, turns)
    }
  }

  private mutating func enter(_ turn: Turn, _ loop: Program.Loop) {
    slots[loop.first] = turn.first
    if let second = loop.second, let value = turn.second { slots[second] = value }
  }

  /// `all` (decided by false) and `exists` (decided by true): an element that may not be there cannot decide.
  private mutating func quantify(_ loop: Program.Loop, _ turns: Turns, deciding: Bool) -> Value {
    var outcome = Outcome()
    if let residual = turns.residual { outcome.add(residual) }
    for index in turns.indices {
      let turn = turns[index]
      enter(turn, loop)
      let result = value(loop.body)
      switch result {
      case .bool(deciding):
        guard let membership = turn.membership else { return .bool(deciding) }
        outcome.add(membership)
      case .bool: break
      case .unknown(let unknown): outcome.add(turn.membership.united(with: unknown) ?? unknown)
      default:
        if let membership = turn.membership {
          outcome.add(membership)
        } else if case .error(let error) = result {
          outcome.add(error)
        } else {
          outcome.add(.noOverload(deciding ? "exists" : "all", [result]))
        }
      }
      if remaining < 0 {
        outcome.add(Evaluator.exhausted)
        break
      }
    }
    return outcome.value(else: .bool(!deciding))
  }

  private mutating func existsOne(_ loop: Program.Loop, _ turns: Turns) -> Value {
    var outcome = Outcome()
    var count = 0
    for index in turns.indices {
      let turn = turns[index]
      guard let (isKept, doubt) = test(loop.body, turn, loop, &outcome) else { continue }
      if let doubt { outcome.add(doubt) } else if isKept { count += 1 }
    }
    if let residual = turns.residual { outcome.add(residual) }
    // Two that surely are there decide, whatever else there may be; an error does not let itself be outvoted.
    if count > 1, outcome.error == nil { return .bool(false) }
    return outcome.value(else: .bool(count == 1))
  }

  /// Whether a turn passes a test, or may; nil when it surely does not, or in error.
  private mutating func test(
    _ condition: Program.ID, _ turn: Turn, _ loop: Program.Loop, _ outcome: inout Outcome
  ) -> (isKept: Bool, doubt: Unknown?)? {
    enter(turn, loop)
    let result = value(condition)
    switch result {
    case .bool(true): return (true, turn.membership)
    case .bool(false): return nil
    case .unknown(let unknown): return (false, turn.membership.united(with: unknown))
    default:
      if let membership = turn.membership { return (false, membership) }
      if case .error(let error) = result {
        outcome.add(error)
      } else {
        outcome.add(.noOverload("filter", [result]))
      }
      return nil
    }
  }

  private func finished(_ outcome: Outcome, _ list: ListValue) -> Value {
    guard outcome.isUndecided else { return .list(list) }
    var outcome = outcome
    if let unknown = list.deepUnknown { outcome.add(unknown) }
    return outcome.value(else: .null)
  }

  private mutating func filter(_ loop: Program.Loop, _ turns: Turns) -> Value {
    var outcome = Outcome()
    var kept: [ListValue.Element] = []
    for index in turns.indices {
      let turn = turns[index]
      guard let (_, doubt) = test(loop.body, turn, loop, &outcome) else { continue }
      kept.append(ListValue.Element(turn.first, membership: doubt))
      if remaining < 0 { return .unknown(Evaluator.exhausted) }
    }
    return finished(outcome, ListValue(elements: kept, residual: turns.residual))
  }

  /// The value of a transformation, and why it may not be there; nil when it is left out or in error.
  private mutating func transformed(
    _ turn: Turn, _ loop: Program.Loop, _ outcome: inout Outcome
  ) -> (value: Value, doubt: Unknown?)? {
    var doubt = turn.membership
    if let filter = loop.filter {
      guard let (_, found) = test(filter, turn, loop, &outcome) else { return nil }
      doubt = found
    }
    enter(turn, loop)
    let result = value(loop.body)
    guard case .error(let error) = result else { return (result, doubt) }
    if let doubt { return (.unknown(doubt), doubt) }
    outcome.add(error)
    return nil
  }

  private mutating func transformed(_ loop: Program.Loop, _ turns: Turns) -> Value {
    var outcome = Outcome()
    var elements: [ListValue.Element] = []
    for index in turns.indices {
      let turn = turns[index]
      guard let (value, doubt) = transformed(turn, loop, &outcome) else { continue }
      elements.append(ListValue.Element(value, membership: doubt))
      if remaining < 0 { return .unknown(Evaluator.exhausted) }
    }
    return finished(outcome, ListValue(elements: elements, residual: turns.residual))
  }

  private mutating func transformedMap(_ loop: Program.Loop, _ turns: Turns) -> Value {
    var outcome = Outcome()
    var residual = turns.residual
    var built: [MapValue.Entry] = []
    var seen: [MapKey: Unknown?] = [:]
    for index in turns.indices {
      let turn = turns[index]
      guard let (value, doubt) = transformed(turn, loop, &outcome) else { continue }
      var entries: [MapValue.Entry] = []
      if loop.kind == .transformMap {
        // A key that is not known, such as a place in an open list, makes an entry that is not known.
        if let unknown = turn.first.unknown {
          residual = residual.united(with: unknown)
        } else {
          entries = [MapValue.Entry(turn.first, value, membership: doubt)]
        }
      } else if case .map(let map) = value {
        entries = map.entries.map { MapValue.Entry($0.key, $0.value, membership: doubt.united(with: $0.membership)) }
        residual = residual.united(with: map.residual)
      } else if let unknown = value.unknown {
        residual = residual.united(with: unknown)
      } else {
        outcome.add(.noOverload("transformMapEntry", [value]))
      }
      for entry in entries {
        guard let key = MapKey(entry.key) else { continue }
        if let earlier = seen[key] {
          if let doubt = earlier.united(with: entry.membership) {
            outcome.add(doubt)
          } else {
            outcome.add(CELError(.invalidArgument, "The map has the repeated key '\(entry.key.text)'."))
          }
        }
        seen[key] = entry.membership
      }
      built += entries
      if remaining < 0 { return .unknown(Evaluator.exhausted) }
    }
    let map = MapValue(built, residual: residual)
    guard outcome.isUndecided else { return .map(map) }
    if let unknown = map.deepUnknown { outcome.add(unknown) }
    return outcome.value(else: .null)
  }

  private mutating func sorted(_ loop: Program.Loop, _ turns: Turns) -> Value {
    var outcome = Outcome()
    if let residual = turns.residual { outcome.add(residual) }
    var pairs: [(key: Value, value: Value)] = []
    for index in turns.indices {
      let turn = turns[index]
      if let membership = turn.membership { outcome.add(membership) }
      guard let (key, _) = transformed(turn, loop, &outcome) else { continue }
      if let unknown = key.unknown { outcome.add(unknown) }
      pairs.append((key, turn.first))
    }
    if outcome.isUndecided { return outcome.value(else: .null) }
    return Lists.sorted(pairs)
  }
}

/// What stands in the way of a result: unknowns before errors.
struct Outcome {
  private(set) var unknown: Unknown?
  private(set) var error: CELError?

  var isUndecided: Bool { unknown != nil || error != nil }

  mutating func add(_ other: Unknown) { unknown = unknown.united(with: other) }
  mutating func add(_ other: CELError) { if error == nil { error = other } }

  func value(else result: Value) -> Value {
    if let unknown { return .unknown(unknown) }
    if let error { return .error(error) }
    return result
  }
}
