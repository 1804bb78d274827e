import SourceText

/// A place to show, with its name in the input's own terms.
package struct Location: Hashable, Sendable {
  package let span: Span
  /// `Resources/Key/Properties/EnableKeyRotation`, or `public.users`: SARIF's fullyQualifiedName.
  package let path: String
  /// SARIF's kind of logical location: `resource`, `property`, `table`, `policy`, …
  package let kind: String
  /// The CDK construct that made it (`ChatAppDb/ChatAppDatabaseKey/Resource`), where the assembly says.
  package let constructPath: String?

  package init(_ span: Span, path: String, kind: String, constructPath: String? = nil) {
    self.span = span
    self.path = path
    self.kind = kind
    self.constructPath = constructPath
  }
}

/// A place that helps to understand a finding; messages link to it by its number.
package struct RelatedLocation: Hashable, Sendable {
  /// 1-based; unique in its finding.
  package let id: Int
  package let message: String
  package let location: Location

  package init(id: Int, message: String, location: Location) {
    self.id = id
    self.message = message
    self.location = location
  }
}

/// One step of the reasoning: cluster, subnet group, subnet, route table, route, gateway.
package struct Step: Hashable, Sendable {
  package let message: String
  package let location: Location
  /// 0 for the subject, growing with each generator of the rule.
  package let nesting: Int
  /// First and last steps are essential, those between are important.
  package let isEssential: Bool

  package init(_ message: String, at location: Location, nesting: Int, isEssential: Bool) {
    self.message = message
    self.location = location
    self.nesting = nesting
    self.isEssential = isEssential
  }
}

/// A message with links to related locations.
package struct Message: Hashable, Sendable {
  package enum Fragment: Hashable, Sendable {
    case text(String)
    /// Text that names the related location with this id.
    case link(String, Int)
  }

  package let fragments: [Fragment]

  package init(_ fragments: [Fragment]) { self.fragments = fragments }

  package init(_ text: String) { fragments = [.text(text)] }

  /// The message without links, for reports that have none.
  package var plain: String {
    fragments.map {
      switch $0 {
      case .text(let text), .link(let text, _): text
      }
    }.joined()
  }
}

/// A mechanical change that cures a finding.
package struct Fix: Hashable, Sendable {
  package enum Safety: String, Hashable, Sendable {
    /// Keeps what the template means but for what the rule asks.
    case safe
    /// May change more, such as replace a resource.
    case unsafe
  }

  /// Imperative, with its full stop: `Set EnableKeyRotation to true.`
  package let description: String
  package let edits: [TextEdit]
  package let safety: Safety
  /// What gets a value that it did not have: of two fixes with one target only one can be made, though their edits do
  /// not overlap. Nil where the edits tell.
  package let target: String?

  package init(_ description: String, edits: [TextEdit], safety: Safety, target: String? = nil) {
    self.description = description
    self.edits = edits
    self.safety = safety
    self.target = target
  }
}
