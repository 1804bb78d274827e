import Findings

/// Every key that `.blealint.yaml` may hold. The reader, `blealint config` and the JSON Schema all go by this table.
package enum ConfigurationKeys {
  /// The file as a whole.
  package static let file = ConfigurationValue.object(name: "the configuration", top)

  /// The formats of reports that need nothing but a file.
  static let formats = ["text", "sarif", "json", "junit", "github", "markdown", "gitlab", "csv"]

  private static let top: [ConfigurationKey] = [
    ConfigurationKey(
      "projects", .list(project),
      "What is judged together: templates, and the SQL of their data stores. Without it, everything in the folder is "
        + "one project."),
    ConfigurationKey(
      "exclude", .oneOrMore(.path), "Files and folders that are not looked at, as patterns relative to this file."),
    ConfigurationKey(
      "stage", .text, "The stage whose parameters hold unless '--stage' says another; without it, no stage's do."),
    ConfigurationKey(
      "profile", .text, "The rules to judge by: the name of a built-in profile, or the path of a profile's file."),
    ConfigurationKey(
      "rule-folders", .oneOrMore(.path), "Files and folders of your own rules, beside the built-in ones."),
    ConfigurationKey(
      "rules", .map(rule, keys: "a rule's id or name"), "What is changed of single rules, by their ids or names."),
    ConfigurationKey(
      "effects", .list(.anything),
      "What calls to functions do to the schema where no SQL of the project shows their bodies: extensions' and those "
        + "written in C. Each has 'function', 'parameters', and 'sql', 'job', 'partitions' or 'retention'."),
    ConfigurationKey(
      "waivers", .list(waiver), "Findings that are accepted for a time: by whom, why, and until when."),
    ConfigurationKey(
      "inline-exceptions", .bool,
      "Whether comments in templates and SQL, and Metadata of resources, may make exceptions.", defaultValue: "true"),
    ConfigurationKey(
      "baseline", .path, "A SARIF file of findings that are known already; 'blealint baseline' writes it."),
    ConfigurationKey(
      "fail-on", .word(["critical", "high", "medium", "low", "info", "unknown", "never"]),
      "What makes the exit code 1: a failure of this severity or above; unknown: also what cannot be told.",
      defaultValue: "high"),
    ConfigurationKey(
      "format", .word(formats), "How the report on the terminal is written.", defaultValue: "text"),
    ConfigurationKey(
      "outputs", .map(.path, keys: "a format"),
      "Further reports: their formats (\(formats.joined(separator: ", "))), and the files that they are written to."),
    ConfigurationKey("language", .word(["en", "ja"]), "The language of explanations.", defaultValue: "en"),
  ]

  private static let project = ConfigurationValue.object(
    name: "a project",
    [
      ConfigurationKey(
        "name", .text,
        "The project's name: a part of every finding's identity, so that a baseline survives a renamed folder.",
        isRequired: true),
      ConfigurationKey(
        "folder", .path, "Where the project's files stand, relative to this file.", defaultValue: "."),
      ConfigurationKey(
        "templates", .oneOrMore(.path),
        "The templates and cloud assemblies, as patterns relative to the project's folder. Without it, all there are."),
      ConfigurationKey(
        "schemas", .list(schema),
        "The SQL, in the order in which it is run. Without it, all there is, in the order of its migration tool."),
    ] + given + [
      ConfigurationKey(
        "assume-defaults", .bool, "Whether a template parameter's default is taken wherever it has one.",
        defaultValue: "false"),
      ConfigurationKey(
        "stages", .map(.object(name: "a stage", given), keys: "a stage's name"),
        "What the stages of the project are deployed with, by their names."),
    ])

  private static let given: [ConfigurationKey] = [
    ConfigurationKey("parameters", .map(.plain, keys: "a parameter's name"), "Values of the templates' parameters."),
    ConfigurationKey(
      "parameter-files", .oneOrMore(.path),
      "Files of parameters as the AWS CLI or the CodePipeline action reads them, relative to the project's folder; "
        + "'parameters' win over them."),
    ConfigurationKey(
      "stack-tags", .map(.text, keys: "a tag's key"), "Tags of the stacks of templates without a cloud assembly."),
  ]

  private static let schema = ConfigurationValue.object(
    name: "a schema",
    [
      ConfigurationKey(
        "files", .oneOrMore(.path),
        "Files and folders of SQL, relative to the project's folder, in the order in which they are run; a folder's "
          + "files are run in the order of their migration tool."),
      ConfigurationKey("function", .text, "The logical id of a Lambda function whose inline code holds the SQL."),
      ConfigurationKey(
        "cluster", .text,
        "The cluster or instance that holds the schema, by its logical id; with its stack's name before it where "
          + "several stacks have it: 'Orders-Prod/Database'."),
    ])

  private static let rule = ConfigurationValue.object(
    name: "a rule's changes",
    [
      ConfigurationKey("enabled", .bool, "Whether the rule is judged.", defaultValue: "true"),
      ConfigurationKey(
        "severity", .word(["critical", "high", "medium", "low", "info"]),
        "Takes the place of the rule's own severity."),
      ConfigurationKey(
        "parameters", .map(.anything, keys: "a parameter's name"),
        "Values of the rule's parameters, which 'blealint explain' lists."),
    ])

  private static let waiver = ConfigurationValue.object(
    name: "a waiver",
    [
      ConfigurationKey(
        "rule", .oneOrMore(.text), "The rules that are waived, by their ids or names.", isRequired: true),
      ConfigurationKey(
        "resource", .oneOrMore(.text),
        "Resources, as patterns of logical ids ('Key*'), with their stacks ('Orders-Prod/Key*'), or of construct "
          + "paths ('App/Database/**')."),
      ConfigurationKey("path", .oneOrMore(.path), "Files, as patterns relative to this file: 'infra/legacy/**'."),
      ConfigurationKey(
        "table", .oneOrMore(.text), "Tables, with all that belongs to them, as patterns: 'public.orders', 'legacy.*'."),
      ConfigurationKey("reason", .text, "Why the findings are accepted.", isRequired: true),
      ConfigurationKey("approver", .text, "Who accepted them.", isRequired: true),
      ConfigurationKey(
        "expires", .date, "The last day on which the waiver holds, as yyyy-mm-dd.", isRequired: true),
    ])
}
