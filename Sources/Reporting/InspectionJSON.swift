import Findings
import SourceText

/// An inspection as blealint's own JSON.
///
/// An object with these members, in this order; places are as in ``JSONReport``.
///
/// - `version`: 1.
/// - `stacks`: `name`, `isNameKnown`, `path`, `account`, `region`, `tags`, `parent`, and the fields `parameters`,
///   `conditions`, `resources` (`logicalID`, `type`, `location`, `source`, `exists`, `properties`, `more`, `attributes`) and
///   `outputs`.
/// - `more`: why there may be more resources. `diagnostics` and `passedOver` as in the report.
///
/// A field has `name`, `cases` and `isCut` (there are more scenarios). A case has `scenarios` (lists of clauses; empty
/// when it holds in all), and a value: `kind` (`absent`, `known`, `expression`, `unknown`, `list`, `map`), then
/// `value`, `reasons`, `elements` or `entries`, `more`, `location` and `hops`.
package enum InspectionJSON {
  /// The value of `version`.
  package static let version = 1

  /// The inspection's text.
  package static func render(_ inspection: Inspection) -> String {
    let files = Set(inspection.files.map(\.id))
    let sources = SourceMap(inspection.files, citing: files)
    return JSONWriter.text { json in
      json.object { Renderer(sources: sources).writeMembers(of: inspection, to: &$0) }
    }
  }

  private struct Renderer {
    let sources: SourceMap

    func writeMembers(of inspection: Inspection, to json: inout JSONWriter) {
      json.member("version", InspectionJSON.version)
      json.objects("stacks", inspection.stacks) { writeMembers(of: $1, to: &$0) }
      json.objects("more", unlessEmpty: inspection.more) { writeMembers(of: $1, to: &$0) }
      json.objects("diagnostics", inspection.diagnostics) { sources.writeMembers(of: $1, to: &$0) }
      json.objects("passedOver", inspection.passedOver) { json, file in
        json.member("path", file.path)
        json.member("reason", file.reason)
      }
    }

    private func writeMembers(of stack: InspectedStack, to json: inout JSONWriter) {
      json.member("name", stack.name)
      json.member("isNameKnown", stack.isNameKnown)
      json.member("path", sources.path(stack.file))
      json.member("account", stack.account)
      json.member("region", stack.region)
      json.object("tags") { json in
        for tag in stack.tags { json.member(named: tag.key) { $0.write(tag.value) } }
      }
      json.member("parent", stack.parent)
      json.objects("parameters", stack.parameters) { writeMembers(of: $1, to: &$0) }
      json.objects("conditions", stack.conditions) { writeMembers(of: $1, to: &$0) }
      json.objects("resources", stack.resources) { writeMembers(of: $1, to: &$0) }
      json.objects("outputs", stack.outputs) { writeMembers(of: $1, to: &$0) }
    }

    private func writeMembers(of resource: InspectedResource, to json: inout JSONWriter) {
      json.member("logicalID", resource.logicalID)
      json.member("type", resource.type)
      json.object("location") { sources.writeMembers(of: resource.location, to: &$0) }
      if let source = resource.source { json.object("source") { sources.writeMembers(of: source, to: &$0) } }
      if let existence = resource.existence { json.object("exists") { writeMembers(of: existence, to: &$0) } }
      json.objects("properties", resource.properties) { writeMembers(of: $1, to: &$0) }
      json.objects("more", unlessEmpty: resource.more) { writeMembers(of: $1, to: &$0) }
      json.objects("attributes", resource.attributes) { writeMembers(of: $1, to: &$0) }
    }

    private func writeMembers(of field: InspectedField, to json: inout JSONWriter) {
      json.member("name", field.name)
      json.objects("cases", field.cases) { json, item in
        json.array("scenarios", item.scenarios) { json, clauses in json.array(clauses) { $0.write($1) } }
        writeMembers(of: item.value, to: &json)
      }
      if field.isCut { json.member("isCut", true) }
    }

    private func writeMembers(of value: InspectedValue, to json: inout JSONWriter) {
      switch value.content {
      case .absent: json.member("kind", "absent")
      case .scalar(let text):
        json.member("kind", "known")
        json.member("value", text)
      case .expression(let text):
        json.member("kind", "expression")
        json.member("value", text)
      case .unknown(let reasons):
        json.member("kind", "unknown")
        json.objects("reasons", reasons) { writeMembers(of: $1, to: &$0) }
      case .list(let elements, let more):
        json.member("kind", "list")
        json.objects("elements", elements) { json, element in
          writeMembers(of: element.value, to: &json)
          json.objects("doubts", unlessEmpty: element.doubts) { writeMembers(of: $1, to: &$0) }
        }
        json.objects("more", unlessEmpty: more) { writeMembers(of: $1, to: &$0) }
      case .map(let entries, let more):
        json.member("kind", "map")
        json.objects("entries", entries) { json, entry in
          json.member("key", entry.key)
          writeMembers(of: entry.value, to: &json)
          json.objects("doubts", unlessEmpty: entry.doubts) { writeMembers(of: $1, to: &$0) }
        }
        json.objects("more", unlessEmpty: more) { writeMembers(of: $1, to: &$0) }
      }
      if let location = value.location {
        json.object("location") { sources.writeMembers(of: location, to: &$0) }
      }
      json.objects("hops", unlessEmpty: value.hops) { json, hop in
        json.member("text", hop.text)
        json.member("isAssumption", hop.isAssumption)
        json.object("location") { sources.writeMembers(of: hop.location, to: &$0) }
      }
    }

    private func writeMembers(of reason: UnknownReason, to json: inout JSONWriter) {
      json.member("text", reason.text)
      json.member("cure", reason.cure)
      if let location = reason.location { json.object("location") { sources.writeMembers(of: location, to: &$0) } }
    }
  }
}
