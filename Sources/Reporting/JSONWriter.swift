import Findings

/// Writes JSON text (RFC 8259) that is the same on every machine: members in the order they are given, two spaces
/// of indentation, LF, a final newline.
///
/// A document is written, never built: an object is a closure that writes its members, so that a report of many
/// findings costs little more than its bytes, and is never in memory as a whole.
///
///     JSONWriter.text { json in
///       json.object { json in
///         json.member("id", rule.id)
///         json.objects("places", rule.places) { json, place in json.member("path", place.path) }
///       }
///     }
///
/// A member whose value is nil is left out. Characters that JSON must escape are escaped in their shortest form; all
/// others stand as themselves, in UTF-8, but for U+2028 and U+2029 (line ends to JavaScript) and U+007F to U+009F
/// (control characters to terminals).
package struct JSONWriter {
  private var bytes: [UInt8] = []
  /// Takes what is written so far; nil where all of it is kept.
  private let sink: (([UInt8]) -> Void)?
  /// How many groups are open.
  private var depth = 0
  private var place = Place.start

  /// Where the next value or name stands, which says what is written before it.
  private enum Place {
    /// At the document's start, or behind its name.
    case start
    /// The first of its group.
    case first
    /// Behind another of its group.
    case next
  }

  private init(_ sink: (([UInt8]) -> Void)?) { self.sink = sink }

  /// So many bytes are handed on at once.
  private static let chunk = 1 << 16

  /// The text of a document.
  ///
  /// - Parameter document: writes one value.
  /// - Returns: the text.
  package static func text(_ document: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter(nil)
    document(&writer)
    writer.bytes.append(UInt8(ascii: "\n"))
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// Writes a document piece by piece.
  ///
  /// - Parameters:
  ///   - sink: takes each piece.
  ///   - document: writes one value.
  package static func write(to sink: @escaping ([UInt8]) -> Void, _ document: (inout JSONWriter) -> Void) {
    var writer = JSONWriter(sink)
    document(&writer)
    writer.bytes.append(UInt8(ascii: "\n"))
    sink(writer.bytes)
  }

  // MARK: Values

  /// Writes a string.
  package mutating func write(_ text: String) {
    lead()
    quote(text)
    place = .next
  }

  /// Writes a whole number.
  package mutating func write(_ number: Int) {
    lead()
    append(decimal: number)
    place = .next
  }

  /// Writes `true` or `false`.
  package mutating func write(_ bool: Bool) {
    lead()
    append(bool ? "true" : "false")
    place = .next
  }

  /// Writes an object.
  ///
  /// - Parameter members: writes its members.
  package mutating func object(_ members: (inout JSONWriter) -> Void) { group("{", "}", members) }

  /// Writes an array.
  ///
  /// - Parameters:
  ///   - elements: what it is of.
  ///   - write: writes one value for each.
  package mutating func array<Elements: Sequence>(
    _ elements: Elements, _ write: (inout JSONWriter, Elements.Element) -> Void
  ) {
    group("[", "]") { json in for element in elements { write(&json, element) } }
  }

  // MARK: Members

  /// Writes a member, unless its value is nil.
  package mutating func member(_ name: StaticString, _ text: String?) {
    guard let text else { return }
    self.name(name)
    write(text)
  }

  /// Writes a member, unless its value is nil.
  package mutating func member(_ name: StaticString, _ number: Int?) {
    guard let number else { return }
    self.name(name)
    write(number)
  }

  /// Writes a member, unless its value is nil.
  package mutating func member(_ name: StaticString, _ bool: Bool?) {
    guard let bool else { return }
    self.name(name)
    write(bool)
  }

  /// Writes a member whose name is not known beforehand.
  ///
  /// - Parameters:
  ///   - name: its name.
  ///   - value: writes its value.
  package mutating func member(named name: String, _ value: (inout JSONWriter) -> Void) {
    lead()
    quote(name)
    append(": ")
    place = .start
    value(&self)
  }

  /// Writes a member that is an object.
  package mutating func object(_ name: StaticString, _ members: (inout JSONWriter) -> Void) {
    self.name(name)
    object(members)
  }

  /// Writes a member that is an array of objects.
  ///
  /// - Parameters:
  ///   - name: the member's name.
  ///   - elements: what it is of.
  ///   - members: writes the members of one element's object.
  package mutating func objects<Elements: Sequence>(
    _ name: StaticString, _ elements: Elements, _ members: (inout JSONWriter, Elements.Element) -> Void
  ) {
    array(name, elements) { json, element in json.object { members(&$0, element) } }
  }

  /// Writes a member that is an array of objects, and is left out where there are none.
  package mutating func objects<Elements: Collection>(
    _ name: StaticString, unlessEmpty elements: Elements, _ members: (inout JSONWriter, Elements.Element) -> Void
  ) {
    if !elements.isEmpty { objects(name, elements, members) }
  }

  /// Writes a member that is an array of strings.
  package mutating func strings(_ name: StaticString, _ texts: [String]) {
    array(name, texts) { $0.write($1) }
  }

  /// Writes a member that is an array of strings, and is left out where there are none.
  package mutating func strings(_ name: StaticString, unlessEmpty texts: [String]) {
    if !texts.isEmpty { strings(name, texts) }
  }

  /// Writes a member that is an array of anything.
  ///
  /// - Parameters:
  ///   - name: the member's name.
  ///   - elements: what it is of.
  ///   - write: writes one value for each.
  package mutating func array<Elements: Sequence>(
    _ name: StaticString, _ elements: Elements, _ write: (inout JSONWriter, Elements.Element) -> Void
  ) {
    self.name(name)
    array(elements, write)
  }

  /// Writes a member that is a long array of objects, on both cores.
  ///
  /// - Parameters:
  ///   - name: the member's name.
  ///   - count: how many objects there are.
  ///   - members: writes the members of the object at an index.
  package mutating func objects(
    _ name: StaticString, count: Int, _ members: @Sendable (inout JSONWriter, Int) -> Void
  ) {
    self.name(name)
    group("[", "]") { json in
      for start in stride(from: 0, to: count, by: Self.batch) {
        for piece in json.pieces(start..<min(count, start + Self.batch), members) { json.bytes += piece }
        json.place = .next
        json.handOn()
      }
    }
  }

  /// So many elements of a long array are written at once.
  private static let batch = 256

  /// The texts of elements, each behind its comma and line end: one text from each core.
  private func pieces(_ batch: Range<Int>, _ members: @Sendable (inout JSONWriter, Int) -> Void) -> [[UInt8]] {
    // Of few elements a thread is not worth its start.
    let half = batch.count < 32 ? batch.upperBound : batch.lowerBound + batch.count / 2
    let depth = depth
    return concurrentMap([batch.lowerBound..<half, half..<batch.upperBound].filter { !$0.isEmpty }) { share in
      var writer = JSONWriter(nil)
      writer.depth = depth
      writer.place = share.lowerBound == 0 ? .first : .next
      for index in share { writer.object { members(&$0, index) } }
      return writer.bytes
    }
  }

  // MARK: Text

  /// What stands before a value or a name.
  private mutating func lead() {
    switch place {
    case .start: return
    case .first: break
    case .next: bytes.append(UInt8(ascii: ","))
    }
    endLine()
  }

  private mutating func name(_ name: StaticString) {
    lead()
    append("\"")
    append(name)
    append("\": ")
    place = .start
  }

  private mutating func group(
    _ opening: StaticString, _ closing: StaticString, _ content: (inout JSONWriter) -> Void
  ) {
    lead()
    append(opening)
    place = .first
    depth += 1
    content(&self)
    depth -= 1
    if case .next = place { endLine() }
    append(closing)
    place = .next
    handOn()
  }

  private mutating func handOn() {
    guard let sink, bytes.count >= Self.chunk else { return }
    sink(bytes)
    bytes.removeAll(keepingCapacity: true)
  }

  /// A line end, and as many spaces as reports of ours need.
  private static let indentation: StaticString =
    "\n                                                                                                "

  private mutating func endLine() {
    let wanted = 1 + 2 * depth
    let held = min(wanted, Self.indentation.utf8CodeUnitCount)
    bytes.append(contentsOf: UnsafeBufferPointer(start: Self.indentation.utf8Start, count: held))
    if wanted > held { bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: wanted - held)) }
  }

  private mutating func append(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func append(decimal number: Int) {
    guard (0..<10).contains(number) else {
      bytes.append(contentsOf: String(number).utf8)
      return
    }
    bytes.append(UInt8(ascii: "0") + UInt8(number))
  }

  private mutating func quote(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    if text.utf8.withContiguousStorageIfAvailable({ escape($0) }) == nil {
      Array(text.utf8).withUnsafeBufferPointer { escape($0) }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes UTF-8 with what must not stand as itself escaped; what lies between two escapes is copied at once.
  private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
    var copied = 0
    var index = 0
    while index < text.count {
      if index + 8 <= text.count,
        Self.isPlain(UnsafeRawBufferPointer(text).loadUnaligned(fromByteOffset: index, as: UInt64.self))
      {
        index += 8
        continue
      }
      guard let (scalar, length) = Self.escaped(text, at: index) else {
        index += 1
        continue
      }
      bytes.append(contentsOf: text[copied..<index])
      append(escapeOf: scalar)
      index += length
      copied = index
    }
    bytes.append(contentsOf: text[copied...])
  }

  /// Whether all of eight bytes are characters of ASCII that stand as themselves.
  private static func isPlain(_ bytes: UInt64) -> Bool {
    let (ones, highs): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
    /// Not zero if a byte is.
    func zeros(_ bytes: UInt64) -> UInt64 { (bytes &- ones) & ~bytes & highs }
    let controls = (bytes &- ones &* 0x20) & ~bytes & highs
    let quotes = zeros(bytes ^ ones &* 0x22) | zeros(bytes ^ ones &* 0x5C)
    return (bytes & highs | controls | quotes | zeros(bytes ^ ones &* 0x7F)) == 0
  }

  /// The scalar at an index and its length, if it must be escaped.
  private static func escaped(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> (scalar: UInt16, length: Int)? {
    let byte = text[index]
    switch byte {
    case 0..<0x20, 0x22, 0x5C, 0x7F: return (UInt16(byte), 1)
    case 0xC2:
      // U+0080 to U+009F are C2 80 to C2 9F.
      guard index + 1 < text.count, text[index + 1] < 0xA0 else { return nil }
      return (UInt16(text[index + 1]), 2)
    case 0xE2:
      // U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
      guard index + 2 < text.count, text[index + 1] == 0x80, text[index + 2] & 0xFE == 0xA8 else { return nil }
      return (0x2000 + UInt16(text[index + 2] & 0x3F), 3)
    default: return nil
    }
  }

  private mutating func append(escapeOf scalar: UInt16) {
    switch scalar {
    case 0x22: append("\\\"")
    case 0x5C: append("\\\\")
    case 0x08: append("\\b")
    case 0x0C: append("\\f")
    case 0x0A: append("\\n")
    case 0x0D: append("\\r")
    case 0x09: append("\\t")
    default:
      append("\\u")
      for shift in [12, 8, 4, 0] {
        let digit = UInt8(scalar >> UInt16(shift) & 0xF)
        bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
      }
    }
  }
}
