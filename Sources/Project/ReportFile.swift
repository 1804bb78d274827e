import SystemPackage

/// Writes reports to files.
package enum ReportFile {
  /// Writes a text to a path in one go: beside it first, then moved there, so that a reader never sees half a report.
  /// Returns what went wrong as a sentence, or nil.
  package static func write(_ text: String, to path: String) -> String? {
    let target = FilePath(path)
    guard let name = target.lastComponent else { return "Cannot write '\(path)': it names no file." }
    let folder = target.removingLastComponent()
    let draft = folder.appending(".\(name.string).partial")
    do {
      let descriptor = try FileDescriptor.open(
        draft, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite, .groupRead, .otherRead])
      _ = try descriptor.closeAfter { try descriptor.writeAll(text.utf8) }
      return FileSystem.rename(draft, to: target).map { "Cannot write '\(path)': \($0)." }
    } catch let error as Errno {
      FileSystem.remove(draft)
      return "Cannot write '\(path)': \(error.description)."
    } catch {
      return "Cannot write '\(path)'."
    }
  }
}
