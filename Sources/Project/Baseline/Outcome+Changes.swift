import CloudFormation
import Findings
import PostgresSchema
import SourceText

extension Outcome {
  /// Sets aside what a change does not touch: neither the place of the finding, nor a related one, nor a step of the
  /// reasoning. A finding that stands at the name of a resource or a database object, since what it misses is written
  /// nowhere, is touched by any change to that resource or statement.
  mutating func keepTouched(by changes: ChangeSet, _ readings: [ProjectReading], in files: FileStore) {
    var changed: [FileID: [ChangeSet.Place]] = [:]
    for source in files.all { changed[source.id] = changes.places(in: source) }
    let extents = Extents(readings, in: Set(changed.keys))
    func isTouched(_ span: Span) -> Bool { changed[span.file]?.contains { $0.touches(span) } ?? false }
    func isConcerned(_ whole: Span) -> Bool { changed[whole.file]?.contains { $0.concerns(whole) } ?? false }
    let touched = findings.map { finding in
      let places = [finding.primary] + finding.related.map(\.location) + finding.steps.map(\.location)
      return places.contains { isTouched($0.span) } || extents.whole(finding.primary).map(isConcerned) == true
    }
    setAside += zip(findings, touched).filter { !$0.1 }.map { SetAsideFinding($0.0, .untouched) }
    findings = zip(findings, touched).filter(\.1).map(\.0)
    sort()
  }
}

/// How far resources and statements reach, in the files that changed.
private struct Extents {
  private var resources: [FileID: [String: Span]] = [:]
  private var statements: [FileID: [Span]] = [:]

  init(_ readings: [ProjectReading], in changed: Set<FileID>) {
    for reading in readings {
      for stack in reading.deployment.stacks where changed.contains(stack.template.document.file) {
        guard let entries = stack.template.document.root?["Resources"]?.entries else { continue }
        for entry in entries { resources[stack.template.document.file, default: [:]][entry.key.text] = entry.span }
      }
      for source in reading.schema.replayed where changed.contains(source.text.file) {
        statements[source.text.file, default: []] += StatementSplitter.split(source.text).map {
          source.text.span($0.range)
        }
      }
    }
    for file in statements.keys { statements[file]?.sort() }
  }

  /// All of what a place names; nil for a place that stands for itself.
  func whole(_ place: Location) -> Span? {
    let steps = place.path.split(separator: "/")
    if steps.count == 2, steps[0] == "Resources" { return resources[place.span.file]?[String(steps[1])] }
    guard steps.count == 1, place.kind != "column" else { return nil }
    return statements[place.span.file]?.last { $0.lower <= place.span.lower && place.span.upper <= $0.upper }
  }
}
