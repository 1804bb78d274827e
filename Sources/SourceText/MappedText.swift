/// Text that was decoded from a file, such as the SQL in a Python string inside a JSON string, together with the
/// way back: which bytes of the file each byte of it came from.
public struct MappedText: Sendable {
  /// The decoded text, in UTF-8.
  public private(set) var bytes: [UInt8]
  /// The file that the text came from.
  public let file: FileID
  private var segments: [Segment]
  /// Where an empty text stands.
  private let origin: Int

  /// A run of `bytes`: either copied one to one, or all of it standing for one escape sequence of the file.
  private struct Segment: Sendable {
    var start: Int
    var source: Int
    /// Negative for a copied run, else the length in the file of the escape sequence that the run stands for.
    var escapeLength: Int

    var isCopied: Bool { escapeLength < 0 }
  }

  /// An empty text, to be built up with ``copy(_:at:)`` and ``append(_:for:)``. As long as it is empty, it stands
  /// at `offset` of the file.
  public init(file: FileID, at offset: Int = 0) {
    self.file = file
    origin = offset
    bytes = []
    segments = []
  }

  /// A whole file, or a part of it, as it stands.
  public init(_ source: SourceFile, _ range: Range<Int>? = nil) {
    let range = (range ?? 0..<source.bytes.count).clamped(to: 0..<source.bytes.count)
    self.init(file: source.id, at: range.lowerBound)
    copy(source.bytes[range], at: range.lowerBound)
  }

  /// Appends bytes that stand in the file just so, from `offset` on.
  public mutating func copy(_ slice: some Collection<UInt8>, at offset: Int) {
    guard !slice.isEmpty else { return }
    if let last = segments.last, last.isCopied, last.source + (bytes.count - last.start) == offset {
      bytes.append(contentsOf: slice)
      return
    }
    segments.append(Segment(start: bytes.count, source: offset, escapeLength: -1))
    bytes.append(contentsOf: slice)
  }

  /// Appends bytes that stand for the escape sequence (or fold, or placeholder) at `range` of the file.
  public mutating func append(_ decoded: some Collection<UInt8>, for range: Range<Int>) {
    guard !decoded.isEmpty else { return }
    segments.append(Segment(start: bytes.count, source: range.lowerBound, escapeLength: range.count))
    bytes.append(contentsOf: decoded)
  }

  /// Appends a part of another mapped text of the same file, keeping its way back.
  public mutating func append(_ other: MappedText, _ range: Range<Int>) {
    let range = range.clamped(to: 0..<other.bytes.count)
    var index = range.lowerBound
    while index < range.upperBound {
      let at = other.segment(containing: index)
      guard at >= 0 else { return }
      let segment = other.segments[at]
      let end = min(range.upperBound, at + 1 < other.segments.count ? other.segments[at + 1].start : other.bytes.count)
      if segment.isCopied {
        copy(other.bytes[index..<end], at: segment.source + (index - segment.start))
      } else {
        append(other.bytes[index..<end], for: segment.source..<segment.source + segment.escapeLength)
      }
      index = end
    }
  }

  /// The decoded text; invalid UTF-8 is repaired with U+FFFD.
  public var string: String { String(decoding: bytes, as: UTF8.self) }

  /// Where a range of this text stands in the file: from the first byte's source to the end of the last byte's.
  /// An empty range stands before the byte that follows it, or at the text's end.
  public func span(_ range: Range<Int>) -> Span {
    let range = max(0, min(range.lowerBound, bytes.count))..<max(0, min(range.upperBound, bytes.count))
    let lower = source(of: range.lowerBound, asEnd: false)
    guard range.upperBound > range.lowerBound else { return Span(file, lower..<lower) }
    return Span(file, lower..<max(lower, source(of: range.upperBound - 1, asEnd: true)))
  }

  private func source(of offset: Int, asEnd: Bool) -> Int {
    let at = segment(containing: offset)
    guard at >= 0 else { return origin }
    let segment = segments[at]
    if !segment.isCopied {
      let isPast = offset >= bytes.count
      return segment.source + (asEnd || isPast ? segment.escapeLength : 0)
    }
    return segment.source + (offset - segment.start) + (asEnd ? 1 : 0)
  }

  private func segment(containing offset: Int) -> Int {
    guard !segments.isEmpty else { return -1 }
    return max(0, segments.partitioningIndex { $0.start > offset } - 1)
  }
}
