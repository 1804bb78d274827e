import CEL
import SourceText
import Values

/// One test of the specification's conformance files.
struct ConformanceTest {
  enum Wanted {
    case value(Value)
    case error
  }

  /// `file/section/name`.
  let name: String
  let expression: String
  let isChecked: Bool
  let isOnlyChecked: Bool
  let container: String
  let variables: [(name: String, type: CELType)]
  let bindings: [(name: String, value: Value)]
  /// The type wanted, where the test gives one.
  let type: CELType?
  /// Nil where the value is a message.
  let wanted: Wanted?

  init(_ file: String, _ section: String, _ test: TextProto) {
    name = "\(file)/\(section)/\(test.string("name") ?? "")"
    expression = test.string("expr") ?? ""
    isChecked = test.word("disable_check") != "true"
    isOnlyChecked = test.word("check_only") == "true"
    container = test.string("container") ?? ""
    variables = test.messages("type_env").compactMap { declaration in
      let type = declaration.message("ident")?.message("type").map(ConformanceTest.declaredType)
      return declaration.string("name").map { ($0, type ?? .dyn) }
    }
    bindings = test.messages("bindings").compactMap { binding in
      let value = binding.message("value")?.message("value").flatMap(ConformanceTest.value)
      return binding.string("key").map { ($0, value ?? .null) }
    }
    let result = test.message("typed_result")
    type = result?.message("deduced_type").map(ConformanceTest.declaredType)
    if test.message("eval_error") != nil || test.message("any_eval_errors") != nil {
      wanted = .error
    } else if let value = test.message("value") ?? result?.message("result") {
      wanted = ConformanceTest.value(value).map { .value($0) }
    } else {
      // Without anything said, true is wanted.
      wanted = isOnlyChecked ? nil : .value(.bool(true))
    }
  }

  /// Why the test fails, or nil when it passes.
  func failure() -> String? {
    var environment = Environment(container: container)
    for variable in variables { environment.declare(variable.name, variable.type) }
    let compilation = CEL.Expression.compile(mapped(expression), in: environment, isChecked: isChecked)
    guard let expression = compilation.expression else {
      let messages = compilation.diagnostics.map(\.message).joined(separator: " ")
      return "does not compile: \(messages)"
    }
    if let type, type.description != expression.resultType.description {
      return "is of type '\(expression.resultType)', not '\(type)'"
    }
    if isOnlyChecked { return nil }
    let values = environment.variables.map { variable in
      bindings.first { $0.name == variable.name }?.value ?? .error(CELError(.unboundVariable, "It is not bound."))
    }
    let result = expression.evaluate(values)
    switch wanted {
    case .error:
      if case .error = result { return nil }
      return "is '\(result)', and an error is wanted"
    case .value(let value):
      return ConformanceTest.isSame(result, value) ? nil : "is '\(result)', not '\(value)'"
    case nil: return "wants a message"
    }
  }

  /// Equality of type and value, where the entries of maps may stand in any order.
  private static func isSame(_ a: Value, _ b: Value) -> Bool {
    switch (a, b) {
    case (.map(let x), .map(let y)):
      x.entries.count == y.entries.count
        && x.entries.allSatisfy { entry in
          y.entries.contains { isSame($0.key, entry.key) && isSame($0.value, entry.value) }
        }
    case (.list(let x), .list(let y)):
      x.elements.count == y.elements.count
        && zip(x.elements, y.elements).allSatisfy { isSame($0.0.value, $0.1.value) }
    default: a == b
    }
  }

  // MARK: Values and types as the tests write them

  private static func value(_ proto: TextProto) -> Value? {
    guard let entry = proto.fields.first else { return nil }
    switch (entry.name, entry.value) {
    case ("null_value", _): return .null
    case ("bool_value", .word(let word)): return .bool(word == "true")
    case ("int64_value", .word(let word)): return Int64(word).map { .int($0) }
    case ("uint64_value", .word(let word)): return UInt64(word).map { .uint($0) }
    case ("double_value", .word(let word)): return Double(word).map { .double($0) }
    case ("string_value", .string(let bytes)): return .string(String(decoding: bytes, as: UTF8.self))
    case ("bytes_value", .string(let bytes)): return .bytes(bytes)
    case ("type_value", .string(let bytes)):
      return namedType(String(decoding: bytes, as: UTF8.self)).map { .type($0) }
    case ("list_value", .message(let list)):
      let values = list.messages("values").map(value)
      return values.contains { $0 == nil } ? nil : .list(values.compactMap { $0 })
    case ("map_value", .message(let map)):
      var entries: [MapValue.Entry] = []
      for entry in map.messages("entries") {
        guard let key = entry.message("key").flatMap(value), let value = entry.message("value").flatMap(value) else {
          return nil
        }
        entries.append(MapValue.Entry(key, value))
      }
      return .map(MapValue(entries))
    case ("object_value", .message(let any)):
      guard let duration = any.message("[type.googleapis.com/google.protobuf.Duration]") else { return nil }
      let seconds = duration.word("seconds").flatMap(Int64.init) ?? 0
      let nanoseconds = duration.word("nanos").flatMap(Int64.init) ?? 0
      return DurationValue(seconds: seconds, nanoseconds: nanoseconds).map { .duration($0) }
    default: return nil
    }
  }

  private static func namedType(_ name: String) -> CELType? {
    let types: [CELType] = [
      .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type, .list(.dyn), .map(.dyn, .dyn),
    ]
    return types.first { $0.runtimeName == name }
  }

  private static func declaredType(_ proto: TextProto) -> CELType {
    if let primitive = proto.word("primitive") {
      switch primitive {
      case "BOOL": return .bool
      case "INT64": return .int
      case "UINT64": return .uint
      case "DOUBLE": return .double
      case "STRING": return .string
      case "BYTES": return .bytes
      default: return .dyn
      }
    }
    if let list = proto.message("list_type") { return .list(list.message("elem_type").map(declaredType) ?? .dyn) }
    if let map = proto.message("map_type") {
      return .map(
        map.message("key_type").map(declaredType) ?? .dyn, map.message("value_type").map(declaredType) ?? .dyn)
    }
    switch proto.string("message_type") {
    case "google.protobuf.Duration": return .duration
    case "google.protobuf.Timestamp": return .timestamp
    default: return .dyn
    }
  }
}
