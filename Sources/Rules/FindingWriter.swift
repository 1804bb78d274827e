import CEL
import Estate
import Findings
import SourceText
import Values

/// Writes findings: what a verdict is shown with. Places, messages and steps all come from one reader, so that they
/// are those of the scenario the verdict was reached in.
struct FindingWriter {
  let rule: Rule
  /// Whether the rule speaks of one thing after another, not of the project as a whole.
  let hasSubjects: Bool
  let reader: EstateReader
  let estate: Estate

  /// The finding of an obligation that does not hold.
  func failure(
    _ obligation: Rule.Obligation, bindings: [Binding], values: [Value], variables: [String],
    reads: EstateReader.Reads
  ) -> Finding {
    let scope = Scope(variables: variables, values: values)
    var related: [RelatedLocation] = []
    var links: [String: Int] = [:]
    for place in obligation.related {
      guard let location = location(place.place, scope) else { continue }
      let id = related.count + 1
      let text = text(place.message, scope, links: [:]).plain
      related.append(RelatedLocation(id: id, message: text, location: location))
      if place.place.members.isEmpty { links[place.place.variable] = id }
    }
    let primary = location(obligation.place, scope) ?? subjectLocation(bindings)
    return Finding(
      rule: rule.id, verdict: .fail, obligation: obligation.id, severity: obligation.severity,
      message: text(obligation.message, scope, links: links), primary: primary, related: related,
      steps: steps(bindings, reads, end: primary), assumptions: assumptions(bindings, reads),
      fixes: fixes(obligation, scope), subject: subject(bindings),
      stack: stack(bindings))
  }

  /// The finding of something that could not be told.
  func undetermined(
    _ unknown: Unknown, obligation: String, whether: MessageTemplate, severity: Severity, place: PlacePath?,
    bindings: [Binding], values: [Value], variables: [String], reads: EstateReader.Reads
  ) -> Finding {
    let scope = Scope(variables: variables, values: values)
    let reasons = unknown.reasons.filter { $0.kind != .undecided }
    let first = reasons.first ?? unknown.reasons.first
    var fragments = [Message.Fragment.text("Cannot tell whether ")]
    if bindings.isEmpty, hasSubjects {
      // Not even the first element is known: the clause would speak of nobody.
      fragments.append(.text(clause(rule.title.en)))
    } else {
      fragments += text(whether, scope, links: [:]).fragments
    }
    if let first { fragments.append(.text(": " + first.text)) }
    fragments.append(.text("."))
    if let cure = first?.cure { fragments.append(.text(" To know, \(cure).")) }
    let primary = place.flatMap { location($0, scope) } ?? unknownLocation(bindings, reads)
    return Finding(
      rule: rule.id, verdict: rule.unknownFails ? .fail : .unknown, obligation: obligation, severity: severity,
      message: Message(fragments), primary: primary, steps: steps(bindings, reads, end: primary),
      assumptions: assumptions(bindings, reads),
      reasons: unknown.reasons.map { UnknownReason($0.text, at: $0.span, cure: $0.cure) }, subject: subject(bindings),
      stack: stack(bindings))
  }

  /// The variables in force and their values.
  private struct Scope {
    let variables: [String]
    let values: [Value]

    func value(_ name: String) -> Value? {
      variables.lastIndex(of: name).flatMap { $0 < values.count ? values[$0] : nil }
    }
  }

  // MARK: Places

  private func location(_ path: PlacePath, _ scope: Scope) -> Location? {
    scope.value(path.variable).flatMap { reader.location(of: $0, members: path.members) }
  }

  private func subjectLocation(_ bindings: [Binding]) -> Location {
    for binding in bindings.reversed() {
      if let location = reader.location(of: binding.value, members: []) { return location }
    }
    return Location(Span(FileID(0), 0..<0), path: "", kind: "file")
  }

  /// Where something unknown is best shown: the written member that it was read from, else the subject.
  private func unknownLocation(_ bindings: [Binding], _ reads: EstateReader.Reads) -> Location {
    for read in reads.all.reversed() where read.isWritten && read.reading.isUnknown {
      if let origin = read.origin {
        return Location(
          origin.span, path: origin.path, kind: origin.kind.rawValue,
          constructPath: reader.constructPath(of: .object(read.object)))
      }
    }
    return subjectLocation(bindings)
  }

  private func subject(_ bindings: [Binding]) -> String {
    bindings.first.map { reader.label(of: $0.value) } ?? "the project"
  }

  /// The stack of the first that is in one.
  private func stack(_ bindings: [Binding]) -> String {
    bindings.lazy.compactMap { reader.stackPath(of: $0.value) }.first ?? ""
  }

  // MARK: Messages

