import SystemPackage
import Testing

@testable import Project

@Suite struct ProjectRootTests {
  @Test func theNearestConfigurationWins() throws {
    let folder = try TemporaryFolder([
      ".blealint.yaml": "", "app/cdk.json": "{}", "app/cdk.out/manifest.json": Sample.manifest, "db/1.sql": Sample.sql,
    ])
    let root = ProjectRoot.find(["app/cdk.out"], from: folder.path)
    #expect(root.directory == folder.path)
    #expect(root.marker == .configuration)
    #expect(root.configuration == folder.path.appending(".blealint.yaml"))
    let project = Discovery.discover(root)
    #expect(project.sql.map(\.path) == ["db/1.sql"])
    #expect(project.assemblies.count == 1)
    #expect(root.shows("app/cdk.out/Db.template.json"))
    #expect(!root.shows("db/1.sql"))
    #expect(!root.shows("app/cdk.out2/x"))
  }

  @Test func aRepositoryWidensNothingButNamesThePaths() throws {
    let folder = try TemporaryFolder([
      ".git/": "", "app/cdk.json": "{}", "app/lib/x.ts": "", "db/1.sql": Sample.sql, "db/2.sql": Sample.sql,
    ])
    let app = ProjectRoot.find(["app/lib/x.ts"], from: folder.path)
    #expect(app.directory == folder.path.appending("app"))
    #expect(app.base == folder.path)
    let file = ProjectRoot.find(["db/1.sql"], from: folder.path)
    #expect(file.marker == .none)
    #expect(file.shows("db/1.sql"))
    #expect(!file.shows("db/2.sql"))
    #expect(Discovery.discover(file).sql.map(\.path) == ["db/1.sql"])
    let both = ProjectRoot.find(["app/lib/x.ts", "db"], from: folder.path)
    #expect(both.directory == folder.path)
    #expect(both.diagnostics == [])
    #expect(Discovery.discover(both).sql.map(\.path) == ["db/1.sql", "db/2.sql"])
  }

  @Test func theSearchEndsAtTheRepository() throws {
    let folder = try TemporaryFolder([".blealint.yaml": "", "vendor/.git/": "", "vendor/a.sql": Sample.sql])
    let root = ProjectRoot.find(["vendor/a.sql"], from: folder.path)
    #expect(root.directory == folder.path.appending("vendor"))
    #expect(root.marker == .none)
    #expect(root.configuration == nil)
  }

  @Test func withoutAMarkerTheGivenPathIsAll() throws {
    let folder = try TemporaryFolder(["a.sql": Sample.sql, "b.sql": Sample.sql, "c/d.sql": Sample.sql])
    let one = Discovery.discover(["a.sql"], from: folder.path)
    #expect(one.sql.map(\.path) == ["a.sql"])
    let two = Discovery.discover(["b.sql", "c/../a.sql", "c"], from: folder.path)
    #expect(two.sql.map(\.path) == ["a.sql", "b.sql", "c/d.sql"])
    #expect(two.root.directory == folder.path)
  }

  @Test func projectsWithConfigurationsDoNotMix() throws {
    let folder = try TemporaryFolder([
      "one/.blealint.yaml": "", "two/.blealint.yaml": "", "one/a.sql": Sample.sql, "two/b.sql": Sample.sql,
    ])
    let root = ProjectRoot.find(["one", "two"], from: folder.path)
    #expect(root.diagnostics.map(\.id) == ["several-projects"])
    #expect(root.directory == folder.path)
  }

  @Test func aProjectInsideAnotherIsLeftAlone() throws {
    let folder = try TemporaryFolder([
      ".git/": "", "a.sql": Sample.sql, "fixtures/x/.blealint.yaml": "", "fixtures/x/b.sql": Sample.sql,
    ])
    let outer = Discovery.discover(from: folder.path)
    #expect(outer.sql.map(\.path) == ["a.sql"])
    #expect(outer.passedOver.map(\.path) == ["fixtures/x"])
    let inner = Discovery.discover(["fixtures/x"], from: folder.path)
    #expect(inner.sql.map(\.path) == ["fixtures/x/b.sql"])
    #expect(inner.name == "x")
  }

  @Test func whatIsAskedForByNameIsWalkedWhateverItsName() throws {
    let folder = try TemporaryFolder([".git/": "", "dist/t.yaml": Sample.template, "README.md": ""])
    let project = Discovery.discover(["dist", "README.md"], from: folder.path)
    #expect(project.templates.map(\.path) == ["dist/t.yaml"])
    #expect(project.passedOver.map(\.path) == ["README.md"])
  }
}
