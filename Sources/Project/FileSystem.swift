import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The file system as discovery needs it: what a path names, what a folder holds, what a file's bytes are.
enum FileSystem {
  enum FileType {
    case file, folder, other
  }

  /// One file or folder, by whatever path.
  struct Identity: Hashable {
    let device: UInt64
    let inode: UInt64
  }

  struct Status {
    let type: FileType
    let identity: Identity
    /// In bytes.
    let size: Int
    /// Who may do what with it: the bits that `chmod` takes.
    let mode: mode_t
    /// When the content last changed, in seconds since 1970.
    let modified: Int
  }

  struct Entry {
    let name: String
    let type: FileType
    /// A link; `type` is its target's, `.other` when that is missing.
    let isLink: Bool
    let isBroken: Bool
  }

  static func currentDirectory() -> FilePath {
    guard let buffer = getcwd(nil, 0) else { return "/" }
    defer { free(buffer) }
    return FilePath(platformString: buffer)
  }

  /// What a path names, links followed; nil when there is nothing.
  static func status(_ path: FilePath) -> Status? {
    var status = stat()
    guard path.withPlatformString({ stat($0, &status) }) == 0 else { return nil }
    return Status(status)
  }

  /// Whether the path itself is a link, wherever it leads.
  static func isLink(_ path: FilePath) -> Bool {
    var status = stat()
    guard path.withPlatformString({ lstat($0, &status) }) == 0 else { return false }
    return mode_t(status.st_mode) & mode_t(S_IFMT) == mode_t(S_IFLNK)
  }

  /// What a folder holds, in the order of the names' bytes; nil when it cannot be read.
  static func entries(of folder: FilePath) -> [Entry]? {
    guard let directory = folder.withPlatformString({ opendir($0) }) else { return nil }
    defer { closedir(directory) }
    var entries: [Entry] = []
    while let item = readdir(directory) {
      let name = withUnsafePointer(to: &item.pointee.d_name) {
        $0.withMemoryRebound(to: CInterop.PlatformChar.self, capacity: 1) { String(platformString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      switch Int32(item.pointee.d_type) {
      case Int32(DT_REG): entries.append(Entry(name: name, type: .file, isLink: false, isBroken: false))
      case Int32(DT_DIR): entries.append(Entry(name: name, type: .folder, isLink: false, isBroken: false))
      default:
        // A link, or a file system that does not say.
        let path = folder.appending(name)
        let target = status(path)
        let isLink = isLink(path)
        entries.append(Entry(name: name, type: target?.type ?? .other, isLink: isLink, isBroken: target == nil))
      }
    }
    return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// All bytes of a regular file. `shown` is the path that an error names.
  static func read(_ path: FilePath, limit: Int, shown: String) throws(FileError) -> [UInt8] {
    // Without O_NONBLOCK, opening a pipe would wait for its writer.
    let descriptor = path.withPlatformString { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
    guard descriptor >= 0 else {
      let code = errno
      if code == ENOENT { throw FileError(isLink(path) ? .brokenLink : .missing, path: shown) }
      throw FileError(.system(reason(code)), path: shown)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(.system(reason(errno)), path: shown) }
    guard Status(status).type == .file else { throw FileError(.notAFile, path: shown) }
    let size = Int(status.st_size)
    guard size <= limit else { throw FileError(.tooLarge(size: size, limit: limit), path: shown) }

    var failure: Int32 = 0
    // One byte more than the size tells the end of the file without a second call of read.
    var bytes = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
      failure = fill(buffer, &count, from: descriptor)
    }
    // A file that grows while it is read, or one of a file system that tells no sizes.
    while failure == 0, bytes.count > size, bytes.count <= limit {
      let more = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
        failure = fill(buffer, &count, from: descriptor)
      }
      if more.isEmpty { break }
      bytes += more
    }
    guard failure == 0 else { throw FileError(.system(reason(failure)), path: shown) }
    guard bytes.count <= limit else { throw FileError(.tooLarge(size: bytes.count, limit: limit), path: shown) }
    return bytes
  }

  /// Reads until the buffer is full or the file ends; returns 0 or the error's number.
  private static func fill(_ buffer: UnsafeMutableBufferPointer<UInt8>, _ count: inout Int, from descriptor: Int32)
    -> Int32
  {
    count = 0
    while count < buffer.count {
      guard let base = buffer.baseAddress else { break }
      let got = systemRead(descriptor, base + count, buffer.count - count)
      if got < 0 {
        if errno == EINTR { continue }
        return errno
      }
      if got == 0 { break }
      count += got
    }
    return 0
  }

  static func reason(_ code: Int32) -> String { Errno(rawValue: code).description }
}

extension FileSystem.Status {
  fileprivate init(_ status: stat) {
    switch mode_t(status.st_mode) & mode_t(S_IFMT) {
    case mode_t(S_IFREG): type = .file
    case mode_t(S_IFDIR): type = .folder
    default: type = .other
    }
    identity = FileSystem.Identity(
      device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino))
    size = Int(status.st_size)
    mode = mode_t(status.st_mode) & 0o7777
    #if canImport(Darwin)
      modified = status.st_mtimespec.tv_sec
    #else
      modified = status.st_mtim.tv_sec
    #endif
  }
}

/// `read(2)` under a name that the enumeration's own `read` does not hide.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}

extension FileSystem {
  /// The YAML files at a path: itself, or all in a folder and those below it but hidden ones; sorted.
  static func yamlFiles(at path: FilePath, shown: String, depth: Int = 16) throws(FileError) -> [FilePath] {
    guard let status = status(path) else { throw FileError(.missing, path: shown) }
    guard status.type == .folder else { return [path] }
    guard depth > 0, let entries = entries(of: path) else { return [] }
    var files: [FilePath] = []
    for entry in entries.sorted(by: { $0.name < $1.name }) where !entry.name.hasPrefix(".") {
      let child = path.appending(entry.name)
      if FileSystem.status(child)?.type == .folder {
        files += try yamlFiles(at: child, shown: shown, depth: depth - 1)
      } else if entry.name.hasSuffix(".yaml") || entry.name.hasSuffix(".yml") {
        files.append(child)
      }
    }
    return files
  }
}

extension FileSystem {
  /// Moves a file in place of another. Returns what the system says against it, or nil.
  static func rename(_ path: FilePath, to target: FilePath) -> String? {
    let code = path.withPlatformString { from in target.withPlatformString { to in systemRename(from, to) } }
    return code == 0 ? nil : reason(errno)
  }

  static func remove(_ path: FilePath) { _ = path.withPlatformString { unlink($0) } }
}

private func systemRename(_ from: UnsafePointer<CInterop.PlatformChar>, _ to: UnsafePointer<CInterop.PlatformChar>)
  -> Int32
{
  rename(from, to)
}

extension FileSystem {
  /// Makes a folder and those above it. Returns what the system says against it, or nil.
  static func makeFolders(_ folder: FilePath) -> String? {
    var path = FilePath(root: folder.root, [])
    for component in folder.components {
      path.append(component)
      let code = path.withPlatformString { mkdir($0, 0o777) }
      if code != 0, errno != EEXIST { return reason(errno) }
    }
    return nil
  }
}
