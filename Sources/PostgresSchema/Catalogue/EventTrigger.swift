import Values

/// An event trigger.
package struct EventTrigger: Hashable, Sendable {
  package var name: String
  package let event: String
  package let functionName: String
  /// The command tags of `WHEN TAG IN (…)`; empty for any.
  package var tags: [String] = []
  package let origin: Origin
  package var enabled: Fact<Trigger.Enablement>
}
