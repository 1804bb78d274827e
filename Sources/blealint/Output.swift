import Project

#if canImport(Glibc)
  import Glibc
#endif

/// Writes to the streams of the process.
enum Output {
  enum Stream {
    case standardOutput, standardError

    var descriptor: Int32 { self == .standardOutput ? STDOUT_FILENO : STDERR_FILENO }
  }

  /// Writes all of a text. A reader that has gone away (`blealint … | head`) ends the program quietly, by SIGPIPE.
  static func write(_ text: String, to stream: Stream = .standardOutput) {
    var text = text
    text.withUTF8 { write(UnsafeRawBufferPointer($0), to: stream) }
  }

  /// Writes all of a piece of text.
  static func write(_ bytes: [UInt8], to stream: Stream = .standardOutput) {
    bytes.withUnsafeBytes { write($0, to: stream) }
  }

  private static func write(_ buffer: UnsafeRawBufferPointer, to stream: Stream) {
    var offset = 0
    while offset < buffer.count {
      let written = Glibc.write(stream.descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
      if written > 0 {
        offset += written
      } else if errno != EINTR {
        return
      }
    }
  }
}
