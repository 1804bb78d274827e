import CPgQuery
import Glibc

/// Reads the JSON that libpg_query makes of a statement into libpg_query's own C structs. The library's other way to
/// them, packing to protobuf and unpacking again, takes several times as long.
struct SyntaxReader {
  /// Memory of what has been read.
  private let arena: SyntaxArena
  private var next: UnsafePointer<UInt8>
  private let all = SyntaxShapes.all
  /// Elements of the lists around the place being read.
  private var elements: [UnsafeMutableRawPointer] = []
  private var depth = 0
  private var hasNumbersLeftOut = false

  /// Messages within messages: statements that ``ParsingLimits`` lets through stay far below.
  private static let depthLimit = 8_000

  /// - Parameter json: ends with a NUL byte.
  /// - Returns: nil where this is not what libpg_query writes.
  static func read(_ json: UnsafePointer<CChar>) -> Reading? {
    let length = strlen(json)
    return json.withMemoryRebound(to: UInt8.self, capacity: length + 1) { bytes in
      var reader = SyntaxReader(bytes, length)
      guard !reader.all.shapes.isEmpty, let message = reader.message(0), reader.next.pointee == 0 else { return nil }
      return Reading(
        result: message.assumingMemoryBound(to: PgQuery__ParseResult.self), arena: reader.arena,
        hasNumbersLeftOut: reader.hasNumbersLeftOut)
    }
  }

  /// What the JSON of a text came to.
  struct Reading {
    /// Lives as long as the arena.
    let result: UnsafeMutablePointer<PgQuery__ParseResult>
    let arena: SyntaxArena
    /// The library (15-4.0.0) leaves out an integer that is 0, and a negative one too: either may be meant.
    let hasNumbersLeftOut: Bool
  }

  private init(_ bytes: UnsafePointer<UInt8>, _ length: Int) {
    // Measured: structs take about twice what their JSON takes.
    arena = SyntaxArena(expecting: length * 2 + 512)
    next = bytes
  }

  // MARK: JSON

  private mutating func skip(_ byte: Unicode.Scalar) -> Bool {
    while next.pointee == 0x20 || next.pointee == 0x0A { next += 1 }
    guard next.pointee == UInt8(ascii: byte) else { return false }
    next += 1
    return true
  }

  /// The hash of the string at hand, such as a key or an enumeration's name; neither has escapes.
  private mutating func name() -> UInt64? {
    guard skip("\"") else { return nil }
    var key = SyntaxShapes.emptyKey
    while next.pointee != UInt8(ascii: "\"") {
      guard next.pointee != 0 else { return nil }
      SyntaxShapes.add(next.pointee, to: &key)
      next += 1
    }
    next += 1
    return key
  }

  private mutating func integer() -> Int64? {
    let isNegative = skip("-")
    var value: Int64 = 0
    guard (0x30...0x39).contains(next.pointee) else { return nil }
    while (0x30...0x39).contains(next.pointee) {
      value = value &* 10 &+ Int64(next.pointee - 0x30)
      next += 1
    }
    return isNegative ? 0 &- value : value
  }

  /// A string as C wants it.
  private mutating func string() -> UnsafeMutablePointer<CChar>? {
    guard skip("\"") else { return nil }
    let start = next
    while next.pointee != UInt8(ascii: "\""), next.pointee != 0 {
      next += next.pointee == UInt8(ascii: "\\") && next[1] != 0 ? 2 : 1
    }
    guard next.pointee != 0 else { return nil }
    let length = next - start
    next += 1
    let memory = arena.allocate(length + 1)
    let copy = memory.bindMemory(to: UInt8.self, capacity: length + 1)
    var (from, to) = (0, 0)
    while from < length {
      if start[from] != UInt8(ascii: "\\") {
        copy[to] = start[from]
        (from, to) = (from + 1, to + 1)
      } else {
        // An escape is never shorter than what it stands for.
        to += SyntaxReader.unescape(start, &from, copy + to)
      }
    }
    copy[to] = 0
    return memory.assumingMemoryBound(to: CChar.self)
  }

