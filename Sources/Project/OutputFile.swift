import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes files: reports, and sources with their fixes.
package enum OutputFile {
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
    // A device, a pipe or a link (`/dev/stdout`, `/dev/fd/63`) is written to, never put another file in the place of.
    let isInPlace = FileSystem.isLink(target) || FileSystem.status(target).map { $0.type == .other } ?? false
    // Runs beside each other have a draft each.
    let draft =
      isInPlace ? target : target.removingLastComponent().appending(".\(name.string).\(getpid()).partial")
    do {
      let descriptor = try FileDescriptor.open(
        draft, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite, .groupRead, .otherRead])
      try descriptor.closeAfter {
        // What takes the place of a file may be read and run by whom that could be.
        if !isInPlace, let mode = FileSystem.status(target)?.mode { fchmod(descriptor.rawValue, mode) }
        var problem: (any Error)?
        produce { bytes in
          guard problem == nil else { return }
          do { _ = try descriptor.writeAll(bytes) } catch { problem = error }
        }
        // Whoever reads a pipe may have had enough of it.
        if let problem, !(isInPlace && problem as? Errno == .brokenPipe) { throw problem }
      }
      return isInPlace ? nil : FileSystem.rename(draft, to: target).map { "Cannot write '\(path)': \($0)." }
    } catch let error as Errno {
      if !isInPlace { FileSystem.remove(draft) }
      return "Cannot write '\(path)': \(error.description)."
    } catch {
      return "Cannot write '\(path)'."
    }
  }
}
