import SourceText

/// One setting of a run as it holds, and who says so: a line of `blealint config`.
package struct EffectiveSetting: Hashable, Sendable {
  /// Its keys, outermost first, as the configuration writes them: `projects`, `orders`, `stages`.
  package let path: [String]
  package let value: String
  package let origin: Origin

  /// Who gave a setting its value.
  package enum Origin: Hashable, Sendable {
    /// Nobody: blealint's own.
    case standard
    /// The configuration, at a place.
    case configuration(Span)
    /// An option of the command: `--fail-on`.
    case commandLine(String)
  }

  package init(_ path: [String], _ value: String, from origin: Origin) {
    self.path = path
    self.value = value
    self.origin = origin
  }
}