  private func text(_ template: MessageTemplate, _ scope: Scope, links: [String: Int]) -> Message {
    var fragments: [Message.Fragment] = []
    for part in template.parts {
      switch part {
      case .text(let text): fragments.append(.text(text))
      case .hole(let expression, let root):
        // A hole over a variable that is not bound yet says what is known: nothing.
        let value = expression.evaluate(scope.values, host: reader)
        let shown = Self.shown(value)
        if let root, let id = links[root] {
          fragments.append(.link(shown, id))
        } else {
          fragments.append(.text(shown))
        }
      }
    }
    return Message(fragments)
  }

  static func shown(_ value: Value) -> String {
    switch value {
    case .string(let text): text
    case .int(let number): "\(number)"
    case .uint(let number): "\(number)"
    case .double(let number): "\(number)"
    case .bool(let bool): "\(bool)"
    case .list(let list): shown(list)
    case .optional(let wrapped?): shown(wrapped)
    case .optional(nil), .null: "nothing"
    case .unknown: "(unknown)"
    default: "?"
    }
  }

  /// The elements of a list that are surely in it; those that may be, where no others are.
  private static func shown(_ list: ListValue) -> String {
    let certain = list.elements.filter { $0.membership == nil }
    return (certain.isEmpty ? list.elements : certain).map { shown($0.value) }.joined(separator: ", ")
  }

  // MARK: Steps

  /// The path from the subject to the place: each element, how the one before leads to it, and what was read of the
  /// last.
  private func steps(_ bindings: [Binding], _ reads: EstateReader.Reads, end: Location) -> [Step] {
    struct Draft: Hashable {
      let text: String
      let location: Location
    }
    var seen: Set<Draft> = []
    var drafts: [(draft: Draft, nesting: Int)] = []
    func add(_ text: String, _ location: Location, _ nesting: Int) {
      let draft = Draft(text: text, location: location)
      if seen.insert(draft).inserted { drafts.append((draft, nesting)) }
    }
    var from: ObjectValue?
    var trail: [EstateReader.Reads] = []
    for (level, binding) in bindings.enumerated() {
      trail.append(binding.reads)
      guard case .object(let to) = binding.value else { continue }
      if let from {
        for hop in ReadPath.from(from, to: to, trail.flatMap(\.all)) { describe(hop, level, add) }
      }
      if let location = reader.location(of: binding.value, members: []) {
        add(capitalized(reader.label(of: binding.value)), location, level)
      }
      (from, trail) = (to, [])
    }
    for read in reads.all where read.isWritten && !read.object.isGlobal && !Self.names.contains(read.member) {
      describe(read, bindings.count, add)
    }
    return drafts.enumerated().map { index, entry in
      Step(
        entry.draft.text, at: entry.draft.location, nesting: entry.nesting,
        isEssential: index == 0 || index == drafts.count - 1)
    }
  }

  /// Members that only say what an object is called, which every step says anyway.
  private static let names: Set<String> = [
    "logicalId", "resourceType", "stackName", "name", "schema", "qualifiedName",
  ]

  private func describe(
    _ read: EstateReader.Read, _ nesting: Int, _ add: (String, Location, Int) -> Void
  ) {
    guard let origin = read.origin ?? reader.place(of: .object(read.object), members: [read.member]) else { return }
    let location = Location(
      origin.span, path: origin.path, kind: origin.kind.rawValue,
      constructPath: reader.constructPath(of: .object(read.object)))
    guard let what = outcome(read) else { return }
    add("\(read.member) of \(reader.label(of: .object(read.object))) \(what)", location, nesting)
    for hop in read.hops {
      add(
        hop.text, Location(hop.origin.span, path: hop.origin.path, kind: hop.origin.kind.rawValue), nesting + 1)
    }
  }

  private func outcome(_ read: EstateReader.Read) -> String? {
    switch read.reading.presence {
    case .no: return "is not set"
    case .unknown: return "cannot be told"
    case .yes: break
    }
    var isDefault = false
    if read.origin == nil {
      switch estate.model.member(read.member, of: read.object.typeName)?.source {
      case .property, .attribute: isDefault = true
      default: break
      }
    }
    switch read.reading.value {
    case .object: return "is \(reader.label(of: read.reading.value))"
    case .string(let text):
      return isDefault ? "is not set; the default is '\(text)'" : "is '\(Self.excerpt(text))'"
    case .bool, .int, .double:
      let shown = Self.shown(read.reading.value)
      return isDefault ? "is not set; the default is \(shown)" : "is \(shown)"
    case .unknown(let unknown):
      // The id of another resource: what it is of can be said, though not its value.
      let reason = unknown.reasons.first { $0.kind == .deployment && $0.text.hasPrefix(read.member + " ") }
      return reason.map { String($0.text.dropFirst(read.member.count + 1)) } ?? "cannot be told"
    case .list(let list) where list.elements.isEmpty: return "is empty"
    case .list(let list):
      let known = list.elements.filter { element in
        if case .unknown = element.value { false } else { true }
      }
      if known.isEmpty { return "cannot be told" }
      let names = known.prefix(6).map { element -> String in
        switch element.value {
        case .object: reader.label(of: element.value)
        default: Self.excerpt(Self.shown(element.value))
        }
      }
      let more = known.count > 6 ? ", …" : known.count < list.elements.count ? ", and more that cannot be told" : ""
      return "has \(names.joined(separator: ", "))" + more
    default: return nil
    }
  }

