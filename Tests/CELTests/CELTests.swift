import CEL
import SourceText
import Testing
import Values

/// An expression in a file of its own.
func mapped(_ text: String) -> MappedText {
  MappedText(SourceFile(id: FileID(0), path: "rule.yaml", bytes: Array(text.utf8)))
}

func compile(_ text: String, _ environment: Environment = Environment(), isChecked: Bool = true)
  -> CEL.Expression.Compilation
{
  CEL.Expression.compile(mapped(text), in: environment, isChecked: isChecked)
}

/// The value of an expression without variables.
func value(_ text: String) -> Value {
  let compilation = compile(text)
  guard let expression = compilation.expression else {
    Issue.record("'\(text)' does not compile: \(compilation.diagnostics.map(\.message))")
    return .null
  }
  return expression.evaluate()
}

@Suite struct LiteralTests {
  @Test func `numbers and strings evaluate to themselves`() {
    #expect(value("0x1F") == .int(31))
    #expect(value("-9223372036854775808") == .int(.min))
    #expect(value("18446744073709551615u") == .uint(.max))
    #expect(value(".5e1") == .double(5))
    #expect(value("r'\\d' + \"\"\"a'\"b\"\"\"") == .string("\\da'\"b"))
    #expect(value("b'\\xff\\101'") == .bytes([0xFF, 0x41]))
  }
}
