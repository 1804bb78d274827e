/// One key that a configuration may hold: checked when a file is read, shown by `blealint config`, and written into the
/// JSON Schema for editors, all from this one description.
package struct ConfigurationKey: Sendable {
  /// As it is written: `fail-on`.
  package let name: String
  package let value: ConfigurationValue
  /// What it means, in whole sentences.
  package let description: String
  package let isRequired: Bool
  /// What holds where the key is not written, as it would be written; nil where nothing does.
  package let defaultValue: String?

  package init(
    _ name: String, _ value: ConfigurationValue, _ description: String, isRequired: Bool = false,
    defaultValue: String? = nil
  ) {
    self.name = name
    self.value = value
    self.description = description
    self.isRequired = isRequired
    self.defaultValue = defaultValue
  }
}

/// What a key of a configuration may hold.
package indirect enum ConfigurationValue: Sendable {
  /// Any text that is not empty.
  case text
  /// `true` or `false`.
  case bool
  /// `yyyy-mm-dd`.
  case date
  /// One of some words.
  case word([String])
  /// A file or folder, or a pattern of such: `infra/**/*.yaml`.
  case path
  /// A scalar or a list of scalars, such as the value of a template's parameter.
  case plain
  /// Anything at all: its reader says what is wrong with it.
  case anything
  case list(ConfigurationValue)
  /// One, or a list of such.
  case oneOrMore(ConfigurationValue)
  /// Keys of the user's choice, with what their names are: `a stage's name`.
  case map(ConfigurationValue, keys: String)
  /// The keys given. The name is how messages call it: `a waiver`.
  case object(name: String, [ConfigurationKey])
}
