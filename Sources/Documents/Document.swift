import SourceText

/// The two notations that templates, rules and configurations are written in.
package enum DocumentFormat: Hashable, Sendable {
  case yaml, json
}

/// What a file's bytes say, and everything that is wrong with them.
package struct DocumentReading: Sendable {
  /// The documents in the order of the file. JSON has at most one; a document that could not be read to its end
  /// is not among them, and then there is an error among the diagnostics.
  package let documents: [Document]
  /// Ordered by place.
  package let diagnostics: [Diagnostic]
}

/// One document of a file: a tree of nodes that know where they stand.
package struct Document: Sendable {
  /// The file that the document stands in.
  package let file: FileID
  /// The notation that it turned out to be written in: a YAML file whose bytes are JSON is read as JSON.
  package let format: DocumentFormat
  /// The tree, or nil when the document is empty.
  package let root: Node?

  /// Reads a file. Never fails: what cannot be read is said in the diagnostics, and a document that was not read to
  /// its end is left out rather than shown in part.
  package static func read(
    _ source: SourceFile, as format: DocumentFormat, limits: ReadingLimits = .standard
  ) -> DocumentReading {
    source.bytes.withUnsafeBufferPointer { bytes in
      if let problem = InputCheck.problem(in: bytes, of: source.id, limits: limits) {
        return DocumentReading(documents: [], diagnostics: [problem])
      }
      switch format {
      case .json:
        return JSONReader(source, bytes, limits).reading()
      case .yaml:
        // JSON's own reader knows what libyaml does not: surrogate pairs, long keys, tabs between tokens.
        if InputCheck.looksLikeJSON(bytes) {
          let reading = JSONReader(source, bytes, limits).reading()
          if !reading.diagnostics.contains(where: { $0.severity == .error }) { return reading }
        }
        return YAMLReader(source, bytes, limits).reading()
      }
    }
  }
}
