import BuiltInRules
import Documents
import Rules
import SourceText
import SystemPackage

/// Finds profiles: those the binary carries by their name, a user's own by its path.
package enum ProfileLibrary {
  /// A profile with those it builds on, or what is wrong with any of them.
  package struct Found: Sendable {
    package var chain = ProfileChain([])
    /// The user's own files among them.
    package var files: [SourceFile] = []
    package var diagnostics: [Diagnostic] = []
  }

  /// The names of the profiles that the binary carries.
  package static var names: [String] {
    BuiltInRules.profiles.map { String($0.path.split(separator: "/").last?.prefix { $0 != "." } ?? "") }
  }

  /// Whether a text is meant for a file rather than a name.
  package static func isPath(_ text: String) -> Bool {
    text.contains("/") || text.hasSuffix(".yaml") || text.hasSuffix(".yml")
  }

  /// The profile of a name or at a path, and the profiles that it extends, the base first.
  ///
  /// - Parameters:
  ///   - text: a name, or a path that is absolute or relative to the current folder.
  ///   - firstFile: the id of the first file of the user's own that is read.
  /// - Returns: the profiles, or what is wrong with them.
  package static func chain(of text: String, firstFile: Int32 = 0) -> Found {
    var found = Found()
    var profiles: [Profile] = []
    var seen: [String] = []
    var next: (text: String, folder: FilePath, place: Node?)? = (text, FileSystem.currentDirectory(), nil)
    while let (text, folder, place) = next {
      next = nil
      let path = isPath(text) ? FilePath(text).absolute(from: folder) : nil
      let key = path?.string ?? text
      guard !seen.contains(key) else {
        found.diagnostics.append(
          Diagnostic(
            "profile-cycle", .error, "The profile '\(text)' extends itself.",
            cure: "Extend one of \(names.joined(separator: ", ")).", at: place?.span))
        break
      }
      seen.append(key)
      guard let root = root(text, path, place, firstFile, &found) else { break }
      let reading = Profile.read(root)
      found.diagnostics += reading.diagnostics
      guard let profile = reading.profile else { break }
      profiles.insert(profile, at: 0)
      if let base = profile.base { next = (base.name, path?.removingLastComponent() ?? folder, base.node) }
    }
    if found.diagnostics.allSatisfy({ $0.severity != .error }) { found.chain = ProfileChain(profiles) }
    return found
  }

  private static func root(
    _ text: String, _ path: FilePath?, _ place: Node?, _ firstFile: Int32, _ found: inout Found
  ) -> Node? {
    let source: SourceFile
    if let path {
      do throws(FileError) {
        let bytes = try FileStore.bytes(of: path, limit: FileStore.standardLimit, shown: text)
        source = SourceFile(id: FileID(firstFile + Int32(found.files.count)), path: text, bytes: bytes)
        found.files.append(source)
      } catch {
        found.diagnostics.append(error.diagnostic)
        return nil
      }
    } else if let file = BuiltInRules.profiles.first(where: { $0.path == "profiles/\(text).yaml" }) {
      source = SourceFile(id: FileID(-1), path: "Rules/" + file.path, bytes: Array(file.logic.utf8))
    } else {
      found.diagnostics.append(
        Diagnostic(
          "unknown-profile", .error, "There is no profile '\(text)'.",
          cure: Suggestion.nearest(to: text, among: names).map { "Did you mean '\($0)'?" }
            ?? "Use \(names.joined(separator: ", ")), or the path of a file such as ./own.yaml.", at: place?.span))
      return nil
    }
    let reading = Document.read(source, as: path == nil ? .json : .yaml)
    found.diagnostics += reading.diagnostics
    guard let root = reading.documents.first?.root else {
      if reading.diagnostics.isEmpty {
        found.diagnostics.append(
          Diagnostic("profile-syntax", .error, "The profile's file is empty.", path: source.path))
      }
      return nil
    }
    return root
  }
}
