import CYaml
import SourceText

/// Reads YAML over libyaml's events into the node tree. libyaml says what the text means; where things stand, and
/// how much they may weigh, is worked out here.
struct YAMLReader {
  let source: SourceFile
  let bytes: UnsafeBufferPointer<UInt8>
  let limits: ReadingLimits
  var builder: NodeBuilder
  var log: DiagnosticLog
  private let offsets: CodePointIndex
  /// The collections that are open, outermost first.
  private var open: [OpenCollection] = []
  private var anchors: [String: Anchored] = [:]
  private var roots: [UInt32] = []
  /// How many nodes the current document has, aliases and merge keys counted as what they stand for.
  private var weight = 0
  /// How many of these are not written in the file.
  private var expansion = 0

  private struct OpenCollection {
    let record: UInt32
    /// Where its children begin among the pending ones.
    let pending: Int
    let isMapping: Bool
    let isFlow: Bool
    let anchor: String?
    /// The document's weight before it.
    let weightBefore: Int
    /// How many collections nest in it, itself included.
    var height = 1
  }

  private struct Anchored {
    let node: UInt32
    let span: Span
    /// Still 0 while the node is open.
    var weight: Int
    var height: Int
  }

  init(_ source: SourceFile, _ bytes: UnsafeBufferPointer<UInt8>, _ limits: ReadingLimits) {
    self.source = source
    self.bytes = bytes
    self.limits = limits
    builder = NodeBuilder(source: bytes)
    log = DiagnosticLog(file: source.id, limit: limits.diagnostics)
    offsets = CodePointIndex(bytes, from: InputCheck.markLength(bytes))
  }

  consuming func reading() -> DocumentReading {
    parse()
    builder.reportDuplicates(to: &log, in: source.id)
    let diagnostics = log.sorted()
    let file = source.id
    if roots.isEmpty {
      let hasError = diagnostics.contains { $0.severity == .error }
      let empty = Document(file: file, format: .yaml, root: nil)
      return DocumentReading(documents: hasError ? [] : [empty], diagnostics: diagnostics)
    }
    let roots = roots
    let storage = NodeStorage(builder, source: source, format: .yaml)
    let documents = roots.map { index in
      let record = storage.records[Int(index)]
      let isEmpty = record.kind == .scalar && record.style == .plain && record.count == 0 && record.tag == 0
      return Document(file: file, format: .yaml, root: isEmpty ? nil : Node(storage, index))
    }
    return DocumentReading(documents: documents, diagnostics: diagnostics)
  }

  private mutating func parse() {
    // libyaml keeps pointers to its parser, which therefore must not move.
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    defer { parser.deallocate() }
    guard yaml_parser_initialize(parser) == 1 else {
      log.add("out-of-memory", "There is no memory left to read the file.", cure: nil, at: 0..<0)
      return
    }
    defer { yaml_parser_delete(parser) }
    let start = InputCheck.markLength(bytes)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    var nothing: UInt8 = 0
    withUnsafePointer(to: &nothing) { nothing in
      yaml_parser_set_input_string(
        parser, bytes.baseAddress.map { $0 + start } ?? nothing, bytes.count - start)
      var event = yaml_event_t()
      while true {
        guard yaml_parser_parse(parser, &event) == 1 else {
          reportProblem(parser.pointee)
          return
        }
        let goesOn = take(event) && isWithinNodes(event)
        yaml_event_delete(&event)
        guard goesOn else { return }
      }
    }
  }

  private mutating func isWithinNodes(_ event: yaml_event_t) -> Bool {
    guard builder.records.count > limits.nodes else { return true }
    let offset = offsets.offset(of: event.end_mark.index)
    log.add(
      "too-many-nodes", "The file has more than '\(limits.nodes)' values.",
      cure: "Split the file, or leave it out of what is checked.", at: offset..<offset)
    return false
  }

