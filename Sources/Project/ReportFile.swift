import SystemPackage

/// Writes reports to files.
package enum ReportFile {
  /// Writes a text to a path in one go: beside it first, then moved there, so that a reader never sees half a report.
  /// Returns what went wrong as a sentence, or nil.
  package static func write(_ text: String, to path: String) -> String? {
    write(to: path) { $0(Array(text.utf8)) }
  }

  /// Writes to a path what comes piece by piece, in one go all the same.
  ///
  /// - Parameters:
  ///   - path: the file's path.
  ///   - produce: hands each piece to the sink that it gets.
  /// - Returns: what went wrong as a sentence, or nil.
  package static func write(
    to path: String, _ produce: (_ sink: @escaping ([UInt8]) -> Void) -> Void
  ) -> String? {
    let target = FilePath(path)
    guard let name = target.lastComponent else { return "Cannot write '\(path)': it names no file." }
    let folder = target.removingLastComponent()
    let draft = folder.appending(".\(name.string).partial")
    do {
      let descriptor = try FileDescriptor.open(
        draft, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite, .groupRead, .otherRead])
      try descriptor.closeAfter {
        var problem: (any Error)?
        produce { bytes in
          guard problem == nil else { return }
          do { _ = try descriptor.writeAll(bytes) } catch { problem = error }
        }
        if let problem { throw problem }
      }
      return FileSystem.rename(draft, to: target).map { "Cannot write '\(path)': \($0)." }
    } catch let error as Errno {
      FileSystem.remove(draft)
      return "Cannot write '\(path)': \(error.description)."
    } catch {
      return "Cannot write '\(path)'."
    }
  }
}
