import Findings

/// What a run says of the fixes it made, or would make, on standard error.
package enum FixText {
  /// A sentence for what was fixed, a line for each file, and a sentence for each reason why something was left.
  ///
  /// - Parameters:
  ///   - outcome: what came of the fixes.
  ///   - isPlan: whether nothing was written.
  ///   - options: colour and language.
  /// - Returns: the lines, each with its end.
  package static func render(
    _ outcome: FixOutcome, isPlan: Bool, options: RenderingOptions = RenderingOptions()
  ) -> String {
    let wording = Wording(options.language)
    var canvas = TextCanvas(color: options.color, width: options.width)
    for problem in outcome.problems {
      canvas.write("blealint: \(problem)", .high)
      canvas.endLine()
    }
    canvas.write(
      wording.fixed(outcome.fixed, files: outcome.files.count, isPlan: isPlan), outcome.fixed > 0 ? .pass : .plain)
    canvas.endLine()
    if !options.isQuiet {
      for file in outcome.files {
        canvas.write("  ")
        canvas.write(file.path, .place)
        canvas.write(": ")
        canvas.write(
          file.findings.sorted { $0.key < $1.key }.map { $0.value == 1 ? $0.key : "\($0.key) × \($0.value)" }
            .joined(separator: wording.comma))
        canvas.endLine()
      }
    }
    for reason in FixOutcome.Reluctance.allCases {
      guard let count = outcome.left[reason], count > 0 else { continue }
      canvas.write(wording.left(count, reason))
      canvas.endLine()
    }
    return canvas.text
  }
}
