import Findings
import Foundation
import SourceText
import Testing

@testable import Project

/// SQL in the folders that Lambda functions are deployed from, and what the schema's reading is told.
struct LambdaCodeTests {
  /// A template of a cloud assembly with one function whose code is an asset.
  private static func template(_ runtime: String, version: String = "14.9") -> String {
    """
    {"Resources": {
      "Fn": {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "\(runtime)",
        "Code": {"S3Bucket": "b", "S3Key": "abc.zip"}}, "Metadata": {"aws:asset:path": "asset.abc"}},
      "Db": {"Type": "AWS::RDS::DBCluster", "Properties": {"Engine": "aurora-postgresql",
        "EngineVersion": "\(version)"}}}}
    """
  }

  private static let manifest = """
    {"version": "36.0.0", "artifacts": {"App": {"type": "aws:cloudformation:stack",
      "environment": "aws://unknown-account/unknown-region", "properties": {"templateFile": "App.template.json"}}}}
    """

  private func run(_ files: [String: String], selecting rules: [String] = ["BLEA-RLS-001"]) async throws -> Report {
    let folder = try TemporaryFolder(files)
    defer { withExtendedLifetime(folder) {} }
    var options = Linter.Options()
    options.folder = folder.path
    options.paths = ["."]
    options.selection = rules
    return await Linter.run(options)
  }

  @Test(
    arguments: [
      ("nodejs20.x", "index.mjs", "await client.query(`CREATE TABLE public.rooms (id int, tenant_id uuid)`)"),
      ("python3.12", "app/index.py", "cur.execute('CREATE TABLE public.rooms (id int, tenant_id uuid)')"),
      ("python3.12", "schema.sql", "CREATE TABLE public.rooms (id int, tenant_id uuid);"),
      ("nodejs20.x", "db.ts", "const T: string = 'CREATE TABLE ' + 'public.rooms (id int, tenant_id uuid)'"),
    ])
  func assetsAreLookedThrough(_ runtime: String, _ name: String, _ code: String) async throws {
    let report = try await run([
      "cdk.out/manifest.json": Self.manifest, "cdk.out/App.template.json": Self.template(runtime),
      "cdk.out/asset.abc/\(name)": code,
    ])
    let place = try #require(report.findings.first?.primary.span)
    let file = try #require(report.files.first { $0.source.id == place.file })
    #expect(file.source.path == "cdk.out/asset.abc/\(name)")
    #expect(file.source.text(place) == "public.rooms")
    #expect(file.role == .schema)
  }

  private static let manifestWithAssets = """
    {"version": "36.0.0", "artifacts": {
      "App.assets": {"type": "cdk:asset-manifest", "properties": {"file": "App.assets.json"}},
      "App": {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region",
        "properties": {"templateFile": "App.template.json"}}}}
    """

  /// A chat's initialiser whose code is known by the asset manifest alone: no metadata, and keys under a prefix; its
  /// schema is an asset of its own, which the custom resource names. A second function is an image.
  @Test func assetManifestsSayWhereCodeIs() async throws {
    let template = """
      {"Resources": {
        "Init": {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "python3.12",
          "Code": {"S3Bucket": "b", "S3Key": "chat/1a.zip"}}},
        "Worker": {"Type": "AWS::Lambda::Function", "Properties": {"PackageType": "Image",
          "Code": {"ImageUri": {"Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/assets:2b"}}}},
        "Schema": {"Type": "Custom::Schema", "Properties": {"ServiceToken": {"Fn::GetAtt": ["Init", "Arn"]},
          "Script": {"Fn::Sub": "s3://assets-${AWS::Region}/chat/3c.sql"}}},
        "Db": {"Type": "AWS::RDS::DBCluster", "Properties": {"Engine": "aurora-postgresql"}}}}
      """
    func destination(_ name: String, _ key: String) -> String {
      #""destinations": {"here": {"bucketName": "b", "\#(key)": "\#(name)"}}"#
    }
    let assets = """
      {"version": "36.0.0", "files": {
        "1a": {"source": {"path": "../app/init", "packaging": "zip"}, \(destination("chat/1a.zip", "objectKey"))},
        "3c": {"source": {"path": "asset.3c.sql", "packaging": "file"}, \(destination("chat/3c.sql", "objectKey"))},
        "4d": {"source": {"path": "asset.4d.sql", "packaging": "file"}, \(destination("chat/4d.sql", "objectKey"))},
        "5e": {"source": {"path": "../../outside", "packaging": "zip"}, \(destination("5e.zip", "objectKey"))}},
       "dockerImages": {"2b": {"source": {"directory": "asset.2b"}, \(destination("2b", "imageTag"))}}}
      """
    let report = try await run([
      "cdk.out/manifest.json": Self.manifestWithAssets, "cdk.out/App.template.json": template,
      "cdk.out/App.assets.json": assets, "app/init/index.py": "cur.execute('CREATE TABLE public.rooms (id int)')",
      "cdk.out/asset.2b/Dockerfile": "FROM scratch",
      "cdk.out/asset.2b/db/jobs.sql": "CREATE TABLE public.jobs (id int);",
      "cdk.out/asset.3c.sql": "CREATE TABLE public.people (id int);",
      "cdk.out/asset.4d.sql": "CREATE TABLE public.ghosts (id int);",
    ])
    let read = report.files.filter { $0.role == .schema }.map(\.source.path)
    #expect(Set(read) == ["app/init/index.py", "cdk.out/asset.2b/db/jobs.sql", "cdk.out/asset.3c.sql"])
    #expect(report.findings.count == 3)
    let reasons = Dictionary(report.passedOver.map { ($0.path, $0.reason) }, uniquingKeysWith: { first, _ in first })
    #expect(reasons["cdk.out/asset.4d.sql"] == "an asset that no function refers to")
  }

