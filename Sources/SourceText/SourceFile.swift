/// Names one input file of a run. Ids are given in the order of the files' sorted paths, so that comparing ids
/// orders findings by file, on any number of cores.
public struct FileID: Hashable, Comparable, Sendable {
  /// The id as a number, counted from 0.
  public let rawValue: Int32

  /// An id by its number.
  public init(_ rawValue: Int32) { self.rawValue = rawValue }

  /// In the order of the files' paths.
  public static func < (a: FileID, b: FileID) -> Bool { a.rawValue < b.rawValue }
}

/// The bytes of one input and the name it is shown by.
public struct SourceFile: Sendable {
  /// What spans name the file by.
  public let id: FileID
  /// The path as shown and reported: relative to the project's root, with forward slashes.
  public let path: String
  /// The file's text in UTF-8: its bytes as read, byte order mark and all, but those of a UTF-16 file transcoded. Every
  /// offset counts into these; ``offsetInFile(_:)`` tells where that is on disk.
  public let bytes: [UInt8]
  /// The bytes on disk where they are others than ``bytes``: those of a UTF-16 file.
  public let wideBytes: [UInt8]?

  /// A file as read.
  public init(id: FileID, path: String, bytes: [UInt8]) {
    self.id = id
    self.path = path
    if let transcoded = Transcoding.utf8(fromUTF16: bytes) {
      self.bytes = transcoded
      wideBytes = bytes
    } else {
      self.bytes = bytes
      wideBytes = nil
    }
  }

  /// The bytes on disk.
  public var fileBytes: [UInt8] { wideBytes ?? bytes }

  /// Where an offset into ``bytes`` stands in the file on disk.
  public func offsetInFile(_ offset: Int) -> Int {
    wideBytes == nil ? offset : Transcoding.offset(inUTF16: offset, of: bytes)
  }

  /// The text that a span of this file covers; invalid UTF-8 is repaired with U+FFFD.
  public func text(_ span: Span) -> String {
    let lower = min(max(span.lower, 0), bytes.count)
    let upper = min(max(span.upper, lower), bytes.count)
    return String(decoding: bytes[lower..<upper], as: UTF8.self)
  }
}

/// A region of a file: half-open, in UTF-8 bytes from the start of the file.
public struct Span: Hashable, Comparable, Sendable {
  /// The file that the region is in.
  public let file: FileID
  private let start: Int32
  private let end: Int32

  /// - Precondition: offsets fit 31 bits (Documents and Project refuse files over 2 GiB before a span is made).
  public init(_ file: FileID, _ range: Range<Int>) {
    self.file = file
    start = Int32(clamping: range.lowerBound)
    end = Int32(clamping: range.upperBound)
  }

  /// The offset of the first byte.
  public var lower: Int { Int(start) }
  /// The offset behind the last byte.
  public var upper: Int { Int(end) }
  /// Both offsets; empty where the end would lie before the start.
  public var range: Range<Int> { lower..<max(lower, upper) }
  /// Whether the region is a place between two bytes.
  public var isEmpty: Bool { start >= end }

  /// The smallest span that covers both; `other` must be of the same file, else `self` is returned.
  public func union(_ other: Span) -> Span {
    guard other.file == file else { return self }
    return Span(file, min(lower, other.lower)..<max(upper, other.upper))
  }

  /// Whether `other` lies within this span of the same file.
  public func contains(_ other: Span) -> Bool {
    file == other.file && lower <= other.lower && other.upper <= upper
  }

  /// By file, then by start, then by end.
  public static func < (a: Span, b: Span) -> Bool {
    (a.file, a.start, a.end) < (b.file, b.start, b.end)
  }
}
