import Foundation
import SourceText
import SystemPackage
import Testing

@testable import Project

@Suite struct DiscoveryTests {
  @Test func findsTemplatesAndSQLInTheOrderOfTheirPaths() throws {
    let folder = try TemporaryFolder([
      "infra/b.yml": Sample.template, "infra/a.yaml": Sample.template,
      "infra/z.template": #"{"Resources": {"K": {"Type": "AWS::KMS::Key"}}}"#,
      "db/2.sql": Sample.sql, "db/1.sql": Sample.sql, "lambda/index.py": "x = 1\n", "README.md": "words\n",
    ])
    let project = Discovery.discover(from: folder.path)
    #expect(project.templates.map(\.path) == ["infra/a.yaml", "infra/b.yml", "infra/z.template"])
    #expect(project.sql.map(\.path) == ["db/1.sql", "db/2.sql"])
    #expect(project.code.map { $0.shown(from: folder.path) } == ["lambda/index.py"])
    #expect(project.diagnostics == [])
    #expect(project.name == "project")
    #expect(!project.isEmpty)
    let files = project.sql + project.templates
    #expect(files.map(\.id) == files.sorted { $0.path < $1.path }.map(\.id))
    #expect(files.map(\.id).sorted() == files.map(\.id))
  }

  @Test func sqitchPlansOrderTheirScripts() throws {
    let folder = try TemporaryFolder([
      "db/sqitch.plan": "%project=x\nz/tables 2020\na/rights [z/tables] 2020\n",
      "db/deploy/a/rights.sql": "GRANT SELECT ON t TO PUBLIC;", "db/deploy/z/tables.sql": "CREATE TABLE t (id int);",
      "db/revert/z/tables.sql": "DROP TABLE t;",
    ])
    var options = SchemaListing.Options()
    options.folder = folder.path
    options.explainsOrder = true
    let order = SchemaListing.make(options).text
    #expect(order.contains("db/deploy: in the order of sqitch.plan"))
    #expect(order.contains("1. db/deploy/z/tables.sql\n2. db/deploy/a/rights.sql\n"))
  }

  @Test func passesOverWhatIsNoTemplateAndSaysWhy() throws {
    let folder = try TemporaryFolder([
      "a.yaml": Sample.template, "values.yaml": "resources:\n  limits: {}\n", "ci.yml": "jobs:\n  Resources: 1\n",
      "azure.json": #"{"Resources": [1]}"#, "package.json": "{}", ".hidden.yaml": Sample.template,
      ".github/x.yaml": Sample.template, "node_modules/y.yaml": Sample.template, ".venv/z.sql": Sample.sql,
      "dist/w.yaml": Sample.template,
    ])
    let project = Discovery.discover(from: folder.path)
    #expect(project.templates.map(\.path) == ["a.yaml"])
    #expect(project.sql.isEmpty)
    #expect(project.passedOver.map(\.path) == ["azure.json", "ci.yml", "values.yaml"])
    #expect(project.passedOver.allSatisfy { $0.reason.hasPrefix("no CloudFormation template") })
    #expect(project.disregarded == 2)
  }

