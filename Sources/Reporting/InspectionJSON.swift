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
    return JSONWriter.text(Renderer(sources: sources).document(inspection))
  }

  private struct Renderer {
    let sources: SourceMap

    func document(_ inspection: Inspection) -> JSONValue {
      [
        "version": .int(InspectionJSON.version),
        "stacks": .array(inspection.stacks.map(stack)),
        "more": JSONValue.filled(inspection.more.map(reason)),
        "diagnostics": .array(inspection.diagnostics.map(sources.json)),
        "passedOver": .array(
          inspection.passedOver.map { ["path": .string($0.path), "reason": .string($0.reason)] }),
      ]
    }

    private func stack(_ stack: InspectedStack) -> JSONValue {
      [
        "name": .string(stack.name),
        "isNameKnown": .bool(stack.isNameKnown),
        "path": .string(sources.path(stack.file)),
        "account": stack.account.map(JSONValue.string),
        "region": stack.region.map(JSONValue.string),
        "tags": .object(stack.tags.map { JSONValue.Member($0.key, .string($0.value)) }),
        "parent": stack.parent.map(JSONValue.string),
        "parameters": .array(stack.parameters.map(field)),
        "conditions": .array(stack.conditions.map(field)),
        "resources": .array(stack.resources.map(resource)),
        "outputs": .array(stack.outputs.map(field)),
      ]
    }

    private func resource(_ resource: InspectedResource) -> JSONValue {
      [
        "logicalID": .string(resource.logicalID),
        "type": .string(resource.type),
        "location": sources.json(resource.location),
        "source": resource.source.map { sources.json($0) },
        "exists": resource.existence.map(field),
        "properties": .array(resource.properties.map(field)),
        "more": JSONValue.filled(resource.more.map(reason)),
        "attributes": .array(resource.attributes.map(field)),
      ]
    }

    private func field(_ field: InspectedField) -> JSONValue {
      [
        "name": .string(field.name),
        "cases": .array(
          field.cases.map { item in
            .object(
              [JSONValue.Member("scenarios", .array(item.scenarios.map { .array($0.map(JSONValue.string)) }))]
                + members(of: item.value))
          }),
        "isCut": field.isCut ? .bool(true) : nil,
      ]
    }

    private func members(of value: InspectedValue) -> [JSONValue.Member] {
      let content: JSONValue =
        switch value.content {
        case .absent: ["kind": .string("absent")]
        case .scalar(let text): ["kind": .string("known"), "value": .string(text)]
        case .expression(let text): ["kind": .string("expression"), "value": .string(text)]
        case .unknown(let reasons): ["kind": .string("unknown"), "reasons": .array(reasons.map(reason))]
        case .list(let elements, let more):
          [
            "kind": .string("list"),
            "elements": .array(elements.map { .object(members(of: $0.value) + doubts($0.doubts)) }),
            "more": JSONValue.filled(more.map(reason)),
          ]
        case .map(let entries, let more):
          [
            "kind": .string("map"),
            "entries": .array(
              entries.map {
                .object([JSONValue.Member("key", .string($0.key))] + members(of: $0.value) + doubts($0.doubts))
              }),
            "more": JSONValue.filled(more.map(reason)),
          ]
        }
      guard case .object(var members) = content else { return [] }
      if let location = value.location { members.append(JSONValue.Member("location", sources.json(location))) }
      if !value.hops.isEmpty {
        members.append(
          JSONValue.Member(
            "hops",
            .array(
              value.hops.map {
                [
                  "text": .string($0.text), "isAssumption": .bool($0.isAssumption),
                  "location": sources.json($0.location),
                ]
              })))
      }
      return members
    }

    /// Why the value may not be there.
    private func doubts(_ reasons: [UnknownReason]) -> [JSONValue.Member] {
      reasons.isEmpty ? [] : [JSONValue.Member("doubts", .array(reasons.map(reason)))]
    }

    private func reason(_ reason: UnknownReason) -> JSONValue {
      [
        "text": .string(reason.text), "cure": reason.cure.map(JSONValue.string),
        "location": reason.location.map { sources.json($0) },
      ]
    }
  }
}
