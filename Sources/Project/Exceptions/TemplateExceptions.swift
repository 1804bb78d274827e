import Documents
import SourceText

/// The exceptions in one template: comments of YAML, and `Metadata.blealint` of resources.
///
/// A comment covers what it stands on the line of, or directly before: the entry (a resource, a property, a tag) with
/// all that belongs to it. Keys of the top level are no such entries: an exception for a whole template is the
/// configuration's to make.
struct TemplateExceptions {
  private let source: SourceFile
  private let document: Document
  private let lines: LineTable
  /// Entries and elements, outermost first where several start at one place.
  private var extents: [Span] = []
  private var scalars: [Node] = []
  private(set) var found: [FindingException] = []

  /// The exceptions of a template, in the order of the file.
  static func find(in document: Document, of source: SourceFile) -> [FindingException] {
    guard
      source.bytes.contains(ExceptionText.mark) || source.bytes.contains("blealint\"")
        || source.bytes.contains("blealint'")
    else { return [] }
    var reading = TemplateExceptions(document, source)
    reading.readMetadata()
    if document.format == .yaml { reading.readComments() }
    return reading.found.sorted { $0.span < $1.span }
  }

  private init(_ document: Document, _ source: SourceFile) {
    self.document = document
    self.source = source
    lines = LineTable(source.bytes)
  }

  // MARK: Metadata

  private mutating func readMetadata() {
    for resource in document.root?["Resources"]?.entries.map({ $0 }) ?? [] {
      guard let own = resource.value["Metadata"]?["blealint"] else { continue }
      let allowed = own.kind == .mapping ? own["allow"] : own
      guard let allowed else {
        found.append(mistaken(own, "'Metadata.blealint' has no 'allow'.", resource))
        continue
      }
      for item in allowed.kind == .sequence ? Array(allowed.items) : [allowed] {
        found.append(exception(item, of: resource))
      }
    }
  }

  private func exception(_ node: Node, of resource: Entry) -> FindingException {
    guard node.kind == .mapping else {
      return ExceptionText(node.mappedText).readUnmarked(covering: resource.span)
    }
    var exception = FindingException(at: node.span, covering: resource.span)
    for entry in node.entries {
      let value = entry.value
      switch entry.key.text {
      case "rule":
        exception.rules = (value.kind == .sequence ? Array(value.items) : [value]).filter { !$0.text.isEmpty }.map {
          Written($0.text, at: $0.span)
        }
      case "reason": exception.reason = value.text
      case "approver": exception.approver = value.text
      case "until", "expires":
        exception.expires = value.text
        if !Today.isDate(value.text) {
          exception.mistakes.append(
            FindingException.Mistake(
              obligation: "date", message: "'\(value.text)' is no date. Write until: 2027-01-31.", span: value.span))
        }
      default:
        let keys = ["rule", "reason", "until", "approver"]
        let hint = Suggestion.nearest(to: entry.key.text, among: keys).map { "Did you mean '\($0)'?" }
        exception.mistakes.append(
          FindingException.Mistake(
            obligation: "written",
            message: "'\(entry.key.text)' is no key of an exception. \(hint ?? "Use \(keys.joined(separator: ", ")).")",
            span: entry.key.span))
      }
    }
    if exception.rules.isEmpty {
      exception.mistakes.append(
        FindingException.Mistake(
          obligation: "rule", message: "The exception names no rule. Add 'rule'.", span: node.span))
    }
    return exception
  }

  private func mistaken(_ node: Node, _ message: String, _ resource: Entry) -> FindingException {
    var exception = FindingException(at: node.span, covering: resource.span)
    exception.mistakes.append(
      FindingException.Mistake(
        obligation: "written", message: "\(message) Write allow: [{rule: …, reason: …, until: …}].", span: node.span))
    return exception
  }

  // MARK: Comments

