import Rules
import Testing

@testable import Project

@Suite struct ProfileLibraryTests {
  @Test func theBinarysOwnAreFoundByName() {
    #expect(ProfileLibrary.names == ["blea", "fsbp", "strict"])
    for name in ProfileLibrary.names {
      let found = ProfileLibrary.chain(of: name)
      #expect(found.chain.profiles.map(\.name) == [name])
      #expect(found.diagnostics.isEmpty && found.files.isEmpty)
    }
  }

  @Test func aTypingErrorIsUnderstood() {
    let found = ProfileLibrary.chain(of: "strickt")
    #expect(found.diagnostics.map(\.id) == ["unknown-profile"])
    #expect(found.diagnostics.first?.cure == "Did you mean 'strict'?")
    #expect(found.chain.profiles.isEmpty)
  }

  @Test func aFileExtendsByNameAndByPath() throws {
    let folder = try TemporaryFolder()
    try folder.write("team.yaml", "name: team\nextends: strict\n")
    try folder.write("own/own.yaml", "name: own\nextends: ../team.yaml\nrules: { exclude: net-default-port }\n")
    let found = ProfileLibrary.chain(of: folder.path.appending("own/own.yaml").string, firstFile: 4)
    #expect(found.diagnostics.isEmpty, "\(found.diagnostics.map(\.message))")
    #expect(found.chain.profiles.map(\.name) == ["strict", "team", "own"])
    #expect(found.files.map(\.id.rawValue) == [4, 5])
    var options = RuleLibrary.Options()
    options.profile = folder.path.appending("own/own.yaml").string
    let library = RuleLibrary.load(options)
    #expect(library.enabled.count == library.rules.rules.count - 1)
    #expect(library.profiles.map(\.name) == ["strict", "team", "own"])
  }

  @Test func aCircleEnds() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.yaml", "name: a\nextends: ./b.yaml\n")
    try folder.write("b.yaml", "name: b\nextends: ./a.yaml\n")
    let found = ProfileLibrary.chain(of: folder.path.appending("a.yaml").string)
    #expect(found.diagnostics.map(\.id) == ["profile-cycle"])
  }

  @Test func aFileThatIsNotThereIsSaid() {
    #expect(ProfileLibrary.chain(of: "./nowhere/own.yaml").diagnostics.count == 1)
    #expect(ProfileLibrary.chain(of: "./nowhere/own.yaml").chain.profiles.isEmpty)
  }

  @Test func commandLineBeatsConfigurationBeatsProfile() throws {
    var options = RuleLibrary.Options()
    options.profile = "strict"
    func parameter() throws -> Rule.Parameter {
      let rule = try #require(RuleLibrary.load(options).rules.rule("bkp-retention"))
      return try #require(rule.parameters.first { $0.name == "minDays" })
    }
    #expect(try parameter().source == .profile("strict"))
    options.configured = [
      "bkp-retention": RuleAdjustment(["minDays": "21"], source: .configuration(".blealint.yaml"))
    ]
    #expect(try parameter().source == .configuration(".blealint.yaml"))
    options.settings = ["BLEA-BKP-001": ["minDays": "28"]]
    let last = try parameter()
    #expect(last.source == .commandLine && last.value == .int(28))
  }
}
