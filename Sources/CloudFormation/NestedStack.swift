import Documents
import SourceText

/// A resource that deploys another template.
package struct NestedStack: Hashable, Sendable {
  /// The resource in its template.
  package let logicalID: String
  /// The template's file, relative to the directory of the one that names it; nil where only a URL is given.
  package let file: String?
  /// The logical id's place.
  package let span: Span
}

extension Template {
  /// The type of such resources.
  static let nestedStackType = "AWS::CloudFormation::Stack"

  /// The nested stacks of a document, in order; told without checking the rest of it.
  package static func nestedStacks(of document: Document) -> [NestedStack] {
    guard let resources = document.root?["Resources"], resources.kind == .mapping,
      resources.entries.contains(where: { $0.value["Type"]?.text == nestedStackType || Intrinsic.isLoop($0.key.text) })
    else { return [] }
    return Template.read(document).template?.nestedStacks ?? []
  }

  /// The nested stacks, in order: the CDK names their files in Metadata, `aws cloudformation package` in TemplateURL.
  package var nestedStacks: [NestedStack] {
    resources.filter { $0.type == Template.nestedStackType }.map { resource in
      var file: String?
      if let asset = resource.node["Metadata"]?["aws:asset:path"], asset.kind == .scalar, !asset.text.isEmpty {
        file = asset.text
      } else if let url = resource.properties?["TemplateURL"], Evaluation.isLiteral(url), !url.text.contains("://") {
        file = url.text
      }
      return NestedStack(logicalID: resource.logicalID, file: file, span: resource.origin.span)
    }
  }
}
