import CPgQuery

/// How libpg_query's messages lie in memory, by the keys under which its JSON names their members: taken once from the
/// descriptions that protobuf-c makes of them.
///
/// Unchecked, for its buffers are filled before anybody sees them, stay as they are, and live as long as the program.
struct SyntaxShapes: @unchecked Sendable {
  enum Kind: UInt8 {
    case bool, int32, int64, double, string, message, enumeration, other
  }

  /// A member of a message.
  struct Field {
    let kind: Kind
    let isRepeated: Bool
    /// Its number where it is one of a union's members, else 0.
    let unionCase: UInt32
    let offset: Int32
    /// Where the count of a repeated member stands, or which member of a union is set.
    let quantifierOffset: Int32
    /// The shape of a message, or the table of an enumeration.
    let target: Int32
  }

  /// A message: where its keys are in ``slots``, and what it looks like when nothing is set.
  struct Shape {
    let firstSlot: Int
    let mask: UInt64
    /// The bytes of an empty message, in ``templates``.
    let template: Range<Int>
  }

  /// An entry of a hash table with open addressing; a key of 0 is an empty one.
  struct Slot {
    var key: UInt64
    var field: Field
  }

  /// An enumeration: where its names are in ``names``.
  struct Enumeration {
    let firstSlot: Int
    let mask: UInt64
  }

  struct Name {
    var key: UInt64
    var value: Int32
  }

  /// The first is the parser's result.
  let shapes: UnsafeBufferPointer<Shape>
  let slots: UnsafeBufferPointer<Slot>
  let templates: UnsafeRawBufferPointer
  let enumerations: UnsafeBufferPointer<Enumeration>
  let names: UnsafeBufferPointer<Name>
  /// The number of the shape of an integer.
  let integer: Int

  static let all = SyntaxShapes(Collector())

  private init(_ collector: Collector) {
    func kept<Element>(_ elements: [Element]) -> UnsafeBufferPointer<Element> {
      let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
      _ = buffer.initialize(from: elements)
      return UnsafeBufferPointer(buffer)
    }
    shapes = kept(collector.shapes)
    slots = kept(collector.slots)
    templates = UnsafeRawBufferPointer(kept(collector.templates))
    enumerations = kept(collector.enumerations)
    names = kept(collector.names)
    integer = collector.integer
  }

  /// Keys differ from the members' names in case and underscores only (`typeName`, `type_name`; `A_Const`, `a_const`).
  @inline(__always)
  static func add(_ byte: UInt8, to key: inout UInt64) {
    guard byte != UInt8(ascii: "_") else { return }
    let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    key = (key ^ UInt64(lower)) &* 0x0000_0100_0000_01B3
  }

  static let emptyKey: UInt64 = 0xCBF2_9CE4_8422_2325

}

/// Gathers the shapes of all messages that can be reached from the parser's result.
private struct Collector {
  typealias Shape = SyntaxShapes.Shape
  typealias Slot = SyntaxShapes.Slot
  typealias Name = SyntaxShapes.Name
  typealias Field = SyntaxShapes.Field

  private(set) var shapes: [Shape] = []
  private(set) var slots: [Slot] = []
  private(set) var templates: [UInt8] = []
  private(set) var enumerations: [SyntaxShapes.Enumeration] = []
  private(set) var names: [Name] = []
  private(set) var integer = -1

  init() {
    var result = PgQuery__ParseResult()
    pg_query__parse_result__init(&result)
    guard let root = result.base.descriptor else { return }
    // Enumerations and messages refer to each other: all get their numbers before any is read.
    var messages: [UnsafePointer<ProtobufCMessageDescriptor>] = [root]
    var numbers: [UnsafeRawPointer: Int32] = [UnsafeRawPointer(root): 0]
    var enumerationNumbers: [UnsafeRawPointer: Int32] = [:]
    var index = 0
    while index < messages.count {
      let message = messages[index].pointee
      let fields = UnsafeBufferPointer(start: message.fields, count: Int(message.n_fields))
      for field in fields {
        guard let target = field.descriptor else { continue }
        if field.type == PROTOBUF_C_TYPE_MESSAGE, numbers[target] == nil {
          numbers[target] = Int32(messages.count)
          messages.append(target.assumingMemoryBound(to: ProtobufCMessageDescriptor.self))
        } else if field.type == PROTOBUF_C_TYPE_ENUM, enumerationNumbers[target] == nil {
          enumerationNumbers[target] = Int32(enumerations.count)
          add(target.assumingMemoryBound(to: ProtobufCEnumDescriptor.self).pointee)
        }
      }
      index += 1
    }
    for message in messages { add(message.pointee, numbers, enumerationNumbers) }
    var number = PgQuery__Integer()
    pg_query__integer__init(&number)
    integer = number.base.descriptor.flatMap { numbers[UnsafeRawPointer($0)] }.map { Int($0) } ?? -1
  }

