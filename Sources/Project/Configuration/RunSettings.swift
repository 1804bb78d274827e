import Findings
import Rules
import SourceText

/// What holds in a run, and who says so: the command line before the configuration, and that before blealint's own.
package struct RunSettings: Sendable {
  /// What a command line says; nil and empty where it says nothing.
  package struct Given: Sendable {
    package var failOn: FailureThreshold?
    package var format: String?
    package var stage: String?
    package var profile: String?
    package var projects: [String] = []
    package var forbidsInlineExceptions = false
    package var baseline: String?
    package var language: Language?

    package init() {}
  }

  /// A value and who gave it.
  package struct Setting<Value: Sendable>: Sendable {
    package let value: Value
    package let origin: EffectiveSetting.Origin
  }

  package let configuration: Configuration?
  package let failOn: Setting<FailureThreshold>
  /// A format's name.
  package let format: Setting<String>
  package let stage: Setting<String>?
  package let profile: Setting<String>?
  package let allowsInlineExceptions: Setting<Bool>
  /// As it is written, and made absolute where the configuration writes it.
  package let baseline: Setting<String>?
  package let language: Setting<Language>
  let commandLine: Given

  package init(_ commandLine: Given, _ configuration: Configuration?) {
    self.commandLine = commandLine
    self.configuration = configuration
    func setting<Value>(
      _ given: Value?, _ option: String, _ written: Written<Value>?
    ) -> Setting<Value>? {
      if let given { return Setting(value: given, origin: .commandLine(option)) }
      return written.map { Setting(value: $0.value, origin: .configuration($0.span)) }
    }
    failOn =
      setting(commandLine.failOn, "--fail-on", configuration?.failOn)
      ?? Setting(value: .severity(.high), origin: .standard)
    format =
      setting(commandLine.format, "--format", configuration?.format) ?? Setting(value: "text", origin: .standard)
    stage = setting(commandLine.stage, "--stage", configuration?.stage)
    profile = setting(
      commandLine.profile, "--profile",
      configuration?.profile.map { Written(Self.profile($0.value, configuration), at: $0.span) })
    allowsInlineExceptions =
      setting(commandLine.forbidsInlineExceptions ? false : nil, "--no-inline", configuration?.inlineExceptions)
      ?? Setting(value: true, origin: .standard)
    baseline = setting(
      commandLine.baseline, "--baseline",
      configuration.flatMap { file in file.baseline.map { Written(file.shown($0.value), at: $0.span) } })
    language =
      setting(commandLine.language, "--lang", configuration?.language) ?? Setting(value: .en, origin: .standard)
  }

  /// A profile's name, or the path of its file from the configuration's folder.
  private static func profile(_ written: String, _ configuration: Configuration?) -> String {
    let isFile = written.contains("/") || written.hasSuffix(".yaml") || written.hasSuffix(".yml")
    return isFile ? configuration?.path(written).string ?? written : written
  }

  /// Gives a run what the configuration says, where the command line has not said it.
  package func apply(to options: inout Linter.Options) {
    options.configuration = configuration
    options.failOn = failOn.value
    options.stage = stage?.value
    options.projects = commandLine.projects
    options.allowsInlineExceptions = allowsInlineExceptions.value
    options.rules.profile = profile?.value
    guard let configuration else { return }
    options.rules.paths += configuration.ruleFolders.map { configuration.path($0.value).string }
    for rule in configuration.rules { options.rules.configured[rule.rule.value] = rule.adjustment(configuration) }
  }

  /// Every setting, for people and scripts; those of the command's own options as they were given.
  package func listing(_ options: Linter.Options) -> [EffectiveSetting] {
    var rows: [EffectiveSetting] = []
    func add<Value>(_ key: String, _ setting: Setting<Value>?, _ text: (Value) -> String) {
      guard let setting else { return rows.append(EffectiveSetting([key], "none", from: .standard)) }
      rows.append(EffectiveSetting([key], text(setting.value), from: setting.origin))
    }
    add("fail-on", failOn) { $0.name }
    add("format", format) { $0 }
    add("language", language) { $0.rawValue }
    add("profile", profile) { $0 }
    add("stage", stage) { $0 }
    add("inline-exceptions", allowsInlineExceptions) { "\($0)" }
    add("baseline", baseline) { $0 }
    for output in configuration?.outputs ?? [] {
      rows.append(
        EffectiveSetting(
          ["outputs", output.value.format], output.value.path.shown(from: FileSystem.currentDirectory()),
          from: .configuration(output.span)))
    }
    for pattern in configuration?.excluded ?? [] {
      rows.append(EffectiveSetting(["exclude"], pattern.value.text, from: .configuration(pattern.span)))
    }
    let own = (configuration?.ruleFolders ?? []).map { folder in
      EffectiveSetting(["rule-folders"], folder.value, from: .configuration(folder.span))
    }
    let given = options.rules.paths.filter { path in
      configuration?.ruleFolders.contains { configuration?.path($0.value).string == path } != true
    }
    rows += own + given.map { EffectiveSetting(["rule-folders"], $0, from: .commandLine("--rules")) }
    for project in configuration?.projects ?? [] { rows += listing(project, options) }
    if configuration?.projects.isEmpty ?? true { rows += listing(given: options, below: []) }
    rows += rules(options)
    for effect in configuration?.effects ?? [] {
      let name = [effect.value.schema, effect.value.name].compactMap { $0 }.joined(separator: ".")
      rows.append(EffectiveSetting(["effects"], name, from: .configuration(effect.span)))
    }
    for waiver in configuration?.waivers ?? [] { rows.append(listing(waiver)) }
    return rows
  }

  // MARK: Projects

  private func listing(_ project: ConfiguredProject, _ options: Linter.Options) -> [EffectiveSetting] {
    let path = ["projects", project.name.value]
    let name = project.name.span
    var rows = [EffectiveSetting(path + ["folder"], project.folder, from: .configuration(name))]
    for pattern in project.templates ?? [] {
      rows.append(EffectiveSetting(path + ["templates"], pattern.value.text, from: .configuration(pattern.span)))
    }
    for schema in project.schemas ?? [] {
      let sql = schema.files.map(\.value) + [schema.function?.value].compactMap { $0.map { "function \($0)" } }
      let span = schema.files.first?.span ?? schema.function?.span ?? name
      let cluster = schema.cluster.map { " (\($0.value))" } ?? ""
      rows.append(
        EffectiveSetting(path + ["schemas"], sql.joined(separator: ", ") + cluster, from: .configuration(span)))
    }
    if let assumes = project.assumesDefaults, !options.assumesDefaults {
      rows.append(EffectiveSetting(path + ["assume-defaults"], "\(assumes.value)", from: .configuration(assumes.span)))
    }
    // What holds of the parameters: the stage's before the project's, the command line's before both.
    let chosen = project.stages.first { $0.name.value == stage?.value }
    var parameters = project.given.parameters
    var tags = project.given.stackTags
    if let chosen {
      parameters.merge(chosen.given.parameters) { _, new in new }
      tags.merge(chosen.given.stackTags) { _, new in new }
    }
    for file in project.given.parameterFiles + (chosen?.given.parameterFiles ?? []) {
      rows.append(
        EffectiveSetting(
          path + ["parameter-files"], file.value.shown(from: FileSystem.currentDirectory()),
          from: .configuration(file.span)))
    }
    for (name, written) in parameters.sorted(by: { $0.key < $1.key }) where options.parameters[name] == nil {
      rows.append(EffectiveSetting(path + ["parameters", name], written.value, from: .configuration(written.span)))
    }
    for (key, written) in tags.sorted(by: { $0.key < $1.key }) where options.stackTags[key] == nil {
      rows.append(EffectiveSetting(path + ["stack-tags", key], written.value, from: .configuration(written.span)))
    }
    rows += listing(given: options, below: path)
    for other in project.stages where other.name.value != stage?.value {
      rows.append(
        EffectiveSetting(path + ["stages"], "\(other.name.value) (not chosen)", from: .configuration(other.name.span)))
    }
    return rows
  }

  private func listing(given options: Linter.Options, below path: [String]) -> [EffectiveSetting] {
    var rows = options.parameterFiles.map {
      EffectiveSetting(path + ["parameter-files"], $0, from: .commandLine("--parameters"))
    }
    for (name, value) in options.parameters.sorted(by: { $0.key < $1.key }) {
      rows.append(EffectiveSetting(path + ["parameters", name], value, from: .commandLine("--parameter")))
    }
    for (key, value) in options.stackTags.sorted(by: { $0.key < $1.key }) {
      rows.append(EffectiveSetting(path + ["stack-tags", key], value, from: .commandLine("--stack-tag")))
    }
    if options.assumesDefaults {
      rows.append(EffectiveSetting(path + ["assume-defaults"], "true", from: .commandLine("--assume-defaults")))
    }
    return rows
  }

  // MARK: Rules and waivers

  private func rules(_ options: Linter.Options) -> [EffectiveSetting] {
    var rows: [EffectiveSetting] = []
    for rule in configuration?.rules ?? [] {
      let path = ["rules", rule.rule.value]
      if let enabled = rule.isEnabled {
        rows.append(EffectiveSetting(path + ["enabled"], "\(enabled.value)", from: .configuration(enabled.span)))
      }
      if let severity = rule.severity {
        rows.append(EffectiveSetting(path + ["severity"], severity.value.rawValue, from: .configuration(severity.span)))
      }
      for parameter in rule.parameters {
        let value = parameter.value
        let text = value.kind == .sequence ? value.items.map(\.text).joined(separator: ", ") : value.text
        rows.append(
          EffectiveSetting(path + ["parameters", parameter.key.text], text, from: .configuration(parameter.key.span)))
      }
    }
    for (rule, parameters) in options.rules.settings.sorted(by: { $0.key < $1.key }) {
      for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
        let path = ["rules", rule, "parameters", name]
        rows.removeAll { $0.path == path }
        rows.append(EffectiveSetting(path, value, from: .commandLine("--set")))
      }
    }
    return rows
  }

  private func listing(_ waiver: Waiver) -> EffectiveSetting {
    let selectors =
      (waiver.resources ?? []) + (waiver.paths ?? []).map(\.text) + (waiver.tables ?? []).map(\.text)
    let scope = selectors.isEmpty ? "everywhere" : selectors.joined(separator: ", ")
    return EffectiveSetting(
      ["waivers"],
      "\(waiver.rules.map(\.value).joined(separator: ", ")): \(scope), until \(waiver.expires) (\(waiver.approver))",
      from: .configuration(waiver.span))
  }
}

extension ConfiguredRule {
  /// What is changed of the rule; mistakes in its values are shown where they are written.
  fileprivate func adjustment(_ configuration: Configuration) -> RuleAdjustment {
    let source = SettingSource.configuration(configuration.source.path)
    var adjustment = RuleAdjustment()
    for entry in parameters {
      adjustment.parameters[entry.key.text] = ParameterSetting(.node(entry.value), source: source, name: entry.key)
    }
    adjustment.severity = severity.map { SeveritySetting($0.value, source: source) }
    return adjustment
  }
}