  private mutating func reportProblem(_ parser: yaml_parser_t) {
    let isReader = parser.error == YAML_READER_ERROR
    let start = InputCheck.markLength(bytes)
    let offset = isReader ? start + parser.problem_offset : offsets.offset(of: parser.problem_mark.index)
    let problem = YAMLProblem(
      bytes: bytes,
      text: parser.problem.map { String(cString: $0) } ?? "",
      offset: offset,
      context: parser.context.map { String(cString: $0) } ?? "",
      contextOffset: parser.context == nil ? offset : offsets.offset(of: parser.context_mark.index),
      bracket: open.last.flatMap { $0.isFlow ? Int(builder.records[Int($0.record)].content) : nil })
    log.add(problem.id, problem.message, cure: problem.cure, at: problem.range)
  }

  // MARK: Events

  /// Whether reading goes on after this event.
  private mutating func take(_ event: yaml_event_t) -> Bool {
    switch event.type {
    case YAML_DOCUMENT_START_EVENT:
      anchors.removeAll()
      weight = 0
      expansion = 0
      return true
    case YAML_DOCUMENT_END_EVENT:
      if let root = builder.pending.popLast() { roots.append(root) }
      return true
    case YAML_STREAM_END_EVENT:
      return false
    case YAML_SCALAR_EVENT:
      return takeScalar(event)
    case YAML_ALIAS_EVENT:
      return takeAlias(event)
    case YAML_SEQUENCE_START_EVENT:
      let start = event.data.sequence_start
      return descend(
        event, isMapping: false, isFlow: start.style == YAML_FLOW_SEQUENCE_STYLE, tag: start.tag, anchor: start.anchor)
    case YAML_MAPPING_START_EVENT:
      let start = event.data.mapping_start
      return descend(
        event, isMapping: true, isFlow: start.style == YAML_FLOW_MAPPING_STYLE, tag: start.tag, anchor: start.anchor)
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
      return ascend(upper: offsets.offset(of: event.end_mark.index))
    default:
      return true
    }
  }

