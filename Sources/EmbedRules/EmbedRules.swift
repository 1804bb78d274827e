import Foundation
import PackagePlugin

/// Runs `embed-rules` over Rules/ before BuiltInRules is compiled, so that the binary carries its rules and runs
/// from wherever it is copied.
@main struct EmbedRules: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let rules = context.package.directoryURL.appending(path: "Rules")
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedRules.swift")
    var inputs: [URL] = []
    let files = FileManager.default.enumerator(at: rules, includingPropertiesForKeys: nil)
    while let file = files?.nextObject() as? URL {
      if file.pathExtension == "yaml" { inputs.append(file) }
    }
    return [
      .buildCommand(
        displayName: "Embedding \(inputs.count) rule files",
        executable: try context.tool(named: "embed-rules").url,
        arguments: [rules.path(), output.path()],
        inputFiles: inputs.sorted { $0.path() < $1.path() },
        outputFiles: [output])
    ]
  }
}
