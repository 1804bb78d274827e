import CPgQuery
import CYaml

/// The C parsers with nothing around them: what reading costs at the least.
enum BareParsers {
  /// Runs libyaml through a text and counts its events; nil when the text does not parse.
  static func yamlEvents(_ bytes: [UInt8]) -> Int? {
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else { return nil }
    defer { yaml_parser_delete(&parser) }
    return bytes.withUnsafeBufferPointer { buffer -> Int? in
      yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
      var count = 0
      while true {
        var event = yaml_event_t()
        guard yaml_parser_parse(&parser, &event) == 1 else { return nil }
        let isLast = event.type == YAML_STREAM_END_EVENT
        yaml_event_delete(&event)
        count += 1
        if isLast { return count }
      }
    }
  }

  /// Parses a NUL-terminated text to protobuf, as a whole; the size of what comes out, or nil.
  static func protobuf(_ text: [CChar]) -> Int? {
    let result = pg_query_parse_protobuf(text)
    defer { pg_query_free_protobuf_parse_result(result) }
    return result.error == nil ? result.parse_tree.len : nil
  }

  /// Parses to protobuf and unpacks that into C structs, as a whole; the number of statements, or nil.
  static func unpacked(_ text: [CChar]) -> Int? {
    let result = pg_query_parse_protobuf(text)
    defer { pg_query_free_protobuf_parse_result(result) }
    guard result.error == nil else { return nil }
    let data = UnsafeRawPointer(result.parse_tree.data)?.assumingMemoryBound(to: UInt8.self)
    guard let tree = pg_query__parse_result__unpack(nil, result.parse_tree.len, data) else { return nil }
    defer { pg_query__parse_result__free_unpacked(tree, nil) }
    return tree.pointee.n_stmts
  }

  /// Parses to JSON, as a whole; true when it parsed.
  static func json(_ text: [CChar]) -> Bool {
    let result = pg_query_parse(text)
    defer { pg_query_free_parse_result(result) }
    return result.error == nil
  }
}
