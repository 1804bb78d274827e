import BuiltInRules
import Documents
import Findings
import SourceText
import Testing

@testable import Rules

@Suite struct ProfileTests {
  private static let known = [
    ProfileChain.KnownRule(id: "BLEA-BKP-001", name: "bkp-retention", origin: ["seed", "fsbp"], isBuiltIn: true),
    ProfileChain.KnownRule(id: "BLEA-NET-009", name: "net-default-port", origin: ["fsbp"], isBuiltIn: true),
    ProfileChain.KnownRule(id: "BLEA-VER-002", name: "ver-minor-offered", origin: ["judgement"], isBuiltIn: true),
    ProfileChain.KnownRule(id: "OWN-001", name: "own-rule", origin: [], isBuiltIn: false),
  ]

  private static func read(_ text: String) throws -> (profile: Profile?, diagnostics: [Diagnostic]) {
    Profile.read(try #require(BuiltIn.document(text, "own.yaml")?.root))
  }

  private static func profile(_ text: String) throws -> Profile {
    let (profile, diagnostics) = try read(text)
    return try #require(profile, "\(diagnostics.map(\.message))")
  }

  /// Every rule that a profile names is there, and takes the values that it gives.
  @Test func ourProfilesHaveNoMistakes() throws {
    let known = BuiltIn.sources().compactMap { source in
      source.logic.root.map { root in
        ProfileChain.KnownRule(
          id: root["id"]?.text ?? "", name: root["name"]?.text ?? "", origin: root["origin"]?.items.map(\.text) ?? [],
          isBuiltIn: true)
      }
    }
    var sizes: [String: Int] = [:]
    for file in BuiltInRules.profiles {
      let root = try #require(BuiltIn.document(file.logic, file.path)?.root)
      let (profile, diagnostics) = Profile.read(root)
      #expect(diagnostics.isEmpty, "\(file.path): \(diagnostics.map(\.message))")
      let found = try #require(profile)
      #expect(file.path == "profiles/\(found.name).yaml")
      #expect(found.title.ja != nil && found.about.ja != nil, "\(file.path) speaks both languages")
      let resolution = ProfileChain([found]).resolve(known)
      #expect(resolution.diagnostics.isEmpty, "\(file.path): \(resolution.diagnostics.map(\.message))")
      let compiled = RuleSet.compile(BuiltIn.sources(), model: BuiltIn.model, adjustments: resolution.adjustments)
      #expect(compiled.diagnostics.isEmpty, "\(file.path): \(compiled.diagnostics.map(\.message))")
      sizes[found.name] = resolution.enabled.count
    }
    #expect(sizes.keys.sorted() == ["blea", "fsbp", "strict"])
    #expect(sizes["strict"] == known.count)
    #expect(sizes["fsbp"].map { $0 > 20 && $0 < known.count } ?? false)
  }

  @Test func aProfileSelectsByOriginAndByName() throws {
    let base = try Self.profile("{ name: base, rules: { origin: [fsbp], exclude: net-default-port } }")
    #expect(ProfileChain([base]).resolve(Self.known).enabled == ["BLEA-BKP-001", "OWN-001"])
    let own = try Self.profile(
      "{ name: own, extends: base, rules: { include: [BLEA-NET-009, ver-minor-offered], exclude: own-rule } }")
    #expect(
      ProfileChain([base, own]).resolve(Self.known).enabled == ["BLEA-BKP-001", "BLEA-NET-009", "BLEA-VER-002"])
    #expect(ProfileChain([]).resolve(Self.known).enabled.count == 4)
  }

