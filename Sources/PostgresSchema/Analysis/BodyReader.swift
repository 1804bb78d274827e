import Dispatch
import Documents
import SourceText
import Synchronization

/// Reads the bodies of functions, and the statements and expressions in them, once for all who ask: the replay that
/// runs them, and the analyses behind it. What a text says does not depend on where it stands, so the same text in
/// another function, or another policy, is not parsed again.
final class BodyReader: Sendable {
  private struct Key: Hashable {
    let text: [UInt8]
    /// What stands in front of the text for the parser.
    let prefix: String
  }

  private struct Body: Sendable {
    let forReplay: PLpgSQLBody
    /// Nil where fields of records are assigned to, which the analysis does not follow.
    let forAnalysis: TriggerBody?
  }

  private let bodies = Mutex<[Key: Body?]>([:])
  private let statements = Mutex<[Key: Statement?]>([:])

  private struct Statement: Sendable {
    let terms: TermReader.Statement
    /// The parts of the names of the relations in it, without those that WITH makes.
    let relations: [[String]]
  }

  /// What is beyond this is read each time anew.
  private static let limit = 20_000

  // MARK: PL/pgSQL

  /// The body as the replay runs it; nil when PostgreSQL's PL/pgSQL grammar (or libpg_query's part of it) rejects it.
  /// The header is what stands in front of `AS` in a statement that would create it, so that parameters are known.
  func body(_ text: MappedText, header: String) -> PLpgSQLBody? {
    body(text.bytes, header, in: text.file)?.forReplay.placed(in: text)
  }

  /// The body as a trigger's analysis follows it; nil as of ``body(_:header:)``.
  func triggerBody(_ text: MappedText, header: String) -> TriggerBody? {
    body(text.bytes, header, in: text.file)?.forAnalysis
  }

  /// Reads many bodies that will be asked for, on all cores.
  func readAhead(_ texts: [(text: MappedText, header: String)]) {
    let share = 32
    guard texts.count > share else { return }
    DispatchQueue.concurrentPerform(iterations: (texts.count + share - 1) / share) { part in
      for (text, header) in texts[part * share..<min((part + 1) * share, texts.count)] {
        _ = body(text.bytes, header, in: text.file)
      }
    }
  }

  private func body(_ bytes: [UInt8], _ header: String, in file: FileID) -> Body? {
    let key = Key(text: bytes, prefix: header)
    if let known = bodies.withLock({ $0[key] }) { return known }
    let body = PLpgSQLBody.parse(bytes, header: header, in: file).map { parsed in
      Body(
        forReplay: PLpgSQLBody(parsed),
        forAnalysis: parsed.fields.isEmpty ? TriggerBody(parsed.bytes, parsed.function) : nil)
    }
    bodies.withLock { if $0.count < BodyReader.limit { $0[key] = .some(body) } }
    return body
  }

  // MARK: Terms

  /// One statement as terms; nil when it does not parse or is too much for the parser.
  func statement(_ text: [UInt8], prefix: String = "") -> TermReader.Statement? { read(text, prefix)?.terms }

  /// The names of the relations in a statement, apart and in order; nil as of ``statement(_:prefix:)``.
  func relations(_ text: [UInt8], prefix: String = "") -> [[String]]? { read(text, prefix)?.relations }

  private func read(_ text: [UInt8], _ prefix: String) -> Statement? {
    let key = Key(text: text, prefix: prefix)
    if let known = statements.withLock({ $0[key] }) { return known }
    let statement = TermReader.parse(Array(prefix.utf8) + text).map { tree in
      Statement(
        terms: TermReader.statement(tree, shift: prefix.utf8.count), relations: TermReader.relations(of: tree))
    }
    statements.withLock { if $0.count < BodyReader.limit { $0[key] = .some(statement) } }
    return statement
  }

  /// The expression that a text spells. Locations count from the start of the text.
  func expression(_ text: [UInt8]) -> Term? {
    guard case .query(let query)? = statement(text, prefix: "SELECT "), query.targets.count == 1,
      query.sources.isEmpty, query.conditions.isEmpty
    else { return nil }
    return query.targets[0].term
  }
}