  private mutating func readComments() {
    collectExtents()
    var offset = 0
    while let mark = source.bytes.firstIndex(of: ExceptionText.mark, from: offset) {
      offset = mark + ExceptionText.mark.utf8.count
      guard let hash = hash(before: mark), let line = lines.range(ofLine: lines.position(of: mark).line) else {
        continue
      }
      // In a text that is one line (a description), `#` is a character; in code it starts a comment of that code.
      let scalar = scalar(at: hash)
      if let scalar, scalar.style != .literal && scalar.style != .folded { continue }
      let isCode = scalar.map { lines.position(of: $0.contentSpan.lower).line < lines.position(of: hash).line } ?? false
      var text = MappedText(file: source.id, at: mark)
      text.copy(source.bytes[mark..<line.upperBound], at: mark)
      let trails = source.bytes[line.lowerBound..<hash].contains { !ExceptionText.isBlank($0) }
      let scope = trails ? scope(ofLine: line, isCode: isCode) : scope(after: line, isCode: isCode)
      if let exception = ExceptionText(text).read(covering: scope) { found.append(exception) }
    }
  }

  /// The `#` that opens the comment which starts with the mark.
  private func hash(before mark: Int) -> Int? {
    var at = mark - 1
    while at >= 0, source.bytes[at] == 0x20 || source.bytes[at] == 0x09 { at -= 1 }
    guard at >= 0, source.bytes[at] == UInt8(ascii: "#") else { return nil }
    return at == 0 || ExceptionText.isBlank(source.bytes[at - 1]) ? at : nil
  }

  /// What starts on a line; the line itself where nothing does.
  private func scope(ofLine line: Range<Int>, isCode: Bool) -> Span {
    let whole = Span(source.id, line)
    guard !isCode, let extent = extent(from: line.lowerBound), extent.lower < line.upperBound else { return whole }
    return extent
  }

  /// What starts on the line behind a comment and those that go on from it; nothing where that line is blank.
  private func scope(after comment: Range<Int>, isCode: Bool) -> Span {
    var number = lines.position(of: comment.lowerBound).line + 1
    while let line = lines.range(ofLine: number) {
      let content = source.bytes[line].drop { ExceptionText.isBlank($0) }
      guard let first = content.first else { break }
      if first != UInt8(ascii: "#") { return scope(ofLine: line, isCode: isCode) }
      number += 1
    }
    return Span(source.id, comment.upperBound..<comment.upperBound)
  }

  private func extent(from offset: Int) -> Span? {
    let index = extents.partitioningIndex { $0.lower >= offset }
    return index < extents.count ? extents[index] : nil
  }

  /// The scalar that an offset lies in. Scalars do not overlap.
  private func scalar(at offset: Int) -> Node? {
    let behind = scalars.partitioningIndex { $0.span.lower > offset }
    guard behind > 0, scalars[behind - 1].span.upper > offset else { return nil }
    return scalars[behind - 1]
  }

  /// Walks every node once, whatever refers to it.
  private mutating func collectExtents() {
    guard let root = document.root else { return }
    var seen: Set<Node> = []
    var waiting: [(node: Node, depth: Int)] = [(root, 0)]
    while let (node, depth) = waiting.popLast() {
      guard seen.insert(node).inserted else { continue }
      switch node.kind {
      case .scalar: scalars.append(node)
      case .sequence:
        for (position, item) in node.items.enumerated() {
          extents.append(node.items.span(at: position))
          waiting.append((item, depth + 1))
        }
      case .mapping:
        for entry in node.entries {
          extents.append(depth == 0 ? entry.key.span : entry.span)
          waiting.append((entry.key, depth + 1))
          waiting.append((entry.value, depth + 1))
        }
      }
    }
    extents.sort { ($0.lower, -$0.upper) < ($1.lower, -$1.upper) }
    scalars.sort { $0.span < $1.span }
  }
}

extension [UInt8] {
  /// Where some text stands next.
  func firstIndex(of text: String, from start: Int = 0) -> Int? {
    let wanted = Array(text.utf8)
    guard let first = wanted.first else { return nil }
    var at = start
    while at + wanted.count <= count, let candidate = self[at...].firstIndex(of: first) {
      if self[candidate...].starts(with: wanted) { return candidate }
      at = candidate + 1
    }
    return nil
  }

  func contains(_ text: String) -> Bool { firstIndex(of: text) != nil }
}
