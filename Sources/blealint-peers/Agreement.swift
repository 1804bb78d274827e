import CloudFormation
import Documents
import Estate
import Findings
import Foundation
import PostgresSchema
import Project
import Rules
import SourceText

/// Compares verdicts and prints what comes of it.
struct Agreement {
  let cases: [Case]
  let controls: [Control]
  let settled: [Settlement]

  /// How one verdict compares.
  private enum Comparison {
    case agrees
    /// Agrees once the resource is read as an Aurora PostgreSQL cluster.
    case agreesTransposed
    /// Our rules do not speak of such resources.
    case otherSubject(String)
    /// The template itself cannot be read, and we say so.
    case unreadable(String)
    case differs(ours: String, says: String)
  }

  private struct Row {
    var agree = 0
    var transposed = 0
    var other = 0
    var unreadable = 0
    var ours = 0
    var peer = 0
    var both = 0
    var open = 0
  }

  /// Judges all cases of the controls we cover.
  ///
  /// - Parameters:
  ///   - folder: where the templates are.
  ///   - showingAll: whether every case is listed, not only what differs.
  /// - Returns: whether every disagreement is settled.
  func report(in folder: URL, showingAll: Bool) -> Bool {
    var rows: [(name: String, row: Row)] = []
    var lines: [String] = []
    var used = Set<Int>()
    for control in controls {
      let mine = cases.filter {
        $0.control == control.name && (control.check == nil || control.check == $0.check)
      }
      guard !mine.isEmpty else { continue }
      var options = RuleLibrary.Options()
      options.settings = [control.rule: control.settings]
      let library = RuleLibrary.load(options)
      guard let rule = library.rules.rule(control.rule), library.diagnostics.isEmpty else {
        lines.append("\(control.name): rule '\(control.rule)' cannot be used: \(library.diagnostics.map(\.message))")
        continue
      }
      var row = Row()
      for item in mine {
        let subject = "\(item.file)\(item.resource.map { " (\($0))" } ?? "")"
        let comparison = compare(item, control, rule, library.rules, in: folder)
        if showingAll { lines.append("\(control.name): \(subject): \(item.expected): \(comparison)") }
        switch comparison {
        case .agrees: row.agree += 1
        case .agreesTransposed: row.transposed += 1
        case .otherSubject: row.other += 1
        case .unreadable(let why):
          row.unreadable += 1
          lines.append("\(control.name): \(subject): the peer says \(item.expected), we refuse it: \(why)")
        case .differs(let ours, let says):
          let settlement = settled.indices.first { settled[$0].covers(item, ours: ours) }
          guard let settlement else {
            row.open += 1
            lines.append(
              "\(control.name): \(subject): NOT SETTLED: \(item.peer) says \(item.expected), we say \(ours). \(says)")
            continue
          }
          used.insert(settlement)
          let reason = settled[settlement]
          switch reason.right {
          case "peer": row.peer += 1
          case "both": row.both += 1
          default: row.ours += 1
          }
          lines.append(
            "\(control.name): \(subject): \(item.peer) says \(item.expected), we say \(ours); right is "
              + "\(reason.right): \(reason.why)")
        }
      }
      let peers = Set(mine.map(\.peer)).sorted().joined(separator: ", ")
      rows.append(("\(control.name) (\(control.check ?? peers)): \(rule.name)", row))
    }
    print(lines.joined(separator: "\n"))
    printTable(rows)
    let stale = settled.indices.filter { !used.contains($0) }
    for index in stale {
      print("settled, but no disagreement any more: \(settled[index].control) \(settled[index].file)")
    }
    return stale.isEmpty && rows.allSatisfy { $0.row.open + $0.row.peer == 0 }
  }

  private func printTable(_ rows: [(name: String, row: Row)]) {
    let heading = ["agree", "as Aurora", "not ours", "refused", "we right", "both right", "peer right", "open"]
    let width = rows.map(\.name.count).max() ?? 0
    func line(_ name: String, _ cells: [String]) -> String {
      name + String(repeating: " ", count: width - name.count)
        + zip(heading, cells).map { "  " + String(repeating: " ", count: max(0, $0.count - $1.count)) + $1 }.joined()
    }
    func cells(_ row: Row) -> [String] {
      [row.agree, row.transposed, row.other, row.unreadable, row.ours, row.both, row.peer, row.open].map(String.init)
    }
    print("\n" + line("", heading))
    var sum = Row()
    for (name, row) in rows {
      print(line(name, cells(row)))
      sum.agree += row.agree
      sum.transposed += row.transposed
      sum.other += row.other
      sum.unreadable += row.unreadable
      sum.ours += row.ours
      sum.both += row.both
      sum.peer += row.peer
      sum.open += row.open
    }
    print(line("", cells(sum)))
  }

  private func compare(_ item: Case, _ control: Control, _ rule: Rule, _ rules: RuleSet, in folder: URL) -> Comparison {
    let url = folder.appending(path: item.file)
    guard let data = try? Data(contentsOf: url) else { return .unreadable("the file cannot be read") }
    let format: DocumentFormat = url.pathExtension == "json" ? .json : .yaml
    let first = compare(item, rule, rules, SourceFile(id: FileID(0), path: item.file, bytes: Array(data)), as: format)
    guard case .otherSubject = first, !control.alike.isEmpty,
      let transposed = transposed(Array(data), as: format, control.alike)
    else { return first }
    let source = SourceFile(id: FileID(0), path: item.file, bytes: transposed)
    let second = compare(item, rule, rules, source, as: format)
    if case .agrees = second { return .agreesTransposed }
    return second
  }

