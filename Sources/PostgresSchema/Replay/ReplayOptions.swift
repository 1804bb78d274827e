/// What a replay is told about the server that the SQL meets.
package struct ReplayOptions: Sendable {
  /// The role that runs the SQL; nil when nothing says who.
  package var migrationRole: String?
  /// The search path a session starts with.
  package var searchPath: [String] = ["public"]
  /// The server's major version; before 15 everybody may create in schema `public`. nil: 15 or newer.
  package var serverVersion: Int?
  /// What calls to functions of extensions do: the shipped ones (`Rules/effects`) and a configuration's. Of several that
  /// fit a call the first counts.
  package var effects: [DeclaredEffect] = []
  package var limits: ParsingLimits = .standard
  /// Units of work that evaluating dynamic SQL may take in all, of some 50 ns each; what is left then is recorded as
  /// not known.
  package var evaluationUnits = 100_000_000

  package init() {}
}
