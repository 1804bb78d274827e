import Findings
import SourceText

/// The settings of a run and where each comes from: what `blealint config` prints.
package struct SettingsListing {
  private let settings: [EffectiveSetting]
  private let sources: SourceMap
  private let file: String?

  /// How a listing is written.
  package enum Format: String, CaseIterable, Sendable {
    case text, json
  }

  /// A listing of settings, and the configuration's file where there is one.
  package init(_ settings: [EffectiveSetting], configuration: SourceFile?) {
    self.settings = settings
    file = configuration?.path
    let files = [configuration].compactMap { $0 }
    sources = SourceMap(files, citing: Set(files.map(\.id)))
  }

  /// The listing's text.
  package func render(_ format: Format, options: RenderingOptions = RenderingOptions()) -> String {
    switch format {
    case .text: text(options)
    case .json: JSONWriter.text(write)
    }
  }

  private func text(_ options: RenderingOptions) -> String {
    var canvas = TextCanvas(color: options.color, width: options.width)
    canvas.write("Configuration: ")
    canvas.write(file ?? "none", file == nil ? .dim : .place)
    canvas.endLine()
    canvas.leaveBlankLine()
    let names = settings.map { $0.path.joined(separator: ".") }
    let width = min(names.map(DisplayText.width).max() ?? 0, 48)
    let valueWidth = min(settings.map { DisplayText.width($0.value) }.max() ?? 0, 40)
    for (name, setting) in zip(names, settings) {
      canvas.write(name)
      canvas.write(String(repeating: " ", count: max(0, width - DisplayText.width(name)) + 2))
      canvas.write(setting.value, .strong)
      canvas.write(String(repeating: " ", count: max(0, valueWidth - DisplayText.width(setting.value)) + 2))
      canvas.write(origin(setting.origin), .dim)
      canvas.endLine()
    }
    return canvas.text
  }

  private func origin(_ origin: EffectiveSetting.Origin) -> String {
    switch origin {
    case .standard: "default"
    case .configuration(let span): sources.place(span)
    case .commandLine(let option): option
    }
  }

  /// `version`, `configuration` (the file's path, or absent) and `settings`: each `path` (keys, outermost first),
  /// `value`, `from` (`default`, `configuration`, `command-line`), and its `location` or `option`.
  private func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("version", 1)
      json.member("configuration", file)
      json.objects("settings", settings) { json, setting in
        json.strings("path", setting.path)
        json.member("value", setting.value)
        switch setting.origin {
        case .standard: json.member("from", "default")
        case .configuration(let span):
          json.member("from", "configuration")
          json.object("location") { sources.writeMembers(of: span, to: &$0) }
        case .commandLine(let option):
          json.member("from", "command-line")
          json.member("option", option)
        }
      }
    }
  }
}