  private mutating func add(_ enumeration: ProtobufCEnumDescriptor) {
    let values = UnsafeBufferPointer(start: enumeration.values, count: Int(enumeration.n_values))
    let size = Collector.tableSize(values.count)
    let first = names.count
    names += [Name](repeating: Name(key: 0, value: 0), count: size)
    for value in values {
      let key = Collector.key(value.name)
      var place = key & UInt64(size - 1)
      while names[first + Int(place)].key != 0 { place = (place + 1) & UInt64(size - 1) }
      names[first + Int(place)] = Name(key: key, value: value.value)
    }
    enumerations.append(SyntaxShapes.Enumeration(firstSlot: first, mask: UInt64(size - 1)))
  }

  private mutating func add(
    _ message: ProtobufCMessageDescriptor, _ numbers: [UnsafeRawPointer: Int32],
    _ enumerationNumbers: [UnsafeRawPointer: Int32]
  ) {
    let fields = UnsafeBufferPointer(start: message.fields, count: Int(message.n_fields))
    let size = Collector.tableSize(fields.count)
    let first = slots.count
    let none = Field(kind: .other, isRepeated: false, unionCase: 0, offset: 0, quantifierOffset: 0, target: 0)
    slots += [Slot](repeating: Slot(key: 0, field: none), count: size)
    for field in fields {
      let name = Collector.key(field.name)
      // The one member whose key is another word.
      let key = name == Collector.key("base_stmt") ? Collector.key("base") : name
      var place = key & UInt64(size - 1)
      while slots[first + Int(place)].key != 0 { place = (place + 1) & UInt64(size - 1) }
      let isInUnion = field.flags & UInt32(PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue) != 0
      let target = field.descriptor.flatMap { numbers[$0] ?? enumerationNumbers[$0] }
      slots[first + Int(place)] = Slot(
        key: key,
        field: Field(
          kind: Collector.kind(of: field.type), isRepeated: field.label == PROTOBUF_C_LABEL_REPEATED,
          unionCase: isInUnion ? field.id : 0, offset: Int32(field.offset),
          quantifierOffset: Int32(field.quantifier_offset), target: target ?? 0))
    }
    let start = templates.count
    withUnsafeTemporaryAllocation(byteCount: message.sizeof_message, alignment: 16) { memory in
      memory.initializeMemory(as: UInt8.self, repeating: 0)
      if let base = memory.baseAddress {
        message.message_init?(base.assumingMemoryBound(to: ProtobufCMessage.self))
      }
      templates += memory
    }
    shapes.append(Shape(firstSlot: first, mask: UInt64(size - 1), template: start..<templates.count))
  }

  /// A power of two with room to spare.
  private static func tableSize(_ count: Int) -> Int {
    var size = 4
    while size < count * 2 { size *= 2 }
    return size
  }

  private static func kind(of type: ProtobufCType) -> SyntaxShapes.Kind {
    switch type {
    case PROTOBUF_C_TYPE_BOOL: .bool
    case PROTOBUF_C_TYPE_INT32, PROTOBUF_C_TYPE_UINT32, PROTOBUF_C_TYPE_SINT32: .int32
    case PROTOBUF_C_TYPE_INT64, PROTOBUF_C_TYPE_UINT64, PROTOBUF_C_TYPE_SINT64: .int64
    case PROTOBUF_C_TYPE_DOUBLE: .double
    case PROTOBUF_C_TYPE_STRING: .string
    case PROTOBUF_C_TYPE_MESSAGE: .message
    case PROTOBUF_C_TYPE_ENUM: .enumeration
    default: .other
    }
  }

  private static func key(_ name: UnsafePointer<CChar>?) -> UInt64 {
    var key = SyntaxShapes.emptyKey
    guard var byte = name else { return key }
    while byte.pointee != 0 {
      SyntaxShapes.add(UInt8(bitPattern: byte.pointee), to: &key)
      byte += 1
    }
    return key
  }
}
