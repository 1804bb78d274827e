import ArgumentParser
import Findings
import Project
import Reporting

/// Where rules come from.
struct RuleOptions: ParsableArguments {
  @Option(
    name: .customLong("rules"),
    help: ArgumentHelp("A file or folder of your own rules; may be given again.", valueName: "path"),
    completion: .file())
  var paths: [String] = []

  @Option(
    help: ArgumentHelp(
      "Which rules are judged and how strictly: blea, fsbp, strict, or a file of your own.", valueName: "name|file"))
  var profile: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A rule's parameter, such as bkp-retention.minDays=35; may be given again.", valueName: "rule.parameter=value"))
  var settings: [String] = []

  func validate() throws { _ = try library(checksProse: false) }

  func library(checksProse: Bool) throws -> RuleLibrary.Options {
    var options = RuleLibrary.Options()
    options.paths = paths
    options.checksProse = checksProse
    options.profile = profile
    for setting in settings {
      guard let equals = setting.firstIndex(of: "="), let dot = setting[..<equals].lastIndex(of: ".") else {
        throw ValidationError("'\(setting)' is no setting. Write --set RULE.PARAMETER=VALUE.")
      }
      let rule = String(setting[..<dot])
      let parameter = String(setting[setting.index(after: dot)..<equals])
      options.settings[rule, default: [:]][parameter] = String(setting[setting.index(after: equals)...])
    }
    return options
  }
}

/// What is known of the deployment of templates.
struct TemplateOptions: ParsableArguments {
  @Option(
    name: .customLong("parameter"),
    help: ArgumentHelp("A template parameter; may be given again.", valueName: "name=value"))
  var parameters: [String] = []

  @Option(
    name: .customLong("parameters"),
    help: ArgumentHelp(
      "A file of template parameters, as the AWS CLI or the CodePipeline action reads it; may be given again.",
      valueName: "file"),
    completion: .file())
  var parameterFiles: [String] = []

  @Option(
    name: .customLong("stack-tag"),
    help: ArgumentHelp(
      "A tag of the stacks of templates without a cloud assembly; may be given again.", valueName: "key=value"))
  var stackTags: [String] = []

  @Flag(name: .customLong("assume-defaults"), help: "Take a template parameter's default wherever it has one.")
  var assumeDefaults = false

  @Flag(
    name: .customLong("stale-assemblies"), inversion: .prefixedNo,
    help:
      "Say which cdk.out is older than its sources (default: only on a terminal, since file times differ elsewhere).")
  var tellsStaleAssemblies: Bool?

  func validate() throws {
    _ = try pairs(parameters, of: "--parameter")
    _ = try pairs(stackTags, of: "--stack-tag")
  }

  func apply(to options: inout Linter.Options) throws {
    options.tellsStaleAssemblies = tellsStaleAssemblies ?? Terminal.current().isInteractive
    options.parameters = try pairs(parameters, of: "--parameter")
    options.parameterFiles = parameterFiles
    options.stackTags = try pairs(stackTags, of: "--stack-tag")
    options.assumesDefaults = assumeDefaults
  }
}

/// How things are printed.
struct PrintingOptions: ParsableArguments {
  @Flag(
    name: .customLong("no-color"), help: "No colours, even on a terminal. NO_COLOR in the environment does the same.")
  var noColor = false

  @Option(name: .customLong("lang"), help: "The language of explanations: en (default) or ja.")
  var chosenLanguage: Language?

  var language: Language { chosenLanguage ?? .en }

  func rendering(evidence: Bool = false, toFile: Bool = false) -> RenderingOptions {
    let terminal = Terminal.current()
    return RenderingOptions(
      color: terminal.usesColor && !noColor && !toFile, width: min(terminal.columns ?? 100, 160), language: language,
      evidence: evidence)
  }
}

extension Language: ExpressibleByArgument {}
extension ReportFormat: ExpressibleByArgument {}

/// Splits `NAME=VALUE` pairs.
func pairs(_ texts: [String], of option: String) throws -> [String: String] {
  var result: [String: String] = [:]
  for text in texts {
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
      throw ValidationError("'\(text)' is no NAME=VALUE. Write \(option) NAME=VALUE.")
    }
    result[String(text[..<equals])] = String(text[text.index(after: equals)...])
  }
  return result
}
