import SourceText
import SystemPackage

/// The files of one run: each is read once, and has one id and one name that it is shown by.
///
/// Ids follow the order of the shown paths for every path that was announced when the store was made, whether and
/// whenever it is read; files that nobody knew of come after them, in the order they are asked for.
package struct FileStore: Sendable {
  /// Files over this many bytes are refused: 64 MiB.
  package static let standardLimit = 64 << 20

  /// What files may be read below; absolute.
  package let root: FilePath
  /// What shown paths are relative to; absolute.
  package let base: FilePath
  /// The most bytes that a file may have.
  package let limit: Int
  private var ids: [String: FileID] = [:]
  private var sources: [FileID: SourceFile] = [:]
  private var nextID: Int32 = 0

  package init(
    root: FilePath, base: FilePath? = nil, announcing paths: [FilePath] = [], limit: Int = FileStore.standardLimit
  ) {
    self.root = root
    self.base = base ?? root
    self.limit = limit
    let shown = Set(paths.map { $0.shown(from: base ?? root) })
    for path in shown.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) { _ = assignID(to: path) }
  }

  /// The file's bytes, from disk the first time.
  package mutating func read(_ path: FilePath) throws(FileError) -> SourceFile {
    let shown = path.shown(from: self.base)
    if let id = ids[shown], let source = sources[id] { return source }
    return keep(try FileStore.bytes(of: path, limit: limit, shown: shown), of: shown)
  }

  /// A file that another file of the project names, such as a manifest its templates. The path must not lead out of
  /// the project: what is judged may not make us read what is none of its business.
  package mutating func read(_ relativePath: String, in folder: FilePath) throws(FileError) -> SourceFile {
    let relative = FilePath(relativePath)
    let path = folder.appending(relative.components).lexicallyNormalized()
    guard relative.isRelative, path.starts(with: root) else { throw FileError(.outside, path: relativePath) }
    return try read(path)
  }

  /// Bytes that are already at hand, as if they had been read from a path.
  package mutating func keep(_ bytes: [UInt8], at path: FilePath) -> SourceFile {
    keep(bytes, of: path.shown(from: self.base))
  }

  /// Lets go of the bytes of a file that turned out to be of no interest; its id stays.
  package mutating func drop(_ id: FileID) { sources[id] = nil }

  package subscript(id: FileID) -> SourceFile? { sources[id] }

  /// Everything that was read and kept, by id.
  package var all: [SourceFile] { sources.values.sorted { $0.id < $1.id } }

  /// The id of a path, made when it has none.
  package mutating func id(of path: FilePath) -> FileID { assignID(to: path.shown(from: self.base)) }

  /// A file's bytes, refused when they are UTF-32 by their byte order mark. (UTF-16 is transcoded.)
  static func bytes(of path: FilePath, limit: Int, shown: String) throws(FileError) -> [UInt8] {
    let bytes = try FileSystem.read(path, limit: limit, shown: shown)
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
      throw FileError(.utf32, path: shown)
    }
    return bytes
  }

  private mutating func keep(_ bytes: [UInt8], of shown: String) -> SourceFile {
    let source = SourceFile(id: assignID(to: shown), path: shown, bytes: bytes)
    sources[source.id] = source
    return source
  }

  private mutating func assignID(to shown: String) -> FileID {
    if let id = ids[shown] { return id }
    let id = FileID(nextID)
    nextID += 1
    ids[shown] = id
    return id
  }
}

extension FilePath {
  /// The path as reports show it: relative to a folder, with forward slashes; `.` for the folder itself. Both must
  /// be absolute and normalized.
  package func shown(from root: FilePath) -> String {
    let mine = components.map(\.string)
    let theirs = root.components.map(\.string)
    var common = 0
    while common < min(mine.count, theirs.count), mine[common] == theirs[common] { common += 1 }
    let up = [String](repeating: "..", count: theirs.count - common)
    let relative = (up + mine[common...]).joined(separator: "/")
    return relative.isEmpty ? "." : relative
  }

  /// The path made absolute against a folder, without `.` and `..`.
  func absolute(from folder: FilePath) -> FilePath {
    folder.pushing(self).lexicallyNormalized()
  }
}
