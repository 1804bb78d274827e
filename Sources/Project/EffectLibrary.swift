import BuiltInRules
import Documents
import PostgresSchema
import SourceText

/// What functions of extensions do: the effects that the binary carries.
package enum EffectLibrary {
  /// The shipped effects. A configuration's own go in front of them, for of several that fit a call the first counts.
  package static let builtIn: [DeclaredEffect] = {
    BuiltInRules.effects.flatMap { file -> [DeclaredEffect] in
      let source = SourceFile(id: FileID(-1), path: "Rules/" + file.path, bytes: Array(file.logic.utf8))
      return Document.read(source, as: .json).documents.first?.root.map { DeclaredEffect.read($0).0 } ?? []
    }
  }()
}
