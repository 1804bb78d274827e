import CEL
import Testing
import Values

/// What the extensions compute, which the specification's files beside the repository do not ask for.
@Suite struct LibraryTests {
  @Test(arguments: [
    "'日本語'.charAt(1) == '本'", "'ab'.charAt(2) == ''", "'banana'.indexOf('an') == 1", "'banana'.indexOf('an', 2) == 3",
    "'banana'.lastIndexOf('an') == 3", "'banana'.lastIndexOf('an', 2) == 1", "'a'.indexOf('b') == -1",
    "'a'.indexOf('') == 0", "'ab'.lastIndexOf('') == 2", "['a', 'b'].join() == 'ab'", "['a', 'b'].join(', ') == 'a, b'",
    "[].join('x') == ''", "'ÄBc'.lowerAscii() == 'Äbc'", "'äbc'.upperAscii() == 'äBC'",
    "'a-b-c'.replace('-', '+') == 'a+b+c'", "'a-b-c'.replace('-', '', 1) == 'ab-c'", "'ab'.replace('', '_') == '_a_b_'",
    "'a-b'.replace('-', '+', 0) == 'a-b'", "'a,b,c'.split(',') == ['a', 'b', 'c']",
    "'a,b,c'.split(',', 2) == ['a', 'b,c']",
    "'abc'.split('') == ['a', 'b', 'c']", "'a,b'.split(',', 0) == []", "'a,b'.split(',', -1) == ['a', 'b']",
    "'tacocat'.substring(4) == 'cat'", "'tacocat'.substring(0, 4) == 'taco'", "'  a b\\t\\n'.trim() == 'a b'",
    "'abc'.reverse() == 'cba'", "strings.quote('a\"\\n') == '\"a\\\\\"\\\\n\"'",
    "'%s is %d (%.1f%%)'.format(['x', 7, 99.25]) == 'x is 7 (99.2%)'", "'%s'.format([['a', 1]]) == '[a, 1]'",
    "'%x %X %o %b'.format([255, 255u, 8, 5]) == 'ff FF 10 101'", "'%e'.format([1234.5]) == '1.234500e+03'",
    "'%.0f %.3f'.format([2.5, 1.0005]) == '2 1.000'", "[1, 2.0, 1, 'a', 2, 'a'].distinct() == [1, 2.0, 'a']",
    "[[1], [2, 3]].flatten() == [1, 2, 3]", "[[1, [2]], [3]].flatten() == [1, [2], 3]",
    "[1, [2, [3, [4]]]].flatten(2) == [1, 2, 3, [4]]", "[1, 2, 3, 4].slice(1, 3) == [2, 3]",
    "[3, 1, 2].sort() == [1, 2, 3]",
    "['b', 'a'].sort() == ['a', 'b']", "['aa', 'b'].sortBy(s, size(s)) == ['b', 'aa']", "[1, 2].reverse() == [2, 1]",
    "lists.range(3) == [0, 1, 2]", "lists.range(-1) == []", "[1, 2].first().value() == 1",
    "[].last().hasValue() == false",
    "[1, 2].last() == optional.of(2)", "math.greatest(1, 3, 2) == 3", "math.least([2.5, 1.5]) == 1.5",
    "math.greatest(1, dyn(2.5)) == 2.5", "math.abs(-3) == 3", "math.ceil(1.2) == 2.0", "math.floor(-1.2) == -2.0",
    "math.round(-1.5) == -2.0", "math.trunc(-1.9) == -1.0", "math.sign(-2.5) == -1.0", "math.isNaN(0.0/0.0)",
    "math.isInf(1.0/0.0)", "math.isFinite(1.0)", "math.bitAnd(6, 3) == 2", "math.bitOr(6u, 1u) == 7u",
    "math.bitXor(6, 3) == 5",
    "math.bitNot(0) == -1", "math.bitShiftLeft(1, 3) == 8", "math.bitShiftRight(-1, 63) == 1",
    "math.bitShiftLeft(1, 64) == 0",
    "sets.contains([1, 2.0], [2])", "sets.equivalent([1, 1], [dyn(1u)])", "!sets.intersects([1], [dyn('1')])",
    "sets.contains([1], [])",
    "timestamp('2024-02-29T12:30:45.5Z').getDayOfYear() == 59",
    "timestamp('2024-02-29T12:30:45.5Z').getMilliseconds() == 500",
    "timestamp('2024-01-01T00:00:00Z').getFullYear('-00:30') == 2023",
    "timestamp('1969-12-31T23:59:59Z').getSeconds() == 59",
    "string(timestamp('2024-01-01T09:00:00+09:00')) == '2024-01-01T00:00:00Z'",
    "duration('1h30m') == duration('5400s')",
    "string(duration('-1.5s')) == '-1.5s'", "duration('1ms') + duration('1us') == duration('1001us')",
    "duration('90m').getHours() == 1", "string(1e21) == '1e+21'", "string(0.1) == '0.1'", "string(100.0) == '100'",
    "string(-0.00001) == '-1e-05'", "double('1e3') == 1000.0", "int('-7') == -7", "uint(7.9) == 7u", "bool('True')",
    "type([]) == list", "type({}) == map", "type(1) != type(1u)",
    "optional.of(1).optFlatMap(x, optional.none()).or(optional.of(2)).value() == 2",
    "optional.ofNonZeroValue('').orValue('x') == 'x'", "[?optional.none(), ?optional.of(1)] == [1]",
    "{?'a': optional.of(1), ?'b': optional.none()} == {'a': 1}", "cel.bind(x, 2, x * x) == 4",
    "{'a': 1}.transformMapEntry(k, v, {k + 'b': v}) == {'ab': 1}", "[3, 4].transformMap(i, v, v) == {0: 3, 1: 4}",
    "{'a': 1, 'b': 2}.transformList(k, v, v > 1, k) == ['b']", "[1, 2, 3].map(x, x > 1, x * 2) == [4, 6]",
    "'e\\u0301' != '\\u00e9'", "size('e\\u0301') == 2", "'a' in {'a': 1} && !('b' in {'a': 1})", "dyn(1) in [1.0]",
  ])
  func `the library computes what it says`(text: String) {
    #expect(value(text) == .bool(true))
  }

