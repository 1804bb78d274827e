import ArgumentParser
import Findings
import Project
import Reporting

/// Whether `check` mends what it finds.
struct FixOptions: ParsableArguments {
  @Flag(help: "Make the safe fixes of failures in the files, and report what is left.")
  var fix = false

  @Flag(
    name: .customLong("unsafe-fixes"),
    help: "With --fix or --diff: also those that may change more than the rule asks.")
  var unsafeFixes = false

  @Flag(help: "Show what --fix would change as a diff for 'git apply', and change nothing.")
  var diff = false

  func validate() throws {
    if fix && diff { throw ValidationError("--diff changes nothing, --fix does. Write one of them.") }
    if unsafeFixes && !fix && !diff {
      throw ValidationError("--unsafe-fixes alone fixes nothing. Add --fix or --diff.")
    }
  }

  var safety: Fix.Safety { unsafeFixes ? .unsafe : .safe }

  /// Writes the difference, and what it is on standard error. Returns the exit code: 1 where there is something to fix,
  /// 2 where some of the input could not be read.
  func show(_ plan: FixPlan, of report: Report, _ rendering: RenderingOptions) -> Int {
    Output.write(UnifiedDiff.render(plan.files, options: rendering))
    let errors = report.diagnostics.filter { $0.severity == .error }
    if !errors.isEmpty {
      Output.write(
        TextReport.render(errors, sources: report.files.map(\.source), options: rendering), to: .standardError)
    }
    Output.write(FixText.render(plan.outcome, isPlan: true, options: rendering), to: .standardError)
    return errors.isEmpty ? (plan.files.isEmpty ? 0 : 1) : 2
  }

  /// Says on standard error what was fixed.
  func tell(_ outcome: FixOutcome, _ rendering: RenderingOptions) {
    Output.write(FixText.render(outcome, isPlan: false, options: rendering), to: .standardError)
  }
}
