/// Who gave a setting of a rule the value in force.
package enum SettingSource: Hashable, Sendable {
  /// The rule itself: nobody changed it.
  case rule
  /// A profile, by its name.
  case profile(String)
  /// The project's configuration, by the path it is shown with.
  case configuration(String)
  case commandLine
  /// An example of the rule.
  case example
}

extension SettingSource {
  /// Its kind in a word, as JSON has it.
  package var kind: String {
    switch self {
    case .rule: "rule"
    case .profile: "profile"
    case .configuration: "configuration"
    case .commandLine: "commandLine"
    case .example: "example"
    }
  }

  /// The profile's name, or the configuration's path.
  package var name: String? {
    switch self {
    case .profile(let name), .configuration(let name): name
    case .rule, .commandLine, .example: nil
    }
  }
}
