import ArgumentParser
import Findings
import Project
import Reporting

/// What `check` writes, and where.
struct ReportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How the report is written: text (default), sarif, json, junit, github, markdown, gitlab, asff or csv.",
      valueName: "format"))
  var format: ReportFormat?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write the report to a file instead of the terminal; with FORMAT= before it, a report more in that format. May be given again.",
      valueName: "[format=]file"),
    completion: .file())
  var output: [ReportOutput] = []

  @Option(
    name: .customLong("sarif-profile"),
    help:
      "What SARIF says: default (safe to upload anywhere), full (with passes, as evidence) or azure (with snippets).")
  var sarifProfile = SARIFProfile.standard

  @Option(help: "Whether SARIF shows what cannot be told: show or omit.")
  var unknown = UnknownShowing.show

  @Option(
    name: .customLong("aws-account"),
    help: ArgumentHelp("The account whose Security Hub is told, for --format asff.", valueName: "id"))
  var account: String?

  @Option(
    name: .customLong("aws-region"),
    help: ArgumentHelp("The Region whose Security Hub is told, for --format asff.", valueName: "region"))
  var region: String?

  /// Everything that will be written.
  var formats: [ReportFormat] { [format ?? .text] + output.compactMap(\.format) }

  func validate() throws {
    let plain = output.filter { $0.format == nil }
    if plain.count > 1 {
      throw ValidationError(
        "The report cannot go to both '\(plain[0].path)' and '\(plain[1].path)'. Write --output FORMAT=FILE for another."
      )
    }
    var seen: Set<String> = []
    for path in output.map(\.path) where !seen.insert(path).inserted {
      throw ValidationError("Two reports would go to '\(path)'. Name another file for one of them.")
    }
    guard formats.contains(.asff) else { return }
    guard let account, let region else {
      throw ValidationError(
        "Security Hub keeps findings by account and Region. Write --aws-account 123456789012 --aws-region ap-northeast-1."
      )
    }
    guard SecurityHubTarget(account: account, region: region) != nil else {
      throw ValidationError(
        "'\(account)' and '\(region)' are no account and Region. Write --aws-account 123456789012 --aws-region ap-northeast-1."
      )
    }
  }

  /// Writes every report that was asked for; throws an exit code after saying what could not be written.
  /// The format is that of the report on the terminal; `further` are the configuration's own.
  func write(_ report: Report, as format: ReportFormat, further: [ReportOutput], _ rendering: RenderingOptions) throws {
    var couldWrite = true
    for output in output + further {
      let problem = OutputFile.write(to: output.path) { sink in
        render(report, as: output.format ?? format, options: options(rendering, toFile: true), to: sink)
      }
      if let problem {
        Output.write("blealint: \(problem)\n", to: .standardError)
        couldWrite = false
      }
    }
    if output.contains(where: { $0.format == nil }) {
      // The report went elsewhere: the terminal still hears how it ended.
      if couldWrite, !rendering.isQuiet {
        Output.write(TextReport.summary(report, options: rendering), to: .standardError)
      }
    } else {
      render(report, as: format, options: options(rendering, toFile: false)) { Output.write($0) }
      if !rendering.isQuiet {
        for sentence in format.untold(report, language: rendering.language) {
          Output.write("blealint: \(sentence)\n", to: .standardError)
        }
      }
    }
    if !couldWrite { throw ExitCode(2) }
  }

  private func options(_ rendering: RenderingOptions, toFile: Bool) -> RenderingOptions {
    var options = rendering
    if toFile { options.color = false }
    options.sarifProfile = sarifProfile
    options.omitsUnknowns = unknown == .omit
    if let account, let region { options.securityHub = SecurityHubTarget(account: account, region: region) }
    return options
  }
}

/// A file to write, and in which format where that is said.
struct ReportOutput: ExpressibleByArgument {
  let format: ReportFormat?
  let path: String

  /// A file to write in a format.
  init(_ format: ReportFormat, at path: String) {
    self.format = format
    self.path = path
  }

  /// Reads `FILE` or `FORMAT=FILE`. What stands before an equals sign and is no format belongs to the file's name.
  init?(argument: String) {
    if let equals = argument.firstIndex(of: "="), let format = ReportFormat(rawValue: String(argument[..<equals])) {
      self.format = format
      path = String(argument[argument.index(after: equals)...])
    } else {
      format = nil
      path = argument
    }
    if path.isEmpty { return nil }
  }
}

/// Whether SARIF shows what cannot be told.
enum UnknownShowing: String, CaseIterable, ExpressibleByArgument {
  case show, omit
}

extension SARIFProfile: ExpressibleByArgument {}
