import SystemPackage

/// The first `.blealint.yaml` of a project, with what was found filled in and the rest explained in comments.
package struct ConfigurationDraft: Sendable {
  private let survey: ProjectSurvey

  package init(_ survey: ProjectSurvey) { self.survey = survey }

  /// Why no file was written.
  package struct Refusal: Error, Sendable {
    package let sentence: String
  }

  /// Writes the draft into the survey's folder.
  ///
  /// - Parameter replaces: whether a configuration that is there already is replaced.
  /// - Returns: the file's path from the current folder, or what stands against it.
  package func write(replaces: Bool) -> Result<String, Refusal> {
    let file = survey.folder.appending(ProjectRoot.configurationName)
    let shown = file.shown(from: FileSystem.currentDirectory())
    if !replaces, FileSystem.status(file) != nil || FileSystem.isLink(file) {
      return .failure(Refusal(sentence: "'\(shown)' is there already. Write it anew with --force."))
    }
    return OutputFile.write(text, to: file.string).map { .failure(Refusal(sentence: $0)) } ?? .success(shown)
  }

  /// The draft.
  package var text: String {
    var lines = [
      "# What blealint judges here, and how. What holds: blealint config. Every key: blealint config --schema",
      "",
      "projects:",
    ]
    for part in survey.projects { lines += project(part) }
    lines += [
      "",
      "# What makes the exit code 1: critical, high, medium, low, info, unknown (also what cannot be told), never.",
      "fail-on: high",
      "",
      "# What was there before blealint: write a baseline once ('blealint baseline'), and only new findings count.",
      "# baseline: .blealint-baseline.sarif",
      "",
      "# What is changed of rules; 'blealint rules' lists them, 'blealint explain RULE' shows their parameters.",
      "# rules:",
      "#   bkp-retention: { severity: high, parameters: { minDays: 35 } }",
      "#   net-default-port: { enabled: false }",
      "",
      "# Rules of your own: 'blealint new-rule' drafts one.",
      "# rule-folders: [rules]",
      "",
      "# Findings that are accepted for a time. Beside the code a comment does the same:",
      "#   # blealint: allow(RULE) reason, until 2027-01-31",
      "# waivers:",
      "#   - rule: kms-key-rotation",
      "#     resource: Key                 # or path: infra/legacy/**, or table: legacy.*",
      "#     reason: imported key material",
      "#     approver: security@example.com",
      "#     expires: 2027-01-31",
      "# inline-exceptions: false          # only the waivers above count",
      "",
    ]
    return lines.joined(separator: "\n")
  }

  private func project(_ part: ProjectSurvey.Part) -> [String] {
    var lines = ["  - name: \(Self.scalar(part.name))"]
    if part.folder != "." { lines.append("    folder: \(Self.scalar(part.folder))") }
    lines += templates(part) + schemas(part) + parameters(part) + stages(part)
    return lines
  }

  private func templates(_ part: ProjectSurvey.Part) -> [String] {
    guard !part.templates.isEmpty else { return ["    # No template was found: the SQL is judged alone."] }
    let shown = part.templates.prefix(8)
    var lines = [
      "    # Found; templates to come are found as well, unless you name those that are judged:", "    # templates:",
    ]
    lines += shown.map { "    #   - \(Self.scalar($0))" }
    if part.templates.count > shown.count { lines.append("    #   and \(part.templates.count - shown.count) more") }
    return lines
  }

  private func schemas(_ part: ProjectSurvey.Part) -> [String] {
    guard !part.schemas.isEmpty else {
      return part.hasInlineSQL ? ["    # The SQL in the inline code of Lambda functions is found by itself."] : []
    }
    var lines = ["    # The SQL in the order in which it is run.", "    schemas:"]
    for schema in part.schemas {
      lines.append("      - files: \(Self.scalar(schema.folder))  # \(schema.convention)")
      if part.clusters.count == 1 { lines.append("        cluster: \(Self.scalar(part.clusters[0]))") }
    }
    if part.clusters.count > 1 {
      lines.append("        # cluster: which of \(part.clusters.joined(separator: ", "))?")
    }
    return lines
  }

  private func parameters(_ part: ProjectSurvey.Part) -> [String] {
    var lines: [String] = []
    if !part.openParameters.isEmpty {
      lines.append("    # Without a value, what depends on these cannot be told.")
      lines.append("    # parameters:")
      lines += part.openParameters.prefix(20).map { "    #   \($0): …" }
    }
    let files = part.parameterFiles.filter { file in part.stages?.values.contains { file.contains($0) } != true }
    if !files.isEmpty {
      lines.append("    # parameter-files: [\(files.map(Self.scalar).joined(separator: ", "))]")
    }
    return lines
  }

  /// Stages with their files of parameters, where files carry the stages' names.
  private func stages(_ part: ProjectSurvey.Part) -> [String] {
    guard let stages = part.stages else { return [] }
    var lines = [
      "    # Without a stage every one of them is judged; '--stage NAME' judges one as it is deployed.", "    stages:",
    ]
    for value in stages.values {
      let files = part.parameterFiles.filter { $0.contains(value) }
      var given = "parameters: { \(stages.parameter): \(Self.scalar(value)) }"
      if !files.isEmpty { given += ", parameter-files: [\(files.map(Self.scalar).joined(separator: ", "))]" }
      lines.append("      \(Self.scalar(value)): { \(given) }")
    }
    return lines
  }

  /// A text as YAML writes it, in quotes where it would be read as something else.
  private static func scalar(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "._/-".unicodeScalars.contains(scalar)
    }
    let isWord = text.unicodeScalars.contains { $0.properties.isAlphabetic }
    let isReserved = ["true", "false", "null", "yes", "no", "on", "off"].contains(text.lowercased())
    if text == "." || (isPlain && isWord && !isReserved && !text.hasPrefix("-")) { return text }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }
}
