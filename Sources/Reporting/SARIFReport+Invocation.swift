import Findings
import SourceText

/// What the tool says of its own run.
extension SARIFReport {
  /// A notification, ready to be written.
  private struct Notification {
    let id: String
    let level: String
    let text: String
    var places: [Place] = []

    /// Where a notification is.
    struct Place {
      enum Artifact {
        case span(Span)
        case path(String)
      }

      let artifact: Artifact
      var message: String?
    }
  }

  private static let passedOver = "file-passed-over"
  private static let setAside = "findings-set-aside"

  private var notifications: [Notification] {
    report.diagnostics.map(notification)
      + report.passedOver.map { file in
        Notification(
          id: Self.passedOver, level: "note", text: "'\(file.path)' was not judged: \(file.reason).",
          places: [Notification.Place(artifact: .path(file.path))])
      } + counts.map { Notification(id: Self.setAside, level: "note", text: $0) }
  }

  private func notification(_ diagnostic: Diagnostic) -> Notification {
    var places: [Notification.Place] = []
    if let span = diagnostic.span {
      places.append(Notification.Place(artifact: .span(span)))
    } else if let path = diagnostic.path {
      places.append(Notification.Place(artifact: .path(path)))
    }
    // Notifications have no related locations of their own (SARIF 2.1.0, section 3.58).
    places += diagnostic.related.map { Notification.Place(artifact: .span($0.span), message: $0.message) }
    return Notification(
      id: diagnostic.id, level: diagnostic.severity.rawValue,
      text: [diagnostic.message, diagnostic.cure].compactMap { $0 }.joined(separator: " "), places: places)
  }

  /// The stable names of the notifications that this report carries, in order.
  var notificationIDs: [String] {
    var ids = Set(report.diagnostics.map(\.id))
    if !report.passedOver.isEmpty { ids.insert(Self.passedOver) }
    if !counts.isEmpty { ids.insert(Self.setAside) }
    return ids.sorted()
  }

  /// Writes the members of the run's invocation.
  func writeInvocation(to json: inout JSONWriter) {
    let hasError = report.diagnostics.contains { $0.severity == .error }
    json.member("executionSuccessful", !hasError && report.exitCode != 2)
    json.member("exitCode", report.exitCode)
    var indices: [String: Int] = [:]
    for (index, id) in notificationIDs.enumerated() { indices[id] = index }
    json.objects("toolExecutionNotifications", unlessEmpty: notifications) { json, notification in
      json.object("descriptor") { json in
        json.member("id", notification.id)
        json.member("index", indices[notification.id])
      }
      json.member("level", notification.level)
      json.message(notification.text)
      json.objects("locations", unlessEmpty: notification.places) { json, place in
        switch place.artifact {
        case .span(let span): writePhysicalLocation(span, to: &json)
        case .path(let path): json.object("physicalLocation") { writeArtifactLocation(path: path, to: &$0) }
        }
        if let message = place.message { json.message(message) }
      }
    }
    let overridden = (builtInRules + userRules).filter {
      $0.severity != $0.ownSeverity || $0.parameters.contains { $0.value != $0.defaultValue }
    }
    json.objects("ruleConfigurationOverrides", unlessEmpty: overridden) { writeOverride(of: $1, to: &$0) }
    json.object("properties") { $0.member("asOf", report.asOf) }
  }

  /// Writes what the profile or the user has changed of a rule. SARIF's levels are coarser than severities, so these are
  /// told as well.
  private func writeOverride(of rule: RuleDescription, to json: inout JSONWriter) {
    let severity = rule.severity == rule.ownSeverity ? nil : rule.severity
    let parameters = rule.parameters.filter { $0.value != $0.defaultValue }
    json.object("configuration") { json in
      json.member("level", severity?.sarifLevel)
      if !parameters.isEmpty { json.object("parameters") { write(parameters, to: &$0) } }
      if let severity { json.object("properties") { $0.member("severity", severity.rawValue) } }
    }
    json.object("descriptor") { json in
      json.member("id", rule.id)
      json.member("index", ruleIndices[rule.id])
      if !rule.isBuiltIn { json.object("toolComponent") { $0.member("index", 0) } }
    }
  }

  /// Writes parameters of a rule as members, with the values in force.
  func write(_ parameters: [RuleParameter], to json: inout JSONWriter) {
    for parameter in parameters { json.member(named: parameter.name) { $0.write(parameter.value) } }
  }
}
