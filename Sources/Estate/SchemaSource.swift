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

  /// A whole file of SQL, or of the code of a function.
  package init(file: FileID, of function: ResourceID? = nil, stores: [ResourceID]? = nil) {
    self.file = file
    self.stores = stores
    range = nil
    self.function = function
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
      let sources = sources(in: code.mappedText, runtime: properties?["Runtime"]?.text ?? "")
      guard !sources.isEmpty else { continue }
      found.append(InlineSchema(function: id, code: code.span, sources: sources))
    }
    return found
  }

  /// By the runtime; without one that is known, by what the code turns out to hold.
  private static func sources(in code: MappedText, runtime: String) -> [SQLSource] {
    if runtime.hasPrefix("nodejs") { return EmbeddedSQL.find(inJavaScript: code) }
    if runtime.hasPrefix("python") { return EmbeddedSQL.find(inPython: code) }
    let found = EmbeddedSQL.find(inPython: code)
    return found.isEmpty ? EmbeddedSQL.find(inJavaScript: code) : found
  }
}
