import Findings

/// A framework's controls, one by one, for a terminal.
struct FrameworkText {
  let outcome: FrameworkOutcome
  let sources: SourceMap
  let wording: Wording
  let asOf: String

  func write(on canvas: inout TextCanvas) {
    let framework = outcome.framework
    canvas.leaveBlankLine()
    let name = framework.title?(wording.language) ?? Framework(id: framework.id).name
    canvas.paragraph(wording.evidenceHeading(name, asOf: asOf), indent: 0, .strong)
    canvas.paragraph("\(wording.totals(outcome))\(wording.fullStop)", indent: 0)
    for group in outcome.groups {
      if let title = group.title {
        canvas.leaveBlankLine()
        canvas.paragraph(title(wording.language), indent: 0, .strong)
      }
      for control in group.controls { write(control, on: &canvas) }
    }
  }

  private func write(_ outcome: FrameworkOutcome.ControlOutcome, on canvas: inout TextCanvas) {
    canvas.leaveBlankLine()
    canvas.write(outcome.control.id, .strong)
    canvas.write(" ")
    canvas.write(wording.status(outcome.status), outcome.status.style)
    canvas.endLine()
    if let title = outcome.control.title { canvas.paragraph(title(wording.language).asSentence, indent: 2) }
    for rule in outcome.rules {
      canvas.write("    ")
      canvas.write(wording(rule.verdict), rule.verdict.style)
      canvas.write(" \(rule.id) \(rule.name)")
      canvas.endLine()
      for row in rule.rows {
        canvas.write("      ")
        // Where all came to the same, the rule's line has said it.
        if row.verdict != rule.verdict {
          canvas.write(wording(row.verdict), row.verdict.style)
          canvas.write(": ")
        }
        canvas.write(row.subject, .dim)
        if let location = row.location {
          canvas.write("  ")
          canvas.write(sources.place(location.span), .place)
        }
        canvas.endLine()
        if let message = row.message { canvas.paragraph(message, indent: 8) }
      }
    }
    if !outcome.notJudged.isEmpty {
      canvas.paragraph("\(wording.notJudged) \(outcome.notJudged.joined(separator: ", "))", indent: 4, .dim)
    }
    if let beyond = outcome.control.beyondFiles {
      canvas.paragraph("\(wording.beyondFiles) \(beyond(wording.language))", indent: 4, .dim)
    }
  }
}

extension FrameworkOutcome.Status {
  var style: TextCanvas.Style {
    switch self {
    case .pass: .pass
    case .fail: .high
    case .unknown: .medium
    case .notApplicable, .beyondFiles: .dim
    }
  }
}
