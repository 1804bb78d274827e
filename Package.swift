// swift-tools-version: 6.1
import PackageDescription

/// The house, from the ground up: a target imports only targets named in its own line, and all of them stand
/// above it in this file. RepositoryTests hold the same table against the sources' import lines.
let package = Package(
  name: "blealint",
  products: [
    .executable(name: "blealint", targets: ["blealint"]),
    .library(name: "CEL", targets: ["CEL"]),
    .library(name: "BleaLint", targets: ["BleaLintKit"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
  ],
  targets: [
    // MARK: The C parsers, from the system's packages
    .systemLibrary(name: "CYaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
    .systemLibrary(
      name: "CPgQuery",
      providers: [.apt(["libpg-query-dev", "libprotobuf-c-dev"]), .brew(["libpg_query", "protobuf-c"])]
    ),

    // MARK: Ground
    .target(name: "SourceText"),
    .target(name: "Values", dependencies: ["SourceText"]),
    .target(name: "Findings", dependencies: ["SourceText"]),

    // MARK: Reading
    .target(name: "Documents", dependencies: ["CYaml", "SourceText"]),
    .target(name: "CEL", dependencies: ["Values", "SourceText"]),
    .target(name: "CloudFormation", dependencies: ["Documents", "Values", "SourceText"]),
    .target(name: "PostgresSchema", dependencies: ["CPgQuery", "Documents", "Values", "SourceText"]),

    // MARK: Judging
    .target(
      name: "Estate", dependencies: ["CEL", "CloudFormation", "PostgresSchema", "Documents", "Values", "SourceText"]),
    .target(name: "Rules", dependencies: ["Estate", "CEL", "Findings", "Documents", "Values", "SourceText"]),
    .executableTarget(name: "embed-rules", dependencies: ["Documents", "SourceText"]),
    .plugin(
      name: "EmbedRules", capability: .buildTool(), dependencies: ["embed-rules"], path: "Sources/EmbedRules"),
    .target(name: "BuiltInRules", plugins: ["EmbedRules"]),

    // MARK: The project and its reports
    .target(
      name: "Project",
      dependencies: [
        "Rules", "BuiltInRules", "Estate", "CloudFormation", "PostgresSchema", "Findings", "Documents", "Values",
        "SourceText",
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(name: "Reporting", dependencies: ["Findings", "SourceText"]),
    .target(name: "BleaLintKit", dependencies: ["Project", "Reporting", "Findings"]),
    .executableTarget(
      name: "blealint",
      dependencies: [
        "Project", "Rules", "Reporting", "Findings", "SourceText",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "blealint-peers",
      dependencies: [
        "Project", "Rules", "Estate", "CloudFormation", "PostgresSchema", "Findings", "Documents", "SourceText",
      ]),
    .executableTarget(
      name: "blealint-bench",
      dependencies: ["Documents", "PostgresSchema", "CYaml", "CPgQuery", "SourceText"]),

    // MARK: Tests
    .testTarget(name: "SourceTextTests", dependencies: ["SourceText"]),
    .testTarget(name: "ValuesTests", dependencies: ["Values", "SourceText"]),
    .testTarget(name: "DocumentsTests", dependencies: ["Documents", "SourceText"]),
    .testTarget(name: "CELTests", dependencies: ["CEL", "Values", "SourceText"]),
    .testTarget(name: "CloudFormationTests", dependencies: ["CloudFormation", "Documents", "Values", "SourceText"]),
    .testTarget(
      name: "PostgresSchemaTests", dependencies: ["PostgresSchema", "CPgQuery", "Documents", "Values", "SourceText"]),
    .testTarget(
      name: "EstateTests",
      dependencies: ["Estate", "CEL", "CloudFormation", "PostgresSchema", "Documents", "Values", "SourceText"]),
    .testTarget(
      name: "RulesTests",
      dependencies: [
        "Rules", "CloudFormation", "PostgresSchema", "BuiltInRules", "Estate", "CEL", "Findings", "Documents", "Values",
        "SourceText",
      ]),
    .testTarget(
      name: "ReportingTests", dependencies: ["Reporting", "Findings", "SourceText"], exclude: ["Goldens"]),
    .testTarget(
      name: "ProjectTests", dependencies: ["Project", "Rules", "Findings", "Documents", "Values", "SourceText"]),
    .testTarget(name: "CommandLineTests", dependencies: ["blealint", "blealint-peers"]),
    .testTarget(name: "RepositoryTests"),
  ],
  swiftLanguageModes: [.v6]
)
