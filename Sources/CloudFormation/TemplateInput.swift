import Documents
import SourceText
import Values

/// One template of a project and what its deployment is known to give it.
package struct TemplateInput: Sendable {
  /// The template.
  package var document: Document
  /// The stack's name; where nothing says it (a template on its own), a name to show, and ``isStackNameKnown`` is
  /// false.
  package var stackName: String
  /// False where ``stackName`` is only a name to show.
  package var isStackNameKnown: Bool
  /// The tags that the deployment puts on every resource of the stack.
  package var tags: [String: String]
  /// False where the deployment may add tags that nothing here says.
  package var tagsKnown: Bool
  /// Where the tags are written.
  package var tagOrigins: [String: Origin]
  /// Nil where the stack is for any account.
  package var account: String?
  /// Nil where the stack is for any region.
  package var region: String?
  /// CDK's construct paths, by logical id.
  package var constructPaths: [String: String]
  /// Values given for parameters, by name; names the template does not declare are ignored.
  package var parameters: [String: String]
  /// For the template of a nested stack, the resource that deploys it.
  package var parent: Parent?
  /// What the files that `AWS::Include` names hold, by the names that the template writes.
  package var included: [String: Node] = [:]

  /// The `AWS::CloudFormation::Stack` resource of another template.
  package struct Parent: Hashable, Sendable {
    /// The other template's position among the inputs; it must stand before its children.
    package let input: Int
    /// The resource there.
    package let logicalID: String

    /// The resource of that name in the input at a position.
    package init(input: Int, logicalID: String) {
      self.input = input
      self.logicalID = logicalID
    }
  }

  /// A template and what is known of its deployment; by default nothing but the name.
  package init(
    document: Document, stackName: String, isStackNameKnown: Bool = true, tags: [String: String] = [:],
    tagsKnown: Bool = false, tagOrigins: [String: Origin] = [:], account: String? = nil, region: String? = nil,
    constructPaths: [String: String] = [:], parameters: [String: String] = [:], parent: Parent? = nil
  ) {
    self.document = document
    self.stackName = stackName
    self.isStackNameKnown = isStackNameKnown
    self.tags = tags
    self.tagsKnown = tagsKnown
    self.tagOrigins = tagOrigins
    self.account = account
    self.region = region
    self.constructPaths = constructPaths
    self.parameters = parameters
    self.parent = parent
  }

  /// The template's file.
  package var file: FileID { document.file }
}

/// How templates are linked.
package struct LinkOptions: Hashable, Sendable {
  /// Take a parameter's default wherever it has one, even where other values are allowed.
  package var assumesDefaults: Bool

  /// Options; by default every allowed value of a parameter is its own scenario.
  package init(assumesDefaults: Bool = false) { self.assumesDefaults = assumesDefaults }
}