  /// The beginning of a text of several lines, such as the code of a function; any other as it is.
  private static func excerpt(_ text: String) -> String {
    guard text.utf8.contains(0x0A) else { return text }
    let first = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    return String(first.prefix(60)) + " …"
  }

  private func assumptions(_ bindings: [Binding], _ reads: EstateReader.Reads) -> [String] {
    var texts: [String] = []
    for reads in bindings.map(\.reads) + [reads] {
      for text in reads.assumptions where !texts.contains(text) { texts.append(text) }
    }
    return texts
  }

  /// A title as a part of a sentence: without its capital, unless that is an abbreviation's.
  private func clause(_ title: String) -> String {
    let second = title.dropFirst().first
    return second?.isLowercase == true ? title.prefix(1).lowercased() + title.dropFirst() : title
  }

  private func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

  // MARK: Fixes

  private func fixes(_ obligation: Rule.Obligation, _ scope: Scope) -> [Fix] {
    guard let template = obligation.fix else { return [] }
    if let condition = template.condition {
      guard case .bool(true) = condition.expression.evaluate(scope.values, host: reader) else { return [] }
    }
    switch template.change {
    case .set(let place, let replacement):
      guard let value = scope.value(place.variable), let member = place.members.last,
        let text = filled(replacement, scope)
      else { return [] }
      let description = "Set \(member) to \(text)."
      // Where the value to change is written literally at its own place, or is not written at all.
      if let span = reader.literalSpan(of: value, members: place.members) {
        let edit = TextEdit(span, reader.format(of: span.file).scalar(text))
        return [Fix(description, edits: [edit], safety: template.safety)]
      }
      guard let edit = reader.addition(of: text, to: value, members: place.members) else { return [] }
      let target = "\(edit.span.file.rawValue):\(edit.span.lower)/\(member)"
      return [Fix(description, edits: [edit], safety: template.safety, target: target)]
    case .append(let statement, let place):
      guard let value = scope.value(place.variable), let end = reader.scriptEnd(of: value, members: place.members),
        let sql = filled(statement, scope)
      else { return [] }
      return [
        Fix("Add \(sql).", edits: [TextEdit(end.span, end.lead + sql + ";\n")], safety: template.safety)
      ]
    }
  }

  /// A text with its holes filled in; nil where any of them is not known.
  private func filled(_ template: MessageTemplate, _ scope: Scope) -> String? {
    var text = ""
    for part in template.parts {
      switch part {
      case .text(let literal): text += literal
      case .hole(let expression, _):
        guard case .string(let value) = expression.evaluate(scope.values, host: reader) else { return nil }
        text += value
      }
    }
    return text
  }
}

extension EstateReader {
  /// The place of a path as reports show it.
  func location(of value: Value, members: [String]) -> Location? {
    place(of: value, members: members).map {
      Location($0.span, path: $0.path, kind: $0.kind.rawValue, constructPath: constructPath(of: value))
    }
  }
}

extension MemberReading {
  fileprivate var isUnknown: Bool {
    if case .unknown = presence { return true }
    return value.deepUnknown != nil
  }
}

extension ObjectValue {
  /// The project itself, which stands nowhere.
  fileprivate var isGlobal: Bool { typeName == "Estate" || typeName == "Resources" }
}

/// The chain of reads that leads from one object to another.
enum ReadPath {
  /// The reads along the shortest way, in order; empty where what was read shows none.
  static func from(_ start: ObjectValue, to goal: ObjectValue, _ reads: [EstateReader.Read]) -> [EstateReader.Read] {
    var edges: [ObjectValue: [(read: EstateReader.Read, target: ObjectValue)]] = [:]
    for read in reads where read.isWritten {
      for target in read.reading.value.objects { edges[read.object, default: []].append((read, target)) }
    }
    var cameFrom: [ObjectValue: EstateReader.Read] = [:]
    var queue = [start]
    var next = 0
    while next < queue.count, cameFrom[goal] == nil {
      let object = queue[next]
      next += 1
      for edge in edges[object] ?? [] where edge.target != start && cameFrom[edge.target] == nil {
        cameFrom[edge.target] = edge.read
        queue.append(edge.target)
      }
    }
    var path: [EstateReader.Read] = []
    var at = goal
    while at != start, let read = cameFrom[at], path.count < 16 {
      path.insert(read, at: 0)
      at = read.object
    }
    return at == start ? path : []
  }
}

extension Value {
  /// The objects in a value.
  fileprivate var objects: [ObjectValue] {
    switch self {
    case .object(let object): [object]
    case .list(let list): list.elements.flatMap { $0.value.objects }
    case .optional(let wrapped?): wrapped.objects
    default: []
    }
  }
}
