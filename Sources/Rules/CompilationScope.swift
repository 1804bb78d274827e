import CEL
import Estate
import SourceText

/// The variables an expression of a rule may speak of, in the order their values stand in an activation, and what is
/// known to be present.
struct CompilationScope {
  private let base: Environment
  private var variables: [(name: String, type: CELType)] = [("estate", .object(Model.estate))]
  /// From the rule's `when`, or the obligation's.
  var facts = Facts.none

  init(_ compiled: CompiledModel) { base = Self.functions.resolvingTypes(by: compiled.types) }

  /// Of functions there are many: they are declared once for all rules.
  private static let functions = Environment(functions: EstateFunctions.all)

  func knows(_ name: String) -> Bool { variables.contains { $0.name == name } }

  mutating func declare(_ name: String, _ type: CELType) { variables.append((name, type)) }

  /// Hides a variable without moving the places of the others.
  mutating func forget(_ name: String) {
    for index in variables.indices where variables[index].name == name { variables[index].name = "#" + name }
  }

  /// Compiles a text. A place is a path: it may end at a member that is not there, for then its nearest ancestor is
  /// shown; so it needs no guards.
  func compile(_ text: MappedText, expecting type: CELType?, isPlace: Bool) -> (CEL.Expression?, [Diagnostic]) {
    var environment = base
    for variable in variables { environment.declare(variable.name, variable.type) }
    var known = facts
    if isPlace, let path = Expression.compile(text, in: environment, isChecked: false).expression?.memberPath {
      let prefixes = path.segments.indices.map { MemberPath(path.variable, Array(path.segments[...$0])) }
      known = known.and(Facts(present: prefixes))
    }
    let compilation = Expression.compile(text, in: environment, expecting: type, assuming: known)
    return (compilation.expression, compilation.diagnostics)
  }
}
