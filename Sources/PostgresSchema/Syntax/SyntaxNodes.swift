import CPgQuery

/// Reading libpg_query's C structs: lists, strings and names.
typealias Node = SyntaxTree.Node

/// A counted C array of nodes.
func nodes(_ count: Int, _ pointer: UnsafeMutablePointer<Node?>?) -> [Node] {
  guard count > 0, let pointer else { return [] }
  return (0..<count).compactMap { pointer[$0] }
}

/// A C string; empty for NULL.
func text(_ string: UnsafeMutablePointer<CChar>?) -> String {
  string.map { String(cString: $0) } ?? ""
}

extension UnsafeMutablePointer where Pointee == PgQuery__Node {
  var isNamed: Bool { pointee.node_case != PG_QUERY__NODE__NODE__NOT_SET }

  /// The string of a String node, else nil.
  var string: String? {
    guard pointee.node_case == PG_QUERY__NODE__NODE_STRING, let string = pointee.string else { return nil }
    return text(string.pointee.sval)
  }

  /// The elements of a List node; the node itself where it is none.
  var listItems: [Node] {
    guard pointee.node_case == PG_QUERY__NODE__NODE_LIST, let list = pointee.list else { return [self] }
    return nodes(list.pointee.n_items, list.pointee.items)
  }

  var integer: Int? {
    guard pointee.node_case == PG_QUERY__NODE__NODE_INTEGER, let integer = pointee.integer else { return nil }
    return Int(integer.pointee.ival)
  }

  var boolean: Bool? {
    guard pointee.node_case == PG_QUERY__NODE__NODE_BOOLEAN, let boolean = pointee.boolean else { return nil }
    return boolean.pointee.boolval != 0
  }

  /// The value of a constant, through type casts; nil for anything else. NULL is nil too.
  var constant: String? {
    switch pointee.node_case {
    case PG_QUERY__NODE__NODE_TYPE_CAST: return pointee.type_cast?.pointee.arg?.constant
    case PG_QUERY__NODE__NODE_A_CONST:
      guard let constant = pointee.a_const?.pointee, constant.isnull == 0 else { return nil }
      switch constant.val_case {
      case PG_QUERY__A__CONST__VAL_IVAL: return constant.ival.map { String($0.pointee.ival) }
      case PG_QUERY__A__CONST__VAL_FVAL: return constant.fval.map { text($0.pointee.fval) }
      case PG_QUERY__A__CONST__VAL_BOOLVAL: return constant.boolval.map { $0.pointee.boolval != 0 ? "true" : "false" }
      case PG_QUERY__A__CONST__VAL_SVAL: return constant.sval.map { text($0.pointee.sval) }
      default: return nil
      }
    case PG_QUERY__NODE__NODE_A_EXPR:
      // A negative number is an operator on a constant.
      guard let expression = pointee.a_expr?.pointee, expression.lexpr == nil,
        nodes(expression.n_name, expression.name).first?.string == "-", let operand = expression.rexpr?.constant
      else { return nil }
      return "-" + operand
    default: return nil
    }
  }

  /// Every node below this one (and itself), found through the messages' own descriptions.
  func forEachDescendant(_ body: (Descendant) -> Void) {
    // Gathered first: a walk that calls back copies what the callback holds at every level.
    var found: [Descendant] = []
    gather(UnsafeMutableRawPointer(self), &found)
    for descendant in found { body(descendant) }
  }
}

/// What a walk over a syntax tree can meet.
enum Descendant {
  case rangeVar(PgQuery__RangeVar)
  case functionCall(PgQuery__FuncCall)
  case columnRef(PgQuery__ColumnRef)
  case commonTable(String)
}

/// Where protobuf-c describes the messages that a walk looks for: every message points to its own description.
private enum Descriptions {
  typealias Pointer = UnsafePointer<ProtobufCMessageDescriptor>

  nonisolated(unsafe) static let node: Pointer? = {
    var message = PgQuery__Node()
    pg_query__node__init(&message)
    return message.base.descriptor
  }()

  nonisolated(unsafe) static let rangeVar: Pointer? = {
    var message = PgQuery__RangeVar()
    pg_query__range_var__init(&message)
    return message.base.descriptor
  }()

  nonisolated(unsafe) static let functionCall: Pointer? = {
    var message = PgQuery__FuncCall()
    pg_query__func_call__init(&message)
    return message.base.descriptor
  }()

  nonisolated(unsafe) static let columnRef: Pointer? = {
    var message = PgQuery__ColumnRef()
    pg_query__column_ref__init(&message)
    return message.base.descriptor
  }()

  nonisolated(unsafe) static let commonTable: Pointer? = {
    var message = PgQuery__CommonTableExpr()
    pg_query__common_table_expr__init(&message)
    return message.base.descriptor
  }()
}

private func gather(_ message: UnsafeMutableRawPointer, _ found: inout [Descendant]) {
  guard let descriptor = message.assumingMemoryBound(to: ProtobufCMessage.self).pointee.descriptor else { return }
  if descriptor == Descriptions.rangeVar {
    found.append(.rangeVar(message.assumingMemoryBound(to: PgQuery__RangeVar.self).pointee))
  } else if descriptor == Descriptions.functionCall {
    found.append(.functionCall(message.assumingMemoryBound(to: PgQuery__FuncCall.self).pointee))
  } else if descriptor == Descriptions.columnRef {
    found.append(.columnRef(message.assumingMemoryBound(to: PgQuery__ColumnRef.self).pointee))
  } else if descriptor == Descriptions.commonTable {
    found.append(.commonTable(text(message.assumingMemoryBound(to: PgQuery__CommonTableExpr.self).pointee.ctename)))
  }
  guard let fields = descriptor.pointee.fields else { return }
  if descriptor == Descriptions.node {
    // Its members are one union: whichever is set stands where the first would.
    let member = message + Int(fields[0].offset)
    if message.assumingMemoryBound(to: PgQuery__Node.self).pointee.node_case != PG_QUERY__NODE__NODE__NOT_SET,
      let child = member.assumingMemoryBound(to: UnsafeMutableRawPointer?.self).pointee
    {
      gather(child, &found)
    }
    return
  }
  for index in 0..<Int(descriptor.pointee.n_fields) where fields[index].type == PROTOBUF_C_TYPE_MESSAGE {
    let field = fields[index]
    let place = message + Int(field.offset)
    if field.label == PROTOBUF_C_LABEL_REPEATED {
      let count = (message + Int(field.quantifier_offset)).assumingMemoryBound(to: Int.self).pointee
      guard let items = place.assumingMemoryBound(to: UnsafeMutablePointer<UnsafeMutableRawPointer?>?.self).pointee
      else { continue }
      for item in 0..<count {
        if let child = items[item] { gather(child, &found) }
      }
    } else {
      if field.flags & UInt32(PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue) != 0 {
        let chosen = (message + Int(field.quantifier_offset)).assumingMemoryBound(to: UInt32.self).pointee
        guard chosen == field.id else { continue }
      }
      if let child = place.assumingMemoryBound(to: UnsafeMutableRawPointer?.self).pointee {
        gather(child, &found)
      }
    }
  }
}
