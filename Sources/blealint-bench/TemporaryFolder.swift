import Glibc

/// A folder for what the benchmark makes on the spot.
struct TemporaryFolder {
  /// Nil where none can be made.
  let path: String?

  init() {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array((parent + "/blealint-bench-XXXXXX").utf8CString)
    path = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
  }

  /// Compiles a program of C.
  ///
  /// - Parameters:
  ///   - name: what it is called.
  ///   - source: its text.
  /// - Returns: its path; nil where there is no C compiler.
  func program(_ name: String, _ source: String) -> String? {
    guard let path, let file = fopen("\(path)/\(name).c", "w") else { return nil }
    fputs(source, file)
    fclose(file)
    defer { unlink("\(path)/\(name).c") }
    let program = "\(path)/\(name)"
    let compiler = ChildProcess("cc", "-O2", "-o", program, program + ".c")
    return compiler.runWithoutLauncher().exitCode == 0 ? program : nil
  }

  /// Removes the folder and the programs in it.
  func remove(_ programs: String?...) {
    guard let path else { return }
    for case let program? in programs { unlink(program) }
    rmdir(path)
  }
}
