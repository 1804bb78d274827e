import CEL
import Documents
import Findings
import SourceText

/// A rule: its envelope, and what the judge evaluates (``Logic``). What people read of it is its ``RuleProse``. It never
/// changes, and the judge holds it all the time: shared, as its logic is.
package final class Rule: Sendable {
  package let id: String
  /// `kms-key-rotation`: the file's name.
  package let name: String
  package let title: LocalizedText
  package let severity: Severity
  /// The severity that the rule's author gave it.
  package let ownSeverity: Severity
  /// Who decided ``severity``.
  package let severitySource: SettingSource
  /// Whose demand it is; profiles select by it.
  package let origin: [String]
  package let parameters: [Parameter]
  /// The values of the parameters, in their order.
  let settings: [Value]
  let body: RuleBody
  /// The top of its file.
  let root: Node
  /// What others than its author decided of it.
  let adjustment: RuleAdjustment
  /// What a finding that could not be told does to the exit code: `open` keeps it unknown, `fail` makes it a failure.
  let unknownFails: Bool
  let isBuiltIn: Bool

  init(
    id: String, name: String, title: LocalizedText, severity: Severity, ownSeverity: Severity,
    severitySource: SettingSource, origin: [String], parameters: [Parameter], body: RuleBody, root: Node,
    adjustment: RuleAdjustment, unknownFails: Bool, isBuiltIn: Bool
  ) {
    self.id = id
    self.name = name
    self.title = title
    self.severity = severity
    self.ownSeverity = ownSeverity
    self.severitySource = severitySource
    self.origin = origin
    self.parameters = parameters
    settings = parameters.map(\.value)
    self.body = body
    self.root = root
    self.adjustment = adjustment
    self.unknownFails = unknownFails
    self.isBuiltIn = isBuiltIn
  }

  /// What the judge evaluates.
  final class Logic: Sendable {
    /// In order; the first one's element is the subject.
    let generators: [Generator]
    let bindings: [LetBinding]
    let gate: Condition?
    /// What the rule asks, as a clause over the first generator's variable: "Cannot tell whether …".
    let whether: MessageTemplate
    let obligations: [Obligation]
    /// The bindings that the gate needs, by position: see ``needs(_:of:)``.
    let gateNeeds: [Int]
    /// The same by obligation: for its condition, and for its own generators and what it demands.
    let obligationNeeds: [(condition: [Int], demand: [Int])]

    init(
      generators: [Generator], bindings: [LetBinding], gate: Condition?, whether: MessageTemplate,
      obligations: [Obligation]
    ) {
      self.generators = generators
      self.bindings = bindings
      self.gate = gate
      self.whether = whether
      self.obligations = obligations
      gateNeeds = Self.needs([gate?.expression], of: bindings)
      obligationNeeds = obligations.map {
        (
          Self.needs([$0.condition?.expression], of: bindings),
          Self.needs($0.each.map(\.expression) + [$0.that.expression], of: bindings)
        )
      }
    }
  }

  /// A setting of a rule, with the value in force.
  package struct Parameter: Sendable {
    package let name: String
    package let type: CELType
    package let defaultValue: Value
    package let value: Value
    /// Who gave ``value``.
    package let source: SettingSource
    package let description: String
  }

  /// A variable that runs over a collection, or is gated by an optional.
  final class Generator: Sendable {
    let variable: String
    let expression: Expression
    let text: String

    init(variable: String, expression: Expression, text: String) {
      self.variable = variable
      self.expression = expression
      self.text = text
    }
  }

  /// A name for an expression.
  struct LetBinding: Sendable {
    let variable: String
    let expression: Expression
    let text: String
  }

  /// An expression that must hold for the rest to matter.
  final class Condition: Sendable {
    let expression: Expression
    let text: String

    init(expression: Expression, text: String) {
      self.expression = expression
      self.text = text
    }
  }

  /// One demand of the rule.
  final class Obligation: Sendable {
    let id: String
    let severity: Severity
    let condition: Condition?
    /// Quantifies within the obligation: it holds when `that` holds for each, so also when there are none.
    let each: [Generator]
    let that: Condition
    /// What a finding is shown with: made when there is one.
    private let words: LateValue<Words>

    var message: MessageTemplate { words.value.message }
    /// Overrides the rule's.
    var whether: MessageTemplate? { words.value.whether }
    var place: PlacePath { words.value.place }
    var related: [RelatedPlace] { words.value.related }
    var fix: FixTemplate? { words.value.fix }
    /// Whether AWS itself refuses what does not hold: a combination of several choices that comes to it is never
    /// deployed, as long as there is one that holds.
    let isRefused: Bool

    /// What a finding of an obligation is shown with.
    struct Words: Sendable {
      let message: MessageTemplate
      let whether: MessageTemplate?
      let place: PlacePath
      let related: [RelatedPlace]
      let fix: FixTemplate?
    }

    init(
      id: String, severity: Severity, condition: Condition?, each: [Generator], that: Condition, isRefused: Bool,
      words: LateValue<Words>
    ) {
      self.isRefused = isRefused
      self.id = id
      self.severity = severity
      self.condition = condition
      self.each = each
      self.that = that
      self.words = words
    }
  }

  /// A further place that a finding shows.
  struct RelatedPlace: Sendable {
    let place: PlacePath
    let message: MessageTemplate
  }

  /// A mechanical cure.
  struct FixTemplate: Sendable {
    enum Change: Sendable {
      /// Sets a property to a value, which is spelled as the template's notation asks for.
      case set(PlacePath, to: MessageTemplate)
      /// Adds a statement to the file of SQL that a place stands in.
      case append(MessageTemplate, toFileOf: PlacePath)
    }

    let change: Change
    /// Where it does not surely hold there is no fix.
    let condition: Condition?
    let safety: Fix.Safety
  }
}