  @Test(arguments: [
    ("'a'.charAt(2)", CELError.Kind.outOfRange), ("'abc'.substring(2, 1)", .outOfRange),
    ("'a'.indexOf('a', 2)", .outOfRange),
    ("[1, 2].slice(1, 3)", .outOfRange), ("[1, dyn('a')].sort()", .noSuchOverload),
    ("math.greatest([])", .invalidArgument),
    ("math.abs(-9223372036854775808)", .overflow), ("math.bitShiftLeft(1, -1)", .invalidArgument),
    ("'%d'.format(['a'])", .invalidArgument), ("'%s'.format([])", .invalidArgument),
    ("'%'.format([1])", .invalidArgument),
    ("optional.none().value()", .invalidArgument), ("int('1.5')", .outOfRange),
    ("timestamp('2023-02-29T00:00:00Z')", .outOfRange),
    ("timestamp('2024-01-01T00:00:00Z').getHours('Asia/Tokyo')", .invalidArgument), ("duration('1x')", .outOfRange),
    ("duration('')", .outOfRange), ("'a'.matches(dyn('(') + '')", .invalidArgument), ("[1][1]", .outOfRange),
    ("{'a': 1}.b", .noSuchKey), ("[1][-1]", .outOfRange), ("[[1]].flatten(-1)", .invalidArgument),
    ("[1, 2].transformMapEntry(i, v, {'a': v})", .invalidArgument),
  ])
  func `what has no value is an error`(text: String, kind: CELError.Kind) {
    guard case .error(let error) = value(text) else {
      Issue.record("'\(text)' has a value.")
      return
    }
    #expect(error.kind == kind)
    #expect(error.message.hasSuffix("."))
    #expect(error.span != nil)
  }

  @Test func `every function is documented and may be called`() {
    let environment = Environment()
    for name in environment.functionNames {
      let function = environment.function(name)
      #expect(function?.documentation.hasSuffix(".") == true, "\(name)")
      #expect(function?.overloads.isEmpty == false, "\(name)")
    }
  }

  @Test(arguments: [
    "int", "list(string)", "map(string, list(AWS::EC2::Subnet))", "optional_type(dyn)", "list(list(int))",
  ])
  func `types are read as they are written`(text: String) {
    #expect(CELType(text)?.description == text)
  }

  @Test(arguments: ["", "list", "list()", "list(int", "map(int)", "list(int))", "int(string)", "a b", "(int)"])
  func `what is no type is none`(text: String) {
    #expect(CELType(text) == nil)
  }
}