  @Test func whatIsNotLookedThroughIsTold() async throws {
    let long = "x = '" + String(repeating: "a", count: 30_000) + "'"
    let report = try await run([
      "cdk.out/manifest.json": Self.manifest, "cdk.out/App.template.json": Self.template("nodejs20.x"),
      "cdk.out/asset.abc/index.js": long, "cdk.out/asset.abc/node_modules/pg/index.js": "'CREATE TABLE t (id int)'",
      "cdk.out/asset.abc/schema.sql": "CREATE TABLE a (id int);", "db/schema.sql": "CREATE TABLE a (id int);",
    ])
    let reasons = Dictionary(report.passedOver.map { ($0.path, $0.reason) }, uniquingKeysWith: { first, _ in first })
    #expect(reasons["cdk.out/asset.abc/index.js"]?.contains("minified") == true)
    #expect(reasons["cdk.out/asset.abc/node_modules"]?.contains("libraries") == true)
    #expect(reasons["cdk.out/asset.abc/schema.sql"] == "the same as 'db/schema.sql', which is replayed")
  }

  @Test func encodingsOfSQLAreTold() async throws {
    let folder = try TemporaryFolder([:])
    defer { withExtendedLifetime(folder) {} }
    try folder.write("a.sql", Data([0xEF, 0xBB, 0xBF] + Array("CREATE TABLE a (id int);".utf8)))
    try folder.write("b.sql", Data([0xFF, 0xFE] + "CREATE TABLE b (id int);".utf16.flatMap { [UInt8($0 & 0xFF), 0] }))
    try folder.write("c.sql", Data(Array("CREATE TABLE c (id int); -- ".utf8) + [0xE9, 0x0A]))
    var options = Linter.Options()
    options.folder = folder.path
    options.paths = ["."]
    options.selection = ["BLEA-RLS-001"]
    let report = await Linter.run(options)
    #expect(report.diagnostics.map(\.id).sorted() == ["byte-order-mark", "not-utf-8"])
    #expect(report.files.filter { $0.role == .schema }.count == 3)
    #expect(report.files.filter { $0.role == .schema && $0.source.wideBytes != nil }.map(\.source.path) == ["b.sql"])
  }

  @Test func aDumpBesideItsMigrationsIsTold() async throws {
    let tables = "CREATE TABLE a (id int); CREATE TABLE b (id int);"
    let report = try await run(["db/structure.sql": tables, "db/migrate/1_all.sql": tables])
    #expect(report.diagnostics.map(\.id) == ["dump-beside-migrations"])
    #expect(report.diagnostics.first?.severity == .note)
    #expect(report.passedOver.map(\.path).contains("db/migrate/1_all.sql"))
    let folder = try TemporaryFolder(["structure.sql": tables, "migrate/1.sql": tables])
    defer { withExtendedLifetime(folder) {} }
    var options = SchemaListing.Options()
    options.explainsOrder = true
    options.folder = folder.path
    let order = SchemaListing.make(options)
    #expect(order.text.contains("the dump is run instead of them"))
  }
}
