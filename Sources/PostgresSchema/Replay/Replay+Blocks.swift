import CPgQuery
import SourceText
import Values

extension Replay {
  mutating func runBlock(_ statement: PgQuery__DoStmt, _ context: StatementContext) {}
  mutating func noteCalls(in context: StatementContext) {}
  mutating func classifyAuditing() {}
}