  /// The template with other databases made Aurora PostgreSQL clusters; nil when there are none.
  private func transposed(_ bytes: [UInt8], as format: DocumentFormat, _ types: [String]) -> [UInt8]? {
    let source = SourceFile(id: FileID(0), path: "", bytes: bytes)
    guard let root = Document.read(source, as: format).documents.first?.root else { return nil }
    var edits: [(Range<Int>, String)] = []
    for entry in root["Resources"]?.entries.map({ $0 }) ?? [] {
      // An instance of a cluster takes these settings from its cluster.
      guard let type = entry.value["Type"], types.contains(type.text),
        entry.value["Properties"]?["DBClusterIdentifier"] == nil
          || type.text != "AWS::RDS::DBInstance"
      else { continue }
      edits.append((type.span.range, "\"AWS::RDS::DBCluster\""))
      if let engine = entry.value["Properties"]?["Engine"] {
        edits.append((engine.span.range, "\"aurora-postgresql\""))
      } else if let properties = entry.value["Properties"], let first = properties.entries.first {
        let indent = properties.span.lower - (bytes[..<properties.span.lower].lastIndex(of: 0x0A) ?? -1) - 1
        let text =
          format == .json || bytes[properties.span.lower] == UInt8(ascii: "{")
          ? "\"Engine\": \"aurora-postgresql\", "
          : "Engine: aurora-postgresql\n" + String(repeating: " ", count: indent)
        edits.append((first.span.lower..<first.span.lower, text))
      }
    }
    guard !edits.isEmpty else { return nil }
    var changed = bytes
    for (range, text) in edits.sorted(by: { $0.0.lowerBound > $1.0.lowerBound }) {
      changed.replaceSubrange(range, with: Array(text.utf8))
    }
    return changed
  }

  private func compare(
    _ item: Case, _ rule: Rule, _ rules: RuleSet, _ source: SourceFile, as format: DocumentFormat
  ) -> Comparison {
    let reading = Document.read(source, as: format)
    let inputs = reading.documents.filter { $0.root != nil && Template.refusal(of: $0) == nil }.map {
      TemplateInput(
        document: $0, stackName: "Peer", isStackNameKnown: false, tags: [:], tagsKnown: false, parameters: [:])
    }
    guard !inputs.isEmpty else {
      // No template: there is nothing to judge, which is what the peer's skip says.
      return item.expected == "skip"
        ? .agrees : .unreadable(reading.diagnostics.first?.message ?? "it is no template")
    }
    let (deployment, linking) = Deployment.link(inputs)
    let mistakes = (reading.diagnostics + linking).filter { $0.severity == .error }
    let estate = Estate(
      rules.model, deployment: deployment, catalogue: Catalogue.replay([]).0, hasSchema: false)
    let verdicts = rules.verdicts(on: estate, of: [rule])
    var judgements = verdicts.judgements.filter { $0.location != nil }
    if let resource = item.resource {
      // A rule that walks from a cluster to what it uses judges the cluster, not the resource the peer names.
      let own = judgements.filter { $0.subject.hasSuffix("'\(resource)'") }
      let related = verdicts.findings.filter { finding in
        ([finding.primary] + finding.related.map(\.location)).contains { names(resource, $0.path) }
      }
      if !own.isEmpty {
        judgements = own
      } else if related.isEmpty {
        judgements = []
      }
    }
    let kinds = subjects(of: item, deployment)
    let ours = ExampleVerifier.overall(judgements.map(\.verdict))
    let expected: Verdict = item.expected == "skip" ? .notApplicable : item.expected == "fail" ? .fail : .pass
    if ours == expected { return .agrees }
    // The whole template passes for the peer when nothing in it is the check's subject.
    if ours == .notApplicable, item.expected == "pass", item.resource == nil, kinds.isEmpty { return .agrees }
    if ours == .notApplicable, mistakes.isEmpty {
      return .otherSubject(kinds.isEmpty ? "no resource of the database" : kinds.joined(separator: ", "))
    }
    if ours == .notApplicable, let mistake = mistakes.first { return .unreadable(mistake.message) }
    let finding = verdicts.findings.first { $0.verdict == ours }
    return .differs(ours: ours.rawValue, says: finding?.message.plain ?? "")
  }

  private func names(_ resource: String, _ path: String) -> Bool {
    path.split(separator: "/").dropFirst().first.map { $0 == resource } ?? false
  }

  /// What a case is about, of the resources of databases: type and engine.
  private func subjects(of item: Case, _ deployment: Deployment) -> [String] {
    var kinds: [String] = []
    let resolver = Resolver(deployment, scenario: .none)
    for resource in deployment.resources where item.resource == nil || item.resource == resource.logicalID {
      guard resource.type.hasPrefix("AWS::RDS::") || resource.type == "AWS::KMS::Key" else { continue }
      let engine = resolver.property("Engine", of: resource.id)
      let kind = resource.type + (engine.text.map { " (\($0))" } ?? "")
      if !kinds.contains(kind) { kinds.append(kind) }
    }
    return kinds
  }
}
