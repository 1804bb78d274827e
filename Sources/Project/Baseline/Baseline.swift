import Documents
import Findings
import SourceText
import SystemPackage

/// Findings that are known already, as `blealint baseline` or any SARIF report of blealint's holds them.
package struct Baseline: Sendable {
  /// As it was given.
  package let path: String
  let known: [Known]

  /// One finding of a baseline.
  struct Known: Sendable {
    let rule: String
    let fingerprint: String
    let message: String
    let path: String
    let logicalPath: String
  }

  /// Where a baseline is written when nothing says where: in the project's folder.
  package static func standardPath(for paths: [String], from folder: FilePath? = nil) -> String {
    let here = folder ?? FileSystem.currentDirectory()
    return ProjectRoot.find(paths, from: here).directory.appending(".blealint-baseline.sarif").shown(from: here)
  }

  /// Reads a SARIF file.
  ///
  /// - Returns: the baseline, or what is wrong with the file.
  package static func load(_ path: String, from folder: FilePath? = nil) -> Result<Baseline, Refusal> {
    let absolute = FilePath(path).absolute(from: folder ?? FileSystem.currentDirectory())
    do throws(FileError) {
      let bytes = try FileStore.bytes(of: absolute, limit: FileStore.standardLimit, shown: path)
      return read(SourceFile(id: FileID(-3), path: path, bytes: bytes))
    } catch {
      return .failure(Refusal(diagnostic: error.diagnostic))
    }
  }

  /// Why a file is no baseline.
  package struct Refusal: Error, Sendable {
    package let diagnostic: Diagnostic
  }

  /// Reads SARIF. Results without our fingerprint are another tool's.
  static func read(_ source: SourceFile) -> Result<Baseline, Refusal> {
    func refusal(_ message: String) -> Result<Baseline, Refusal> {
      .failure(
        Refusal(
          diagnostic: Diagnostic(
            "no-baseline", .error, message, cure: "Write one with: blealint baseline -o \(source.path)",
            path: source.path)))
    }
    let reading = Document.read(source, as: .json)
    if let error = reading.diagnostics.first(where: { $0.severity == .error }) {
      return refusal("'\(source.path)' cannot be read as a baseline: \(error.message)")
    }
    guard let root = reading.documents.first?.root, let runs = root["runs"], runs.kind == .sequence else {
      return refusal("'\(source.path)' is no SARIF.")
    }
    let ours = runs.items.filter { $0["tool"]?["driver"]?["name"]?.text == "blealint" }
    guard !ours.isEmpty else { return refusal("'\(source.path)' holds no run of blealint's.") }
    var known: [Known] = []
    for result in ours.flatMap({ run in run["results"].map { Array($0.items) } ?? [] }) {
      // Fixed before, or accepted by an exception: neither is known as open.
      if result["baselineState"]?.text == "absent" { continue }
      if let suppressions = result["suppressions"], !suppressions.items.isEmpty { continue }
      guard let rule = result["ruleId"]?.text,
        let fingerprint = result["partialFingerprints"]?[SubjectFingerprint.name]?.text
      else { continue }
      let location = result["locations"]?.items.first
      known.append(
        Known(
          rule: rule, fingerprint: fingerprint, message: result["message"]?["text"]?.text ?? "",
          path: location?["physicalLocation"]?["artifactLocation"]?["uri"].map { Self.decoded($0.text) } ?? "",
          logicalPath: location?["logicalLocations"]?.items.first?["fullyQualifiedName"]?.text ?? ""))
    }
    return .success(Baseline(path: source.path, known: known))
  }

  /// A URI reference's path without its percent signs.
  private static func decoded(_ uri: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(uri.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Outcome {
  /// Sets aside what a baseline has already, and notes what it has and the project has not.
  ///
  /// Findings are matched by their fingerprints, which code keeps when it is moved or reformatted. Where several have
  /// one, as the same resource of several stacks does, each entry of the baseline covers one finding: that of its own
  /// file first, then one that says the same, then any.
  /// Only entries that this run judges and shows (`isJudged`) can be gone.
  mutating func compare(
    with baseline: Baseline, project: String, paths: [FileID: String], isJudged: (Baseline.Known) -> Bool
  ) {
    var unmatched: [String: [Int]] = [:]
    for (index, known) in baseline.known.enumerated() { unmatched[known.fingerprint, default: []].append(index) }
    var groups: [String: [Int]] = [:]
    for (index, finding) in findings.enumerated() {
      groups[SubjectFingerprint.of(finding, inProject: project), default: []].append(index)
    }
    var matched: Set<Int> = []
    for (fingerprint, indices) in groups {
      guard var entries = unmatched[fingerprint] else { continue }
      for agreement in Agreement.allCases {
        var byKey: [[String]: [Int]] = [:]
        for entry in entries.reversed() {
          let known = baseline.known[entry]
          byKey[agreement.key(path: known.path, message: known.message), default: []].append(entry)
        }
        for index in indices where !matched.contains(index) {
          let finding = findings[index]
          let key = agreement.key(path: paths[finding.primary.span.file] ?? "", message: finding.message.plain)
          if byKey[key]?.popLast() != nil { matched.insert(index) }
        }
        entries = byKey.values.joined().sorted()
      }
      unmatched[fingerprint] = entries
    }
    // What an exception accepts by now is not gone.
    for aside in setAside {
      let fingerprint = SubjectFingerprint.of(aside.finding, inProject: project)
      if let entries = unmatched[fingerprint], !entries.isEmpty { unmatched[fingerprint] = Array(entries.dropFirst()) }
    }
    setAside += findings.indices.filter(matched.contains).map { SetAsideFinding(findings[$0], .inBaseline) }
    findings = findings.indices.filter { !matched.contains($0) }.map { findings[$0] }
    let gone = unmatched.values.joined().sorted().map { baseline.known[$0] }.filter(isJudged)
    self.baseline = BaselineComparison(
      path: baseline.path,
      gone: gone.map {
        GoneFinding(
          rule: $0.rule, message: $0.message, path: $0.path, logicalPath: $0.logicalPath, fingerprint: $0.fingerprint)
      })
    sort()
  }
}

/// How closely a finding and an entry of a baseline must agree, beyond their fingerprint; closest first.
private enum Agreement: CaseIterable {
  case pathAndMessage, path, message, nothing

  func key(path: String, message: String) -> [String] {
    switch self {
    case .pathAndMessage: [path, message]
    case .path: [path]
    case .message: [message]
    case .nothing: []
    }
  }
}
