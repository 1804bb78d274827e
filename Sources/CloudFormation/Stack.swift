import SourceText
import Values

/// Names one stack of a deployment: its position.
package struct StackID: Hashable, Comparable, Sendable {
  package let rawValue: Int32

  package init(_ rawValue: Int32) { self.rawValue = rawValue }

  package static func < (a: StackID, b: StackID) -> Bool { a.rawValue < b.rawValue }

  var index: Int { Int(rawValue) }
}

/// One template of a deployment with what its deployment is known to give it.
package struct Stack: Sendable {
  package let id: StackID
  package let input: TemplateInput
  package let template: Template
  /// The stack's resources among the deployment's.
  package let resources: Range<Int>

  package var name: String { input.stackName }
}

/// Names one resource of a deployment: its position.
package struct ResourceID: Hashable, Comparable, Sendable {
  package let rawValue: Int32

  package init(_ rawValue: Int32) { self.rawValue = rawValue }

  package static func < (a: ResourceID, b: ResourceID) -> Bool { a.rawValue < b.rawValue }

  package var index: Int { Int(rawValue) }
}

/// One resource of a deployment.
package struct Resource: Sendable {
  package let id: ResourceID
  package let stack: StackID
  /// The resource as its template declares it.
  package let declaration: Template.Declaration
  /// CDK's construct path; nil for templates that CDK did not make.
  package let constructPath: String?
  /// Where a loop made the resource, with the loop's variables put in.
  package var logicalID: String { declaration.logicalID }
  package var type: String { declaration.type }
  /// The logical id's place.
  package var origin: Origin { declaration.origin }
  package var conditionName: String? { declaration.condition }
}
