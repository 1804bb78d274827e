import CloudFormation
import Findings
import SourceText
import SystemPackage

/// Where the constructs of an app are made: the lines of its own code that the assembly's metadata names.
struct ConstructSources {
  private var constructs: [String: (construct: CloudAssembly.Construct, app: FilePath)] = [:]

  /// True where no assembly recorded any calls.
  var isEmpty: Bool { constructs.isEmpty }

  /// Takes in the constructs of a stack, by their paths; the folder is the app's, where its assembly stands.
  mutating func add(_ found: [String: CloudAssembly.Construct], app: FilePath) {
    for (path, construct) in found where !(construct.trace.isEmpty && construct.assignments.isEmpty) {
      constructs[path] = (construct, app)
    }
  }

  /// The line that makes what stands at a place of a template; nil where none is known.
  func place(of location: Location, in files: inout FileStore) -> Location? {
    guard let path = location.constructPath, let (construct, app) = constructs[path] else { return nil }
    // `Resources/Key/Properties/Tags/0`
    let steps = location.path.split(separator: "/")
    let property = steps.count > 3 && steps[2] == "Properties" ? construct.assignments[String(steps[3])] : nil
    for calls in [property, construct.trace] {
      for call in calls ?? [] {
        guard let frame = Frame(call), let span = span(of: frame, app: app, in: &files) else { continue }
        return Location(span, path: location.path, kind: location.kind, constructPath: path)
      }
    }
    return nil
  }

  /// The rest of the line from where the call stands.
  private func span(of frame: Frame, app: FilePath, in files: inout FileStore) -> Span? {
    guard let file = file(of: frame, app: app, in: &files) else { return nil }
    let lines = file.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.indices.contains(frame.line - 1) else { return nil }
    let line = lines[frame.line - 1]
    var start = line.startIndex
    // Columns of JavaScript are UTF-16 units.
    var units = frame.column - 1
    while units > 0, start < line.endIndex {
      if line[start] & 0xC0 != 0x80 { units -= line[start] >= 0xF0 ? 2 : 1 }
      start += 1
      while start < line.endIndex, line[start] & 0xC0 == 0x80 { start += 1 }
    }
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D }
    while start < line.endIndex, isSpace(line[start]) { start += 1 }
    var end = line.endIndex
    while end > start, isSpace(line[end - 1]) { end -= 1 }
    guard start < end else { return nil }
    return Span(file.id, start..<end)
  }

  /// The file of a call: below the project's root; where the app was synthesized elsewhere (in a pipeline), the file
  /// that stands at the same place below the app's folder.
  private func file(of frame: Frame, app: FilePath, in files: inout FileStore) -> SourceFile? {
    let path = FilePath(frame.path)
    let components = Array(path.components)
    guard !components.contains(where: { $0.string == "node_modules" || $0.string == ".." }) else { return nil }
    if path.isAbsolute, path.starts(with: app) { return read(path, in: &files) }
    for dropped in components.indices.prefix(path.isAbsolute ? 32 : 1) {
      let candidate = app.appending(components[dropped...])
      if FileSystem.status(candidate)?.type == .file { return read(candidate, in: &files) }
    }
    return nil
  }

  private func read(_ path: FilePath, in files: inout FileStore) -> SourceFile? {
    guard path.starts(with: files.root) else { return nil }
    return try? files.read(path)
  }

  /// `new DataStack (lib/data-stack.js:22:17)`: one call of a trace.
  private struct Frame {
    let path: String
    /// From 1.
    let line: Int
    /// From 1.
    let column: Int

    /// Reads a call; nil for `...new Key in aws-cdk-lib...`, `...node internals...` and anything else.
    init?(_ text: String) {
      var place = text[...]
      if text.hasSuffix(")"), let open = text.lastIndex(of: "(") {
        place = text[text.index(after: open)...].dropLast()
      } else {
        place = place.drop { $0 == " " }
        if place.hasPrefix("at ") { place = place.dropFirst(3) }
      }
      let parts = place.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count >= 3, let column = Int(parts[parts.count - 1]), let line = Int(parts[parts.count - 2]),
        line > 0, column > 0
      else { return nil }
      var path = parts.dropLast(2).joined(separator: ":")
      if path.hasPrefix("file://") { path = String(path.dropFirst(7)) }
      guard !path.isEmpty, !path.hasPrefix("node:") else { return nil }
      (self.path, self.line, self.column) = (path, line, column)
    }
  }
}

extension Linter {
  /// Shows findings where the user can mend them: at the line of the app that made the construct, with the place in
  /// the template beside it.
  mutating func showSources(_ findings: inout [Finding], in files: inout FileStore) {
    guard !sources.isEmpty else { return }
    for index in findings.indices {
      let template = findings[index].primary
      guard let place = sources.place(of: template, in: &files) else { continue }
      findings[index].primary = place
      let id = (findings[index].related.map(\.id).max() ?? 0) + 1
      findings[index].related.append(
        RelatedLocation(id: id, message: "The template that the construct makes.", location: template))
    }
    findings.sort(by: Finding.precedes)
  }
}
