import CloudFormation
import PostgresSchema
import SourceText

/// SQL that was replayed, and what is known at once of the data store that it is for: a file, or a function's inline
/// code.
package struct SchemaSource: Hashable, Sendable {
  /// The file it stands in.
  package let file: FileID
  /// The bytes of the file; nil for all of it.
  package let range: Range<Int>?
  /// The Lambda function whose code it stands in.
  package let function: ResourceID?
  /// The data stores that the configuration names for it; nil where it names none.
  package let stores: [ResourceID]?

  /// A whole file of SQL.
  package init(file: FileID, stores: [ResourceID]? = nil) {
    self.file = file
    self.stores = stores
    range = nil
    function = nil
  }

  /// What stands in a function's code.
  package init(code: Span, of function: ResourceID, stores: [ResourceID]? = nil) {
    file = code.file
    range = code.lower..<code.upper
    self.function = function
    self.stores = stores
  }

  func holds(_ span: Span) -> Bool {
    guard span.file == file else { return false }
    return range.map { $0.lowerBound <= span.lower && span.upper <= $0.upperBound } ?? true
  }
}

/// The SQL in the inline code of a Lambda function.
package struct InlineSchema: Sendable {
  package let function: ResourceID
  /// Where the code stands in the template.
  package let code: Span
  /// In the order in which the code executes it.
  package let sources: [SQLSource]

  /// The functions of a deployment whose inline code holds SQL, in the order of their templates.
  package static func find(in deployment: Deployment) -> [InlineSchema] {
    var found: [InlineSchema] = []
    for id in deployment.resources(ofType: "AWS::Lambda::Function") {
      let properties = deployment.resource(id).declaration.properties
      // SAM's name for it is InlineCode.
      guard let code = properties?["Code"]?["ZipFile"] ?? properties?["InlineCode"], code.kind == .scalar else {
        continue
      }
      let sources = EmbeddedSQL.find(inPython: code.mappedText)
      guard !sources.isEmpty else { continue }
      found.append(InlineSchema(function: id, code: code.span, sources: sources))
    }
    return found
  }
}