/// A path to show: a variable, then members, literal keys and indices. Never evaluated as a value.
struct PlacePath: Sendable {
  let variable: String
  let members: [String]
  let text: String
}

/// A message with holes: `KMS key '{key.logicalId}' does not rotate.`
struct MessageTemplate: Sendable {
  enum Part: Sendable {
    case text(String)
    case hole(Expression, root: String?)
  }

  let parts: [Part]
}

/// What `explain`, SARIF help and the examples need of a rule, and a check does not.
package struct RuleProse: Sendable {
  package let rationale: LocalizedText
  package let remediation: LocalizedText
  package let references: [String]
  package let controls: [FrameworkControls]
  package let examples: [Example]

  static let empty = RuleProse(
    rationale: LocalizedText(en: ""), remediation: LocalizedText(en: ""), references: [], controls: [], examples: [])
}

/// One example of a rule: documentation and test at once.
package struct Example: Sendable {
  package let name: String
  package let verdict: Verdict
  /// CloudFormation, with the regions to be reported cut out of their «…» marks.
  package let template: ExampleFile?
  package let schema: ExampleFile?
  /// Template parameters given for this example.
  package let parameters: [String: String]
  /// The stack's tags; nil when the example is a template on its own.
  package let stackTags: [String: String]?
  /// The account the stack is for; nil when nobody knows.
  package let account: String?
  /// Rule parameters set for this example.
  package let settings: [String: String]
  /// The date to judge by as `yyyy-mm-dd`; nil where none is given.
  package let asOf: String?
  /// Text that some message must contain.
  package let message: String?
  /// The template or the schema after the fixes: the one that they change.
  package let fixed: String?
  /// Where the example stands in the rule file.
  package let span: Span

  /// The inputs as reports show them.
  package var files: [ExampleFile] { [template, schema].compactMap { $0 } }

  /// The inputs as a run reads them: the template is file 0, the schema file 1.
  var sources: (template: SourceFile?, schema: SourceFile?) {
    (
      template.map { SourceFile(id: FileID(0), path: $0.path, bytes: Array($0.text.utf8)) },
      schema.map { SourceFile(id: FileID(1), path: $0.path, bytes: Array($0.text.utf8)) }
    )
  }
}
