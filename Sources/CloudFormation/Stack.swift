import SourceText
import Values

/// Names one stack of a deployment: its position.
package struct StackID: Hashable, Comparable, Sendable {
  /// The position in its deployment.
  package let rawValue: Int32

  /// The id for a position.
  package init(_ rawValue: Int32) { self.rawValue = rawValue }

  /// In the order of the deployment.
  package static func < (a: StackID, b: StackID) -> Bool { a.rawValue < b.rawValue }

  var index: Int { Int(rawValue) }
}

/// One template of a deployment with what its deployment is known to give it. It never changes, and is asked for with
/// every value that is read: shared, so that asking copies nothing.
package final class Stack: Sendable {
  /// Its name in this deployment.
  package let id: StackID
  /// What was given to link.
  package let input: TemplateInput
  /// The template as read.
  package let template: Template
  /// The stack's resources among the deployment's.
  package let resources: Range<Int>

  init(id: StackID, input: TemplateInput, template: Template, resources: Range<Int>) {
    self.id = id
    self.input = input
    self.template = template
    self.resources = resources
  }

  /// The name to show.
  package var name: String { input.stackName }
}

/// Names one resource of a deployment: its position.
package struct ResourceID: Hashable, Comparable, Sendable {
  /// The position in its deployment.
  package let rawValue: Int32

  /// The id for a position.
  package init(_ rawValue: Int32) { self.rawValue = rawValue }

  /// In the order of the deployment.
  package static func < (a: ResourceID, b: ResourceID) -> Bool { a.rawValue < b.rawValue }

  /// The position as an array's index.
  package var index: Int { Int(rawValue) }
}

/// One resource of a deployment: shared, as a ``Stack`` is.
package final class Resource: Sendable {
  /// Its name in this deployment.
  package let id: ResourceID
  /// The stack that declares it.
  package let stack: StackID
  /// The resource as its template declares it.
  package let declaration: Template.Declaration
  /// CDK's construct path; nil for templates that CDK did not make.
  package let constructPath: String?

  init(id: ResourceID, stack: StackID, declaration: Template.Declaration, constructPath: String?) {
    self.id = id
    self.stack = stack
    self.declaration = declaration
    self.constructPath = constructPath
  }

  /// Where a loop made the resource, with the loop's variables put in.
  package var logicalID: String { declaration.logicalID }
  /// Such as `AWS::RDS::DBCluster`.
  package var type: String { declaration.type }
  /// The logical id's place.
  package var origin: Origin { declaration.origin }
  /// The condition under which it exists; nil where it always does.
  package var conditionName: String? { declaration.condition }
}
