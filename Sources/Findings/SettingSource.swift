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
