import Findings

extension TextReport {
  /// The last lines of the text report: what was judged and what came of it.
  package static func summary(_ report: Report, options: RenderingOptions = RenderingOptions()) -> String {
    var text = TextReport(report, options: options)
    text.writeSummary()
    return text.canvas.text
  }
}
