import Findings
import SourceText
import SystemPackage

/// What there is to judge, read but not yet parsed; every list is in the order of the shown paths.
package struct DiscoveredProject: Sendable {
  package let root: ProjectRoot
  /// Cloud assemblies, nested ones after the one that holds them.
  package internal(set) var assemblies: [DiscoveredAssembly]
  /// CloudFormation templates outside of assemblies.
  package internal(set) var templates: [SourceFile]
  package internal(set) var sql: [SourceFile]
  /// Code that may hold SQL, not read yet: read it through ``files``.
  package let code: [FilePath]
  /// What was found and is not judged, and why.
  package let passedOver: [PassedOver]
  /// How many files were passed over for their names alone (`package.json`, hidden files).
  package let disregarded: Int
  package var diagnostics: [Diagnostic]
  /// Reads whatever else the files above refer to.
  package var files: FileStore

  /// The project's name: its root folder's.
  package var name: String { root.name }

  /// True when there is nothing to judge, which is an outcome of its own and never a pass.
  package var isEmpty: Bool { assemblies.isEmpty && templates.isEmpty && sql.isEmpty }

  /// Says that there is nothing to judge, and why that may be; nil when there is something.
  package var nothingToCheck: Diagnostic? {
    guard isEmpty else { return nil }
    let place = root.given.count == 1 ? root.given[0].shown(from: root.base) : root.directory.string
    return Diagnostic(
      "nothing-to-check", .error,
      "There is nothing to check in '\(place == "." ? root.name : place)': "
        + "no CloudFormation template, no cloud assembly and no SQL file.",
      cure: root.marker == .cdk
        ? "Run 'cdk synth' first, so that there is a cloud assembly." : "Give the folder that holds them.")
  }
}

/// A folder that `cdk synth` wrote.
package struct DiscoveredAssembly: Sendable {
  /// Absolute.
  package let directory: FilePath
  /// Its `manifest.json`, which names everything else; read its files through ``DiscoveredProject/files``.
  package let manifest: SourceFile
  /// True for one that stands in another assembly (a stage's), which names it.
  package let isNested: Bool
}