  private mutating func takeScalar(_ event: yaml_event_t) -> Bool {
    let scalar = event.data.scalar
    let lower = offsets.offset(of: event.start_mark.index)
    let upper = max(lower, offsets.offset(of: event.end_mark.index))
    let place = start(of: lower..<upper, hasTag: scalar.tag != nil, hasAnchor: scalar.anchor != nil)
    var record = NodeRecord(
      lower: Int32(place.lower), upper: Int32(upper), content: Int32(place.content), kind: .scalar)
    if let tag = scalar.tag { record.tag = builder.tagIndex(String(cString: tag)) }
    var inside = place.content..<upper
    switch scalar.style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE, YAML_DOUBLE_QUOTED_SCALAR_STYLE:
      record.style = scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE ? .singleQuoted : .doubleQuoted
      inside = place.content + 1..<max(place.content + 1, upper - 1)
    case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE:
      record.style = scalar.style == YAML_LITERAL_SCALAR_STYLE ? .literal : .folded
      record.upper = Int32(BlockScalar.end(bytes, inside))
    default:
      if inside.isEmpty, scalar.tag == nil, scalar.anchor == nil, let key = pendingKey {
        moveEmpty(&record, behind: key)
      }
    }
    setText(&record, UnsafeBufferPointer(start: scalar.value, count: scalar.length), inside)
    let index = builder.add(record)
    weight += 1
    if let anchor = scalar.anchor {
      anchors[String(cString: anchor)] = Anchored(
        node: index, span: Span(source.id, lower..<Int(record.upper)), weight: 1, height: 0)
    }
    return true
  }

  private mutating func setText(
    _ record: inout NodeRecord, _ text: UnsafeBufferPointer<UInt8>, _ inside: Range<Int>
  ) {
    record.count = UInt32(text.count)
    if inside.count == text.count, inside.upperBound <= bytes.count,
      text.elementsEqual(UnsafeBufferPointer(rebasing: bytes[inside]))
    {
      record.first = UInt32(inside.lowerBound)
    } else {
      record.place = .pool
      record.first = UInt32(builder.pool.count)
      builder.pool.append(contentsOf: text)
    }
  }

  /// The key that waits for its value, if a value is due.
  private var pendingKey: NodeRecord? {
    guard let last = open.last, last.isMapping, (builder.pending.count - last.pending) % 2 == 1,
      let key = builder.pending.last
    else { return nil }
    return builder.records[Int(key)]
  }

  /// libyaml puts the absence of a value where the next thing begins; it belongs behind the colon.
  private func moveEmpty(_ record: inout NodeRecord, behind key: NodeRecord) {
    var offset = Int(key.upper)
    while offset < Int(record.lower), bytes[offset] == UInt8(ascii: " ") || bytes[offset] == UInt8(ascii: "\t") {
      offset += 1
    }
    if offset < bytes.count, bytes[offset] == UInt8(ascii: ":") {
      offset += 1
    } else if record.lower > 0, bytes[Int(record.lower) - 1] == UInt8(ascii: ":") {
      return
    } else {
      offset = Int(key.upper)
    }
    record.lower = Int32(offset)
    record.upper = Int32(offset)
    record.content = Int32(offset)
  }

  private mutating func takeAlias(_ event: yaml_event_t) -> Bool {
    let range = offsets.offset(of: event.start_mark.index)..<offsets.offset(of: event.end_mark.index)
    let name = event.data.alias.anchor.map { String(cString: $0) } ?? ""
    var record = NodeRecord(
      lower: Int32(range.lowerBound), upper: Int32(range.upperBound), content: Int32(range.upperBound), kind: .alias)
    if let anchored = anchors[name], anchored.weight > 0 {
      record.link = anchored.node
      weight += anchored.weight
      expansion += anchored.weight
      if let last = open.indices.last { open[last].height = max(open[last].height, 1 + anchored.height) }
      if expansion > limits.expansion { return reportExpansion(range) }
      if open.count + anchored.height > limits.depth { return reportDepth(range) }
    } else {
      if anchors[name] == nil {
        // Looked for only as long as it is shown: there may be as many such aliases as anchors.
        let near = log.isFull ? nil : Suggestion.nearest(to: name, among: anchors.keys)
        log.add(
          "undefined-alias", "The alias '*\(name)' names an anchor that is not defined before it.",
          cure: near.map { "Did you mean '*\($0)'?" } ?? "Define '&\(name)' on an earlier node, or write the value.",
          at: range)
      } else {
        log.add(
          "recursive-alias", "The alias '*\(name)' stands inside the very node it names.",
          cure: "Write the value instead of the alias.", at: range,
          related: anchors[name].map { [Diagnostic.Related($0.span, "the node")] } ?? [])
      }
      record.kind = .scalar
    }
    _ = builder.add(record)
    return true
  }

  private mutating func reportExpansion(_ range: Range<Int>) -> Bool {
    log.add(
      "too-many-aliases", "The aliases up to here stand for more than '\(limits.expansion)' values.",
      cure: "Use fewer aliases to nodes that hold aliases themselves.", at: range)
    return false
  }

  private mutating func reportDepth(_ range: Range<Int>) -> Bool {
    log.add(
      "nested-too-deeply", "Mappings and sequences nest more than '\(limits.depth)' deep here.",
      cure: "Flatten the document.", at: range)
    return false
  }

  // MARK: Collections

  private mutating func descend(
    _ event: yaml_event_t, isMapping: Bool, isFlow: Bool, tag: UnsafeMutablePointer<UInt8>?,
    anchor: UnsafeMutablePointer<UInt8>?
  ) -> Bool {
    let lower = offsets.offset(of: event.start_mark.index)
    guard open.count < limits.depth else { return reportDepth(lower..<min(lower + 1, bytes.count)) }
    let place = start(of: lower..<bytes.count, hasTag: tag != nil, hasAnchor: anchor != nil)
    var record = NodeRecord(
      lower: Int32(place.lower), upper: Int32(place.content), content: Int32(place.content),
      kind: isMapping ? .mapping : .sequence)
    if let tag { record.tag = builder.tagIndex(String(cString: tag)) }
    let index = builder.add(record)
    let name = anchor.map { String(cString: $0) }
    if let name {
      anchors[name] = Anchored(
        node: index, span: Span(source.id, lower..<place.content), weight: 0, height: 0)
    }
    open.append(
      OpenCollection(
        record: index, pending: builder.pending.count, isMapping: isMapping, isFlow: isFlow, anchor: name,
        weightBefore: weight))
    weight += 1
    return true
  }

  private mutating func ascend(upper: Int) -> Bool {
    guard let last = open.popLast() else { return false }
    var upper = upper
    if !last.isFlow {
      // libyaml ends a block where the next token begins: what it holds ends where its last child does.
      upper = Int(builder.records[Int(last.record)].content)
      if builder.pending.count > last.pending, let child = builder.pending.last {
        upper = max(upper, Int(builder.records[Int(child)].upper))
      }
    }
    if last.isMapping {
      guard closeMapping(last, upper: upper) else { return false }
    } else {
      builder.closeSequence(last.record, from: last.pending, upper: upper)
    }
    if let outer = open.indices.last { open[outer].height = max(open[outer].height, last.height + 1) }
    // The anchor may have been given again inside the node: then the inner one is what aliases now mean.
    if let anchor = last.anchor, let anchored = anchors[anchor], anchored.node == last.record {
      anchors[anchor]?.weight = weight - last.weightBefore
      anchors[anchor]?.height = last.height
    }
    return true
  }

  private mutating func closeMapping(_ last: OpenCollection, upper: Int) -> Bool {
    var kept = last.pending
    var merged: [UInt32] = []
    var isPlaceholder = false
    for at in stride(from: last.pending, to: builder.pending.count - 1, by: 2) {
      let (key, value) = (builder.pending[at], builder.pending[at + 1])
      let record = builder.records[Int(builder.resolved(key))]
      if record.kind != .scalar {
        let count = builder.pending.count - last.pending
        if last.isFlow, isJinja(outer: last.record, upper: upper, key: key, count: count) {
          isPlaceholder = true
        } else {
          let site = builder.records[Int(key)]
          log.add(
            "complex-key", "A \(record.kind == .mapping ? "mapping" : "sequence") stands where a key is due.",
            cure: "Use text for the key.", at: Int(site.lower)..<max(Int(site.lower), Int(site.upper)))
        }
      } else if isMergeKey(record, key) {
        guard merge(value, into: &merged) else { return false }
      } else {
        builder.pending[kept] = key
        builder.pending[kept + 1] = value
        kept += 2
      }
    }
    builder.pending.removeLast(builder.pending.count - kept)
    builder.closeMapping(last.record, from: last.pending, upper: upper, merging: merged)
    if isPlaceholder { becomePlaceholder(last.record) }
    return true
  }

  private func isMergeKey(_ record: NodeRecord, _ key: UInt32) -> Bool {
    record.style == .plain && record.count == 2
      && (record.tag == 0 || builder.tags[Int(record.tag) - 1] == "tag:yaml.org,2002:merge")
      && builder.withText(of: key) { $0[0] == UInt8(ascii: "<") && $0[1] == UInt8(ascii: "<") }
  }

  /// Adds what a merge key brings; false when that is too much.
  private mutating func merge(_ value: UInt32, into merged: inout [UInt32]) -> Bool {
    let target = builder.records[Int(builder.resolved(value))]
    let site = builder.records[Int(value)]
    let range = Int(site.lower)..<max(Int(site.lower), Int(site.upper))
    switch target.kind {
    case .mapping:
      let first = Int(target.first)
      merged.append(contentsOf: builder.children[first..<first + 2 * Int(target.count)])
      // Entries are copied, not nodes: an alias alone has weighed its nodes already.
      weight += 2 * Int(target.count)
      expansion += 2 * Int(target.count)
      return expansion <= limits.expansion || reportExpansion(range)
    case .sequence:
      let first = Int(target.first)
      for item in builder.children[first..<first + Int(target.count)] {
        guard builder.records[Int(builder.resolved(item))].kind == .mapping else {
          reportMerge(range)
          continue
        }
        guard merge(item, into: &merged) else { return false }
      }
      return true
    case .scalar, .alias:
      reportMerge(range)
      return true
    }
  }

  private mutating func reportMerge(_ range: Range<Int>) {
    log.add(
      "merge-needs-mapping", "The merge key '<<' has '\(Excerpt.of(bytes, range))', which is no mapping.",
      cure: "Give it an alias of a mapping, or a list of them; quote the key if it is meant as text.", at: range)
  }

  // MARK: Placeholders

  /// Whether `{{ name }}` was read, which YAML takes for a mapping whose key is a mapping.
  private func isJinja(outer: UInt32, upper: Int, key: UInt32, count: Int) -> Bool {
    let start = Int(builder.records[Int(outer)].content)
    return count == 2 && builder.records[Int(key)].lower == Int32(start + 1) && upper - start >= 4
      && bytes[upper - 2] == UInt8(ascii: "}")
  }

  /// Keeps an unquoted placeholder as the text that was meant.
  private mutating func becomePlaceholder(_ index: UInt32) {
    var record = builder.records[Int(index)]
    record.kind = .scalar
    record.first = UInt32(record.content)
    record.count = UInt32(record.upper - record.content)
    record.link = 0
    builder.records[Int(index)] = record
    let range = Int(record.lower)..<Int(record.upper)
    log.add(
      "unquoted-placeholder", "The placeholder '\(Excerpt.of(bytes, range))' is not quoted.",
      cure: "Put it in quotes, or render the file before it is checked.", at: range)
  }

  // MARK: Places

  /// Where a node begins with its tag, and where without tag and anchor.
  private func start(of range: Range<Int>, hasTag: Bool, hasAnchor: Bool) -> (lower: Int, content: Int) {
    guard hasTag || hasAnchor else { return (range.lowerBound, range.lowerBound) }
    var offset = range.lowerBound
    var tag: Int?
    var end = offset
    scan: while offset < range.upperBound {
      switch bytes[offset] {
      case UInt8(ascii: "&"), UInt8(ascii: "!"):
        if bytes[offset] == UInt8(ascii: "!") { tag = offset }
        offset = endOfProperty(offset, range.upperBound)
        end = offset
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        offset += 1
      case UInt8(ascii: "#"):
        while offset < range.upperBound, bytes[offset] != UInt8(ascii: "\n"), bytes[offset] != UInt8(ascii: "\r") {
          offset += 1
        }
      default:
        // NEL and Unicode's separators are line breaks in YAML 1.1.
        let length = YAMLLineBreak.length(bytes, at: offset)
        guard length == 0 || offset + length > range.upperBound else {
          offset += length
          continue
        }
        end = offset
        break scan
      }
    }
    return (tag ?? end, end)
  }

  /// Where an anchor or a tag ends.
  private func endOfProperty(_ start: Int, _ limit: Int) -> Int {
    var offset = start + 1
    let isAnchor = bytes[start] == UInt8(ascii: "&")
    while offset < limit {
      let byte = bytes[offset]
      // A tag is written in ASCII.
      if byte <= UInt8(ascii: " ") || byte >= 0x80 { break }
      if isAnchor || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") {
        let letter = byte | 0x20
        let isName =
          (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter) || byte == UInt8(ascii: "_")
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
        if !isName { break }
      }
      offset += 1
    }
    return offset
  }
}