  @Test func theLastOfAChainDecides() throws {
    let base = try Self.profile(
      "{ name: base, severity: { bkp-retention: low }, parameters: { bkp-retention: { minDays: 14 } } }")
    let own = try Self.profile(
      """
      { name: own, extends: base, severity: { bkp-retention: critical },
        parameters: { BLEA-BKP-001: { minDays: 21 } } }
      """)
    let compiled = RuleSet.compile(
      BuiltIn.sources(), model: BuiltIn.model,
      adjustments: ProfileChain([base, own]).resolve(
        Self.known.filter { $0.id == "BLEA-BKP-001" }
      ).adjustments)
    let rule = try #require(compiled.rules.rule("bkp-retention"))
    let description = compiled.rules.description(of: rule)
    #expect(description.severity == .critical)
    #expect(description.severitySource == .profile("own"))
    #expect(description.ownSeverity == .high)
    let parameter = try #require(description.parameters.first { $0.name == "minDays" })
    #expect(parameter.value == "21" && parameter.defaultValue == "7" && parameter.source == .profile("own"))
  }

  @Test func anObligationMayHaveItsOwnSeverity() throws {
    let own = try Self.profile("{ name: own, severity: { ver-major-support.ends-soon: critical } }")
    let known = [ProfileChain.KnownRule(id: "BLEA-VER-001", name: "ver-major-support", origin: [], isBuiltIn: true)]
    let adjustments = ProfileChain([own]).resolve(known).adjustments
    let compiled = RuleSet.compile(BuiltIn.sources(), model: BuiltIn.model, adjustments: adjustments)
    let rule = try #require(compiled.rules.rule("ver-major-support"))
    let checks = compiled.rules.description(of: rule).checks
    #expect(checks.first { $0.name == "ends-soon" }?.severity == .critical)
    #expect(checks.first { $0.name == "supported" }?.severity == .high)
  }

  @Test(arguments: [
    ("{ title: none }", "missing-key", "title"),
    ("{ name: Our Own }", "profile-name", "Our Own"),
    ("{ name: own, paramters: {} }", "unknown-key", "paramters"),
    ("{ name: own, rules: { orign: [fsbp] } }", "unknown-key", "orign"),
    ("{ name: own, severity: { bkp-retention: hihg } }", "unknown-severity", "hihg"),
    ("{ name: own, parameters: { bkp-retention: 7 } }", "profile-syntax", "7"),
    ("[own]", "profile-syntax", "[own]"),
  ])
  func aMistakeHasItsPlace(_ text: String, _ id: String, _ place: String) throws {
    let (profile, diagnostics) = try Self.read(text)
    #expect(profile == nil)
    let mistake = try #require(diagnostics.first)
    #expect(mistake.id == id)
    let source = SourceFile(id: FileID(-1), path: "own.yaml", bytes: Array(text.utf8))
    #expect(mistake.span.map(source.text) == place)
  }

  @Test(arguments: [
    ("{ name: own, rules: { exclude: [bkp-retentoin] } }", "unknown-rule", "bkp-retentoin"),
    ("{ name: own, severity: { bkp-retentoin: low } }", "unknown-rule", "bkp-retentoin"),
    ("{ name: own, severity: { bkp-retention.enogh: low } }", "unknown-obligation", "bkp-retention.enogh"),
    ("{ name: own, parameters: { bkp-retention: { minDay: 8 } } }", "unknown-parameter", "minDay"),
    ("{ name: own, parameters: { bkp-retention: { minDays: 99 } } }", "parameter-bounds", "99"),
    ("{ name: own, parameters: { bkp-retention: { minDays: many } } }", "type-mismatch", "many"),
  ])
  func aSettingThatHoldsNowhereIsAMistake(_ text: String, _ id: String, _ place: String) throws {
    let resolution = ProfileChain([try Self.profile(text)]).resolve(Self.known)
    let sources = BuiltIn.sources().filter { $0.path == "bkp/bkp-retention.yaml" }
    let compiled = RuleSet.compile(sources, model: BuiltIn.model, adjustments: resolution.adjustments)
    let mistake = try #require((resolution.diagnostics + compiled.diagnostics).first)
    #expect(mistake.id == id)
    let source = SourceFile(id: FileID(-1), path: "own.yaml", bytes: Array(text.utf8))
    #expect(mistake.span.map(source.text) == place)
  }
}
