import CEL
import CloudFormation
import PostgresSchema
import SourceText
import Synchronization
import Values

/// The model as the CEL checker sees it.
package struct ModelTypes: TypeProvider {
  private let declarations: [String: [String: MemberDeclaration]]
  package let typeNames: [String]

  package init(_ model: Model) {
    let common = model.types[Model.commonResource]?.members ?? [:]
    var declarations: [String: [String: MemberDeclaration]] = [:]
    for (name, type) in model.types where name != Model.commonResource {
      var members = model.commonMembers(of: type)
      let isResource =
        type.alternatives.isEmpty ? Model.isResource(name) : type.alternatives.allSatisfy(Model.isResource)
      if isResource { members.merge(common) { own, _ in own } }
      declarations[name] = members.mapValues {
        MemberDeclaration($0.type, isOptional: $0.isOptional, documentation: $0.about)
      }
    }
    self.declarations = declarations
    typeNames = declarations.keys.sorted()
  }

  package func members(of typeName: String) -> [String: MemberDeclaration]? { declarations[typeName] }
}

/// The derived members of a model, compiled when they are first read and never again.
package final class DerivedExpressions: Sendable {
  private let model: Model
  private let environment: Environment
  private let compiled = Mutex<[String: CEL.Expression?]>([:])

  package init(_ model: Model, _ types: ModelTypes) {
    self.model = model
    environment = Environment(provider: types, functions: EstateFunctions.all)
  }

  /// The expression of a derived member, over the one variable `self`; nil when it does not compile (tests hold that
  /// all of the model's do: ``check()``).
  func expression(_ member: String, of type: String) -> CEL.Expression? {
    let key = type + "." + member
    if let known = compiled.withLock({ $0[key] }) { return known }
    guard case .derived(let text)? = model.member(member, of: type)?.source else { return nil }
    let compilation = Expression.compile(text, in: environment.declaring("self", .object(type)))
    compiled.withLock { $0[key] = .some(compilation.expression) }
    return compilation.expression
  }

  /// What a derived member reads; empty for a member that is none.
  package func references(of member: String, in type: String) -> Set<References.Member> {
    expression(member, of: type)?.references.members ?? []
  }

  /// Compiles every derived member and says what is wrong with any of them.
  package func check() -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    for type in model.types.values.sorted(by: { $0.name < $1.name }) {
      for member in type.members.values.sorted(by: { $0.name < $1.name }) {
        guard case .derived(let text) = member.source else { continue }
        let expected: CELType = member.isOptional ? .optional(member.type) : member.type
        let scope = environment.declaring("self", .object(type.name))
        diagnostics += Expression.compile(text, in: scope, expecting: expected).diagnostics
      }
    }
    return diagnostics
  }
}

/// The functions that rules and the model have beyond CEL's own.
package enum EstateFunctions {
  package static let all: [FunctionDeclaration] =
    [cannotTell, atLeast, rank, wildcardMatches, words, cidrContains, quoteIdent] + windows

  /// `cannotTell(why, cure)`: a value that is unknown for a reason that only the model knows.
  private static let cannotTell = FunctionDeclaration(
    "cannotTell",
    [.init([.string], returning: .dyn), .init([.string, .string], returning: .dyn)],
    documentation: "A value that cannot be told: why, as a clause, and what would make it known."
  ) { arguments, _ in
    guard case .string(let why)? = arguments.first else { return .null }
    var cure: String?
    if arguments.count > 1, case .string(let text) = arguments[1] { cure = text }
    return .unknown(Unknown(Reason(.undeclared, why, cure: cure)))
  }

  /// `atLeast(list, n)`: whether a list surely has n elements; true even where there may be more.
  private static let atLeast = FunctionDeclaration(
    "atLeast", [.init([.list(.dyn), .int], returning: .bool)], strictness: .shallow,
    documentation: "Whether a list has at least so many elements; known as soon as so many are."
  ) { arguments, _ in
    guard arguments.count == 2, case .list(let list) = arguments[0], case .int(let count) = arguments[1] else {
      return .bool(false)
    }
    if list.certainCount >= count { return .bool(true) }
    if let open = list.openness, list.residual != nil || list.elements.count >= count { return .unknown(open) }
    return .bool(false)
  }

  /// `wildcardMatches(pattern, text)`: patterns as AWS policies have them.
  private static let wildcardMatches = FunctionDeclaration(
    "wildcardMatches", [.init([.string, .string], returning: .bool)],
    documentation: "Whether a text matches a pattern with '*' and '?', as actions and ARNs do; case does not matter."
  ) { arguments, _ in
    guard arguments.count == 2, case .string(let pattern) = arguments[0], case .string(let text) = arguments[1] else {
      return .bool(false)
    }
    return .bool(Wildcard.matches(pattern, text, ignoringCase: true))
  }

  /// `words(name)`: the words that an identifier is put together of.
  private static let words = FunctionDeclaration(
    "words", [.init([.string], returning: .list(.string))],
    documentation: "The words of an identifier in lower case: of user_email, userEmail and 'User-Email' user and email."
  ) { arguments, _ in
    guard case .string(let name)? = arguments.first else { return .list([]) }
    return .list(Identifier.words(of: name).map { .string($0) })
  }

  /// `cidrContains(outer, inner)`: blocks of addresses.
  private static let cidrContains = FunctionDeclaration(
    "cidrContains", [.init([.string, .string], returning: .bool)],
    documentation: "Whether a block of IP addresses such as '10.0.0.0/16' has all addresses of another."
  ) { arguments, _ in
    guard arguments.count == 2, case .string(let outer) = arguments[0], case .string(let inner) = arguments[1] else {
      return .bool(false)
    }
    if let contains = AddressBlock.contains(outer, inner) { return .bool(contains) }
    return .unknown(Unknown(Reason(.malformed, "'\(outer)' or '\(inner)' is no block of IP addresses")))
  }

  /// `quoteIdent(name)`: PostgreSQL's quote_ident.
  private static let quoteIdent = FunctionDeclaration(
    "quoteIdent", [.init([.string], returning: .string)],
    documentation: "A name as SQL has to spell it: in double quotes unless it is plain and no reserved word."
  ) { arguments, _ in
    guard case .string(let name)? = arguments.first else { return .string("") }
    return .string(QuotedName.of(name))
  }

  /// `rank(value, order)`: where a value stands in an ordered list, from 0; -1 where it does not.
  private static let rank = FunctionDeclaration(
    "rank", [.init([.string, .list(.string)], returning: .int)],
    documentation: "The position of a value in a list that goes from low to high, from 0; -1 when it is not in it."
  ) { arguments, _ in
    guard arguments.count == 2, case .list(let order) = arguments[1] else { return .int(-1) }
    return .int(Int64(order.elements.firstIndex { $0.value == arguments[0] } ?? -1))
  }
}
