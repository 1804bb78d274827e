import Documents
import Findings
import SourceText
import SystemPackage

/// Where a run's configuration comes from.
package enum ConfigurationChoice: Hashable, Sendable {
  /// The `.blealint.yaml` of the project, where it has one.
  case ofProject
  /// This file: `--config FILE`.
  case file(String)
  /// None: `--no-config`.
  case none
}

/// A configuration as it was read.
package struct ConfigurationReading: Sendable {
  /// Nil where there is none, and where it has mistakes.
  package let configuration: Configuration?
  package let diagnostics: [Diagnostic]
  /// For the diagnostics' code frames.
  package let files: [SourceFile]

  package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

extension Configuration {
  /// Finds and reads the configuration of a run that judges some paths (the current folder when there are none);
  /// relative ones start at a folder, the process's current one when nil.
  package static func load(
    _ choice: ConfigurationChoice, for paths: [String] = [], from folder: FilePath? = nil
  ) -> ConfigurationReading {
    let here = folder ?? FileSystem.currentDirectory()
    let file: FilePath
    let shown: String
    switch choice {
    case .none: return ConfigurationReading(configuration: nil, diagnostics: [], files: [])
    case .file(let written):
      file = FilePath(written).absolute(from: here)
      shown = written
    case .ofProject:
      let root = ProjectRoot.find(paths, from: here)
      guard let found = root.configuration else {
        return ConfigurationReading(configuration: nil, diagnostics: [], files: [])
      }
      file = found
      shown = found.shown(from: root.base)
    }
    do throws(FileError) {
      let bytes = try FileStore.bytes(of: file, limit: 1 << 20, shown: shown)
      return read(SourceFile(id: fileID, path: shown, bytes: bytes), folder: file.removingLastComponent())
    } catch {
      return ConfigurationReading(configuration: nil, diagnostics: [error.diagnostic], files: [])
    }
  }

  /// Reads a configuration's bytes. Every mistake is told.
  package static func read(_ source: SourceFile, folder: FilePath) -> ConfigurationReading {
    let reading = Document.read(source, as: .yaml)
    var diagnostics = reading.diagnostics
    if reading.documents.count > 1, let second = reading.documents[1].root {
      diagnostics.append(
        Diagnostic(
          "configuration-value", .error, "A configuration is one document, not \(reading.documents.count).",
          cure: "Remove the '---' between them.", at: second.span))
    }
    var configuration: Configuration?
    if let root = reading.documents.first?.root, !root.isNull {
      var check = ConfigurationCheck()
      check.check(root, as: ConfigurationKeys.file, name: "the configuration")
      diagnostics += check.diagnostics
      var reader = ConfigurationReader(folder: folder)
      configuration = reader.configuration(root, source)
      diagnostics += reader.diagnostics
    } else if diagnostics.isEmpty {
      configuration = Configuration(source: source, folder: folder)
    }
    let isSound = diagnostics.allSatisfy { $0.severity != .error }
    return ConfigurationReading(
      configuration: isSound ? configuration : nil,
      diagnostics: diagnostics.enumerated().sorted {
        ($0.element.span?.lower ?? 0, $0.offset) < ($1.element.span?.lower ?? 0, $1.offset)
      }.map(\.element), files: [source])
  }
}