  /// The count of bytes written.
  private static func unescape(
    _ bytes: UnsafePointer<UInt8>, _ index: inout Int, _ target: UnsafeMutablePointer<UInt8>
  ) -> Int {
    let escape = bytes[index + 1]
    index += 2
    switch escape {
    case UInt8(ascii: "n"): target[0] = 0x0A
    case UInt8(ascii: "r"): target[0] = 0x0D
    case UInt8(ascii: "t"): target[0] = 0x09
    case UInt8(ascii: "b"): target[0] = 0x08
    case UInt8(ascii: "f"): target[0] = 0x0C
    case UInt8(ascii: "u"):
      // Only control characters are written so.
      var value: UInt32 = 0
      var digits = 0
      while digits < 4, let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue {
        value = value * 16 + UInt32(digit)
        index += 1
        digits += 1
      }
      guard value >= 0x80 else {
        target[0] = UInt8(value)
        return 1
      }
      var count = 0
      for byte in UTF8.encode(Unicode.Scalar(value) ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter {
        target[count] = byte
        count += 1
      }
      return count
    default: target[0] = escape
    }
    return 1
  }

  /// Passes over a value that no member is known for.
  private mutating func skipValue() -> Bool {
    var nesting = 0
    while next.pointee != 0 {
      switch next.pointee {
      case UInt8(ascii: "\""):
        next += 1
        while next.pointee != UInt8(ascii: "\"") {
          guard next.pointee != 0 else { return false }
          next += next.pointee == UInt8(ascii: "\\") && next[1] != 0 ? 2 : 1
        }
      case UInt8(ascii: "{"), UInt8(ascii: "["): nesting += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if nesting == 0 { return true }
        nesting -= 1
      case UInt8(ascii: ",") where nesting == 0: return true
      default: break
      }
      next += 1
    }
    return false
  }

  // MARK: Messages

  private mutating func message(_ number: Int) -> UnsafeMutableRawPointer? {
    depth += 1
    defer { depth -= 1 }
    guard depth < SyntaxReader.depthLimit, skip("{") else { return nil }
    let shape = all.shapes[number]
    let message = arena.allocate(shape.template.count)
    UnsafeMutableRawBufferPointer(start: message, count: shape.template.count)
      .copyMemory(from: UnsafeRawBufferPointer(rebasing: all.templates[shape.template]))
    if skip("}") {
      if number == all.integer { hasNumbersLeftOut = true }
      return message
    }
    repeat {
      guard let key = name(), skip(":") else { return nil }
      var place = key & shape.mask
      while all.slots[shape.firstSlot + Int(place)].key != key, all.slots[shape.firstSlot + Int(place)].key != 0 {
        place = (place + 1) & shape.mask
      }
      let slot = all.slots[shape.firstSlot + Int(place)]
      guard slot.key == key ? read(slot.field, of: message) : skipValue() else { return nil }
    } while skip(",")
    return skip("}") ? message : nil
  }

  private mutating func read(_ field: SyntaxShapes.Field, of message: UnsafeMutableRawPointer) -> Bool {
    let place = message + Int(field.offset)
    let quantifier = message + Int(field.quantifierOffset)
    if field.isRepeated { return list(field, place, count: quantifier) }
    if field.unionCase != 0 { quantifier.storeBytes(of: field.unionCase, as: UInt32.self) }
    switch field.kind {
    case .message:
      guard let inner = self.message(Int(field.target)) else { return false }
      place.storeBytes(of: inner, as: UnsafeMutableRawPointer.self)
    case .string:
      guard let string = string() else { return false }
      place.storeBytes(of: string, as: UnsafeMutablePointer<CChar>.self)
    case .enumeration:
      guard let value = enumerationValue(field) else { return false }
      place.storeBytes(of: value, as: Int32.self)
    case .bool:
      let isTrue = next.pointee == UInt8(ascii: "t")
      place.storeBytes(of: isTrue ? 1 : 0, as: protobuf_c_boolean.self)
      return skipValue()
    case .int32:
      guard let value = integer() else { return false }
      place.storeBytes(of: Int32(truncatingIfNeeded: value), as: Int32.self)
    case .int64:
      guard let value = integer() else { return false }
      place.storeBytes(of: value, as: Int64.self)
    case .double:
      var end: UnsafeMutablePointer<CChar>?
      let value = next.withMemoryRebound(to: CChar.self, capacity: 1) { strtod($0, &end) }
      place.storeBytes(of: value, as: Double.self)
      return skipValue()
    case .other: return skipValue()
    }
    return true
  }

  private mutating func enumerationValue(_ field: SyntaxShapes.Field) -> Int32? {
    guard next.pointee == UInt8(ascii: "\"") else { return integer().map { Int32(truncatingIfNeeded: $0) } }
    guard let key = name() else { return nil }
    let table = all.enumerations[Int(field.target)]
    var place = key & table.mask
    while all.names[table.firstSlot + Int(place)].key != 0 {
      let entry = all.names[table.firstSlot + Int(place)]
      if entry.key == key { return entry.value }
      place = (place + 1) & table.mask
    }
    return nil
  }

  private mutating func list(
    _ field: SyntaxShapes.Field, _ place: UnsafeMutableRawPointer, count: UnsafeMutableRawPointer
  ) -> Bool {
    guard field.kind == .message else { return skipValue() }
    guard skip("[") else { return false }
    let start = elements.count
    defer { elements.removeLast(elements.count - start) }
    if !skip("]") {
      repeat {
        guard let element = message(Int(field.target)) else { return false }
        elements.append(element)
      } while skip(",")
      guard skip("]") else { return false }
    }
    let number = elements.count - start
    guard number > 0 else { return true }
    let array = arena.allocate(number * MemoryLayout<UnsafeMutableRawPointer>.stride)
      .bindMemory(to: UnsafeMutableRawPointer.self, capacity: number)
    for index in 0..<number { array[index] = elements[start + index] }
    place.storeBytes(of: UnsafeMutableRawPointer(array), as: UnsafeMutableRawPointer.self)
    count.storeBytes(of: number, as: Int.self)
    return true
  }
}