  @Test func takesAnAssemblyForWhatItsManifestSays() throws {
    let folder = try TemporaryFolder([
      "cdk.json": "{}", "cdk.out/manifest.json": Sample.manifest, "cdk.out/Db.template.json": "{}",
      "cdk.out/Db.metadata.json": "{}", "cdk.out/asset.1/template.yaml": Sample.template,
      "cdk.out/assembly-Prod/manifest.json": Sample.manifest, "cdk.out/assembly-Prod/Db.template.json": "{}",
      "schema.sql": Sample.sql,
    ])
    var project = Discovery.discover(from: folder.path)
    #expect(
      project.assemblies.map(\.manifest.path) == ["cdk.out/manifest.json", "cdk.out/assembly-Prod/manifest.json"])
    #expect(project.assemblies.map(\.isNested) == [false, true])
    #expect(project.templates.isEmpty)
    #expect(project.diagnostics == [])
    let template = try project.files.read("Db.template.json", in: project.assemblies[0].directory)
    #expect(template.path == "cdk.out/Db.template.json")
    #expect(template.id < project.assemblies[0].manifest.id)
    #expect(project.assemblies[0].manifest.id < (project.sql.first?.id ?? FileID(0)))
  }

  @Test func aTemplateOfAnAssemblyBringsItsManifest() throws {
    let folder = try TemporaryFolder([
      "out/manifest.json": Sample.manifest, "out/Db.template.json": Sample.template, "other.yaml": Sample.template,
    ])
    let project = Discovery.discover(["out/Db.template.json"], from: folder.path)
    #expect(project.assemblies.map(\.manifest.path) == ["manifest.json"])
    #expect(project.templates.isEmpty)
  }

  @Test func aWebManifestIsNoAssembly() throws {
    let folder = try TemporaryFolder(["manifest.json": #"{"name": "app", "icons": []}"#, "a.yaml": Sample.template])
    let project = Discovery.discover(from: folder.path)
    #expect(project.assemblies.isEmpty)
    #expect(project.templates.map(\.path) == ["a.yaml"])
    #expect(project.passedOver.map(\.path) == ["manifest.json"])
  }

  @Test func nothingToCheckIsAnOutcomeOfItsOwn() throws {
    let folder = try TemporaryFolder(["README.md": "words\n"])
    let project = Discovery.discover(from: folder.path)
    #expect(project.isEmpty)
    #expect(project.diagnostics.map(\.id) == ["nothing-to-check"])
    #expect(project.diagnostics.first?.severity == .error)
  }

  @Test func aMissingAssemblySaysHowToMakeIt() throws {
    let folder = try TemporaryFolder(["cdk.json": "{}", "cdk.out/": ""])
    let project = Discovery.discover(from: folder.path)
    #expect(project.diagnostics.first?.cure?.contains("cdk synth") == true)
    #expect(project.passedOver.map(\.path) == ["cdk.out"])
  }

  @Test func missingPathsAreDiagnosedWithWhatWasMeant() throws {
    let folder = try TemporaryFolder(["template.yaml": Sample.template])
    let project = Discovery.discover(["templat.yaml"], from: folder.path)
    #expect(project.diagnostics.map(\.id) == ["file-missing"])
    #expect(project.diagnostics.first?.cure == "Did you mean 'template.yaml'?")
    #expect(project.diagnostics.first?.path == "templat.yaml")
    let piped = Discovery.discover(["-"], from: folder.path)
    #expect(piped.diagnostics.first?.cure?.hasPrefix("Standard input has no place") == true)
  }

  @Test func brokenLinksLoopsAndPipesDoNotStopTheWalk() throws {
    let folder = try TemporaryFolder(["a/t.yaml": Sample.template, "a/b/": ""])
    try folder.link("a/gone.yaml", to: "nowhere.yaml")
    try folder.link("a/gone.txt", to: "nowhere.txt")
    try folder.link("a/b/up", to: "../..")
    try folder.link("a/b/self", to: ".")
    try folder.link("a/copy.yaml", to: "t.yaml")
    #expect(mkfifo(folder.url.appending(path: "a/pipe.sql").path(), 0o600) == 0)
    let project = Discovery.discover(from: folder.path)
    #expect(project.templates.map(\.path) == ["a/t.yaml"])
    #expect(project.diagnostics.map(\.id) == ["broken-link"])
    #expect(project.diagnostics.first?.path == "a/gone.yaml")
    #expect(project.passedOver.map(\.path) == ["a/b/self", "a/b/up", "a/copy.yaml"])
    #expect(Discovery.discover(["a/pipe.sql"], from: folder.path).diagnostics.map(\.id).contains("not-a-file"))
  }

  @Test func linksOutOfTheProjectAreFollowedOnce() throws {
    let folder = try TemporaryFolder(["t.yaml": Sample.template])
    let other = try TemporaryFolder(["m/1.sql": Sample.sql])
    try folder.link("migrations", to: other.url.appending(path: "m").path())
    try folder.link("again", to: other.url.appending(path: "m").path())
    let project = Discovery.discover(from: folder.path)
    #expect(project.sql.map(\.path) == ["again/1.sql"])
    #expect(project.passedOver.map(\.path) == ["migrations"])
  }

  @Test func filesOverTheLimitAreRefused() throws {
    let folder = try TemporaryFolder(["a.sql": "SELECT 1;", "b.sql": String(repeating: "-- long\n", count: 100)])
    var options = Discovery.Options()
    options.fileLimit = 100
    let project = Discovery.discover([], from: folder.path, options: options)
    #expect(project.sql.map(\.path) == ["a.sql"])
    #expect(project.diagnostics.map(\.id) == ["file-too-large"])
    #expect(project.diagnostics.first?.path == "b.sql")
  }

  @Test func encodingsThatAreNotReadAreNamed() throws {
    let folder = try TemporaryFolder(["a.yaml": Sample.template])
    try folder.write("dump.sql", Data([0xFF, 0xFE, 0, 0, 0x2D, 0, 0, 0]))
    let project = Discovery.discover(from: folder.path)
    #expect(project.diagnostics.map(\.id) == ["not-utf-8"])
    #expect(project.sql.isEmpty)
  }

  @Test func depthAndCountAreLimited() throws {
    let deep = (0..<10).map { "d\($0)" }.joined(separator: "/") + "/t.yaml"
    let folder = try TemporaryFolder([deep: Sample.template, "t.yaml": Sample.template])
    var options = Discovery.Options()
    options.depthLimit = 5
    var project = Discovery.discover([], from: folder.path, options: options)
    #expect(project.templates.map(\.path) == ["t.yaml"])
    #expect(project.passedOver.map(\.reason) == ["more than 5 folders deep"])
    options = Discovery.Options()
    options.entryLimit = 3
    project = Discovery.discover([], from: folder.path, options: options)
    #expect(project.diagnostics.map(\.id).contains("too-many-files"))
  }

  @Test func theConfigurationMayLeavePathsOut() throws {
    let folder = try TemporaryFolder(["a.yaml": Sample.template, "old/b.yaml": Sample.template])
    var options = Discovery.Options()
    options.excludes = { $0 == "old" }
    let project = Discovery.discover([], from: folder.path, options: options)
    #expect(project.templates.map(\.path) == ["a.yaml"])
    #expect(project.passedOver.map(\.path) == ["old"])
  }

  @Test func staleAssembliesAreToldWhereAsked() throws {
    let folder = try TemporaryFolder([
      "cdk.json": "{}", "lib/db.ts": "", "cdk.out/manifest.json": Sample.manifest, "other/x.txt": "",
    ])
    var options = Discovery.Options()
    options.tellsStaleAssemblies = true
    #expect(Discovery.discover([], from: folder.path, options: options).diagnostics == [])
    let past = Date(timeIntervalSinceNow: -3_600)
    let manifest = folder.url.appending(path: "cdk.out/manifest.json").path()
    try FileManager.default.setAttributes([.modificationDate: past], ofItemAtPath: manifest)
    let project = Discovery.discover([], from: folder.path, options: options)
    #expect(project.diagnostics.map(\.id) == ["stale-assembly"])
    #expect(project.diagnostics.first?.path == "cdk.out/manifest.json")
    #expect(Discovery.discover(from: folder.path).diagnostics == [])
  }

  @Test func unreadableFilesAreDiagnosed() throws {
    // Root may read everything, so the case is made of a folder that is no file.
    let folder = try TemporaryFolder(["x.yaml/": "", "t.yaml": Sample.template])
    var files = FileStore(root: folder.path)
    #expect(throws: FileError(.notAFile, path: "x.yaml")) { try files.read(folder.path.appending("x.yaml")) }
    #expect(throws: FileError(.missing, path: "y.yaml")) { try files.read(folder.path.appending("y.yaml")) }
    #expect(throws: FileError(.outside, path: "../secret")) { try files.read("../secret", in: folder.path) }
    #expect(throws: FileError(.outside, path: "/etc/hostname")) { try files.read("/etc/hostname", in: folder.path) }
  }
}

@Suite struct FileStoreTests {
  @Test func filesAreReadOnceAndIdsFollowAnnouncedPaths() throws {
    let folder = try TemporaryFolder(["b.sql": "1", "a.sql": "2", "0.sql": "3"])
    let paths = ["b.sql", "a.sql"].map { folder.path.appending($0) }
    var files = FileStore(root: folder.path, announcing: paths)
    let b = try files.read(paths[0])
    try folder.write("b.sql", "changed")
    #expect(try files.read(paths[0]).bytes == Array("1".utf8))
    let a = try files.read(paths[1])
    let late = try files.read("0.sql", in: folder.path)
    #expect([a.id, b.id, late.id] == [FileID(0), FileID(1), FileID(2)])
    #expect(files.all.map(\.path) == ["a.sql", "b.sql", "0.sql"])
    #expect(files[b.id]?.path == "b.sql")
  }

  @Test func emptyAndLargeFilesComeWhole() throws {
    let text = String(repeating: "0123456789", count: 30_000)
    let folder = try TemporaryFolder(["empty.sql": "", "large.sql": text])
    var files = FileStore(root: folder.path)
    #expect(try files.read("empty.sql", in: folder.path).bytes == [])
    #expect(try files.read("large.sql", in: folder.path).bytes == Array(text.utf8))
    // A file whose size the system does not tell beforehand.
    if FileManager.default.fileExists(atPath: "/proc/self/status") {
      #expect(try files.read(FilePath("/proc/self/status")).bytes.isEmpty == false)
    }
  }

  @Test func pathsAreShownRelativeToTheRoot() {
    #expect(FilePath("/a/b/c.sql").shown(from: "/a") == "b/c.sql")
    #expect(FilePath("/a").shown(from: "/a") == ".")
    #expect(FilePath("/x/y").shown(from: "/a/b") == "../../x/y")
  }
}
