import Foundation
import Testing

/// The eighteen ways to write one property of ../shared/corpus/intrinsics, judged by a rule of this test alone: what
/// the table beside them says must come out, and the finding must name what it depends on.
@Suite(.enabled(if: IntrinsicsCorpus.isThere, "needs ../shared/corpus/intrinsics"))
struct IntrinsicsCorpusTests {
  private static let rule = """
    id: TEST-RDS-001
    name: storage-encrypted
    title: { en: Instances are encrypted }
    severity: high
    origin: [judgement]
    rationale: { en: It is a test. }
    remediation: { en: Set StorageEncrypted. }
    whether: instance '{instance.logicalId}' is encrypted
    for:
      instance: estate.all.instances
    require:
      - id: encrypted
        that: instance.StorageEncrypted
        message: Instance '{instance.logicalId}' is not encrypted.
        at: instance.StorageEncrypted
    examples:
      - name: encrypted
        verdict: pass
        template: |
          Resources: { I: { Type: AWS::RDS::DBInstance, Properties: { StorageEncrypted: true } } }
      - name: not encrypted
        verdict: fail
        template: |
          Resources: { I: { Type: AWS::RDS::DBInstance, Properties: { StorageEncrypted: «false» } } }
      - name: from elsewhere
        verdict: unknown
        template: |
          Parameters: { P: { Type: String } }
          Resources: { I: { Type: AWS::RDS::DBInstance, Properties: { StorageEncrypted: «!Ref P» } } }

    """

  /// By logical id: the verdict, and what the finding says beyond its message.
  private struct Outcome {
    var verdict = "pass"
    var told: [String] = []
  }

  private func judge(_ arguments: [String]) throws -> [String: Outcome] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "blealint-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let rule = folder.appending(path: "storage-encrypted.yaml")
    try Self.rule.write(to: rule, atomically: true, encoding: .utf8)
    let run = try Program.run(
      ["check", IntrinsicsCorpus.template.path(), "--rules", rule.path(), "--rule", "TEST-RDS-001", "--format", "json"]
        + arguments)
    let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    #expect((report?["diagnostics"] as? [Any])?.isEmpty == true, "\(run.output)")
    var outcomes: [String: Outcome] = [:]
    for judgement in report?["judgements"] as? [[String: Any]] ?? [] {
      let subject = judgement["subject"] as? String ?? ""
      outcomes[Self.name(subject), default: Outcome()].verdict = judgement["verdict"] as? String ?? ""
    }
    for finding in report?["findings"] as? [[String: Any]] ?? [] {
      let subject = finding["subject"] as? String ?? ""
      let scenarios = finding["scenarios"] as? [String] ?? []
      let reasons = (finding["reasons"] as? [[String: Any]] ?? []).compactMap { $0["text"] as? String }
      outcomes[Self.name(subject), default: Outcome()].told += scenarios + reasons
    }
    return outcomes
  }

  /// `LitTrue` of `instance 'LitTrue'`.
  private static func name(_ subject: String) -> String {
    let parts = subject.split(separator: "'")
    return parts.count >= 2 ? String(parts[1]) : subject
  }

  private func hold(_ expected: [(String, String, [String])], _ arguments: [String] = []) throws {
    let outcomes = try judge(arguments)
    for (name, verdict, told) in expected {
      #expect(outcomes[name]?.verdict == verdict, "\(name)")
      #expect(outcomes[name]?.told == told, "\(name)")
    }
    // A resource that does not exist is no subject.
    let isThere = !arguments.contains("EncNoDef=false")
    #expect((outcomes["CondResource"] != nil) == isThere)
    #expect(outcomes.count == (isThere ? 20 : 19), "\(outcomes.keys.sorted())")
  }

  @Test func eachFormIsJudgedInEveryScenario() throws {
    try hold([
      ("LitTrue", "pass", []), ("LitStrTrue", "pass", []), ("LitFalse", "fail", []), ("Absent", "fail", []),
      ("RefDefTrue", "fail", ["EncDefTrue is 'false'"]), ("RefDefFalse", "fail", ["EncDefFalse is 'false'"]),
      ("RefNoDef", "fail", ["EncNoDef is 'false'"]), ("RefNoDefTrueOnly", "pass", []),
      ("IfTrueFalse", "fail", ["Env is 'dev'"]), ("IfTrueTrue", "pass", []),
      ("IfTrueNoValue", "fail", ["Env is 'dev'"]),
      ("IfNoDefTrueFalse", "fail", ["EncNoDef is 'false'"]), ("FindInMapTrue", "pass", []),
      ("FindInMapFalse", "fail", []), ("FindInMapRef", "fail", ["Env is 'dev'"]),
      ("SubTrue", "fail", ["EncDefTrue is 'false'"]),
      ("ImportVal", "unknown", ["import 'shared-enc' is in no template given"]),
      ("CondResource", "fail", ["EncNoDef is 'true'"]), ("LoopA", "fail", []), ("LoopB", "fail", []),
    ])
  }

  @Test func defaultsDecideWhereTheyAreAssumed() throws {
    try hold(
      [
        ("RefDefTrue", "pass", []), ("RefDefFalse", "fail", []), ("IfTrueFalse", "pass", []),
        ("IfTrueNoValue", "pass", []), ("FindInMapRef", "pass", []), ("SubTrue", "pass", []),
        ("RefNoDef", "fail", ["EncNoDef is 'false'"]), ("CondResource", "fail", ["EncNoDef is 'true'"]),
      ], ["--assume-defaults"])
  }

  @Test func aGivenValueDecides() throws {
    try hold(
      [
        ("RefDefTrue", "pass", []), ("SubTrue", "pass", []), ("RefNoDef", "fail", []), ("IfNoDefTrueFalse", "fail", []),
      ], ["--parameter", "EncDefTrue=true", "--parameter", "EncNoDef=false"])
  }
}

/// The file of ../shared/corpus/intrinsics, which not every checkout has.
enum IntrinsicsCorpus {
  /// `shared` beside the package; beside the main checkout, where this one is a worktree further down.
  static let template: URL = {
    let path = "shared/corpus/intrinsics/storage-encrypted.yaml"
    let folders = [Program.root.appending(path: ".."), Program.root.appending(path: "../..")]
    return folders.map { $0.appending(path: path) }.first {
      FileManager.default.fileExists(atPath: $0.path())
    } ?? folders[0].appending(path: path)
  }()

  static let isThere = FileManager.default.fileExists(atPath: template.path())
}
