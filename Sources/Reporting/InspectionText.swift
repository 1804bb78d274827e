import Findings
import SourceText

/// An inspection for people at a terminal: each value, where it is written, and how it came about.
package struct InspectionText {
  private let sources: SourceMap
  private var canvas: TextCanvas
  /// The file of the stack that is being shown: places in it need no path.
  private var file: FileID?

  /// The inspection's text; diagnostics are told apart, by ``TextReport``.
  package static func render(_ inspection: Inspection, options: RenderingOptions = RenderingOptions()) -> String {
    var text = InspectionText(
      sources: SourceMap(inspection.files, citing: Set(inspection.files.map(\.id))),
      canvas: TextCanvas(color: options.color, width: options.width))
    for stack in inspection.stacks { text.write(stack) }
    if !inspection.more.isEmpty {
      text.canvas.leaveBlankLine()
      text.canvas.write("There may be more resources:")
      text.canvas.endLine()
      for reason in inspection.more { text.write(reason, indent: 2) }
    }
    if !inspection.passedOver.isEmpty {
      text.canvas.leaveBlankLine()
      text.canvas.write("Passed over:")
      text.canvas.endLine()
      for file in inspection.passedOver { text.canvas.paragraph("\(file.path): \(file.reason)", indent: 2, .dim) }
    }
    return text.canvas.text
  }

  // MARK: Stacks and resources

  private mutating func write(_ stack: InspectedStack) {
    file = stack.file
    canvas.leaveBlankLine()
    canvas.write("Stack '\(stack.name)'", .strong)
    canvas.write(stack.isNameKnown ? ", " : " (named after its file), ")
    canvas.write(sources.path(stack.file), .place)
    canvas.endLine()
    var facts: [String] = []
    if let account = stack.account { facts.append("account \(account)") }
    if let region = stack.region { facts.append("region \(region)") }
    if let parent = stack.parent { facts.append("nested by \(parent)") }
    let tags = stack.tags.map { "\($0.key)=\($0.value)" }
    if !tags.isEmpty { facts.append("tags " + tags.joined(separator: ", ")) }
    for fact in facts { canvas.paragraph(fact, indent: 2, .dim) }
    section("Parameters", stack.parameters)
    section("Conditions", stack.conditions)
    for resource in stack.resources { write(resource) }
    section("Outputs", stack.outputs)
  }

  private mutating func section(_ title: String, _ fields: [InspectedField]) {
    guard !fields.isEmpty else { return }
    canvas.leaveBlankLine()
    canvas.write("  \(title)", .strong)
    canvas.endLine()
    for field in fields { write(field, indent: 4) }
  }

  private mutating func write(_ resource: InspectedResource) {
    canvas.leaveBlankLine()
    canvas.write("  \(resource.logicalID)", .strong)
    canvas.write(" \(resource.type)")
    place(resource.location.span)
    canvas.endLine()
    if let path = resource.location.constructPath { canvas.paragraph("construct \(path)", indent: 4, .dim) }
    if let source = resource.source { canvas.paragraph("made at \(sources.place(source.span))", indent: 4, .dim) }
    if let existence = resource.existence { write(existence, indent: 4) }
    for field in resource.properties { write(field, indent: 4) }
    for reason in resource.more { line("and maybe more: ", reason, indent: 4) }
    for field in resource.attributes { write(field, indent: 4) }
  }

  // MARK: Values

  private mutating func write(_ field: InspectedField, indent: Int) {
    if field.cases.count == 1, let only = field.cases.first, only.scenarios.isEmpty, !field.isCut {
      write(field.name + ":", only.value, indent: indent)
      return
    }
    line("\(field.name):", indent: indent)
    canvas.endLine()
    for item in field.cases {
      let scenarios = item.scenarios.map { $0.joined(separator: " and ") }.joined(separator: ", or ")
      write(scenarios.isEmpty ? "always:" : "when \(scenarios):", item.value, indent: indent + 2)
    }
    if field.isCut {
      line("(and in further scenarios)", indent: indent + 2)
      canvas.endLine()
    }
    if field.cases.isEmpty {
      line("(in no scenario)", indent: indent + 2)
      canvas.endLine()
    }
  }

  /// A value behind its label; collections go on below it.
  private mutating func write(_ label: String, _ value: InspectedValue, indent: Int, doubts: [UnknownReason] = []) {
    // `- Key: Name`: a mapping in a list starts on the line of its dash.
    if label.hasSuffix("-"), value.hops.isEmpty, doubts.isEmpty, case .map(let entries, let more) = value.content,
      let first = entries.first, first.doubts.isEmpty
    {
      write("\(label) \(first.key):", first.value, indent: indent)
      for entry in entries.dropFirst() { write("\(entry.key):", entry.value, indent: indent + 2, doubts: entry.doubts) }
      for reason in more { line("and maybe more: ", reason, indent: indent + 2) }
      return
    }
    let text: String? =
      switch value.content {
      case .absent: "(absent)"
      case .scalar(let text): InspectionText.shown(text)
      case .expression(let text): text
      case .unknown: "unknown"
      case .list(let elements, let more): elements.isEmpty && more.isEmpty ? "[]" : nil
      case .map(let entries, let more): entries.isEmpty && more.isEmpty ? "{}" : nil
      }
    line(label + (text.map { " " + $0 } ?? ""), indent: indent)
    if let location = value.location { place(location.span) }
    canvas.endLine()
    // Below the dash of a list stands its element, one step further in.
    let indent = label.hasPrefix("- ") ? indent + 2 : indent
    for reason in doubts { line("may not be there: ", reason, indent: indent + 2) }
    for hop in value.hops { write(hop, indent: indent + 2) }
    switch value.content {
    case .absent, .scalar, .expression: break
    case .unknown(let reasons): for reason in reasons { write(reason, indent: indent + 2) }
    case .list(let elements, let more):
      for element in elements { write("-", element.value, indent: indent + 2, doubts: element.doubts) }
      for reason in more { line("- and maybe more: ", reason, indent: indent + 2) }
    case .map(let entries, let more):
      for entry in entries { write("\(entry.key):", entry.value, indent: indent + 2, doubts: entry.doubts) }
      for reason in more { line("and maybe more: ", reason, indent: indent + 2) }
    }
  }

  /// A text as it is, but for its further lines.
  private static func shown(_ text: String) -> String {
    if text.isEmpty { return "''" }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count > 1, let first = lines.first(where: { !$0.isEmpty }) else {
      return text.first == " " || text.last == " " ? "'\(text)'" : text
    }
    return "\(first) … (\(lines.count) lines)"
  }

  private mutating func write(_ hop: InspectedValue.Hop, indent: Int) {
    line("← \(hop.text)\(hop.isAssumption ? " (assumed)" : "")", indent: indent)
    place(hop.location.span)
    canvas.endLine()
  }

  private mutating func write(_ reason: UnknownReason, indent: Int) { line("? ", reason, indent: indent) }

  private mutating func line(_ label: String, _ reason: UnknownReason, indent: Int) {
    line(label + reason.text + (reason.cure.map { ": \($0)" } ?? ""), indent: indent)
    if let span = reason.location { place(span) }
    canvas.endLine()
  }

  private mutating func line(_ text: String, indent: Int) {
    canvas.write(String(repeating: " ", count: indent) + text)
  }

  /// Where something stands, in brackets behind it.
  private mutating func place(_ span: Span) {
    var text = sources.place(span)
    if span.file == file, let start = sources.positions(span)?.start { text = "\(start.line):\(start.column)" }
    canvas.write("  (\(text))", .dim)
  }
}
