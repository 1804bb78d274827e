import Findings
import SourceText

/// JUnit's XML, in the form that Jenkins, GitLab, Azure DevOps and CircleCI read: a test suite for each rule that found
/// something to judge, a test case for each subject.
///
/// A failed judgement is a `failure` with the messages and places in it. One that could not be told is `skipped`, with
/// its message, never a pass; so is one whose findings are all accepted, known to the baseline or beside the change.
/// What is wrong with the inputs is a suite of its own, `inputs`. Suites without time stamps and times: nothing in a
/// report depends on the clock.
package enum JUnitReport {
  /// The report's text.
  package static func render(_ report: Report, language: Language = .en) -> String {
    Renderer(report: report, language: language, sources: SourceMap(report, withJudgements: true)).text
  }
}

private struct Renderer {
  let report: Report
  let language: Language
  let sources: SourceMap

  /// One test case, ready to write.
  private struct Case {
    let className: String
    let name: String
    let outcome: Outcome
  }

  private enum Outcome {
    case passed
    case failure(kind: String, message: String, details: String)
    case error(kind: String, message: String, details: String)
    case skipped(message: String)
  }

  private struct Suite {
    let name: String
    let cases: [Case]

    var failures: Int { cases.count { if case .failure = $0.outcome { true } else { false } } }
    var errors: Int { cases.count { if case .error = $0.outcome { true } else { false } } }
    var skipped: Int { cases.count { if case .skipped = $0.outcome { true } else { false } } }
  }

  var text: String {
    let findings = Dictionary(grouping: report.findings, by: \.rule)
    let setAside = Dictionary(grouping: report.setAside, by: \.finding.rule)
    let judgements = Dictionary(grouping: report.judgements, by: \.rule)
    let suites =
      ([inputs]
      + report.rules.map { rule in
        suite(rule, findings[rule.id] ?? [], setAside[rule.id] ?? [], judgements[rule.id] ?? [])
      })
      .filter { !$0.cases.isEmpty }
    var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<testsuites>"]
    for (index, suite) in suites.enumerated() {
      lines.append("  <testsuite\(XMLText.attributes(attributes(suite, id: index)))>")
      lines.append("    <properties/>")
      for test in suite.cases { lines += rendered(test) }
      lines += ["    <system-out/>", "    <system-err/>", "  </testsuite>"]
    }
    lines.append("</testsuites>")
    return lines.map { $0 + "\n" }.joined()
  }

  private func attributes(_ suite: Suite, id: Int) -> [(String, String)] {
    [
      ("package", "blealint.\(report.projectName)"), ("id", String(id)), ("name", suite.name),
      ("timestamp", "\(report.asOf)T00:00:00"), ("hostname", "localhost"), ("tests", String(suite.cases.count)),
      ("failures", String(suite.failures)), ("errors", String(suite.errors)), ("skipped", String(suite.skipped)),
      ("time", "0"),
    ]
  }

  private func rendered(_ test: Case) -> [String] {
    let head = "    <testcase\(XMLText.attributes([("classname", test.className), ("name", test.name), ("time", "0")]))"
    func element(_ name: String, _ pairs: [(String, String)], _ content: String) -> String {
      "      <\(name)\(XMLText.attributes(pairs))>\(XMLText.escaped(content))</\(name)>"
    }
    return switch test.outcome {
    case .passed: [head + "/>"]
    case .failure(let kind, let message, let details):
      [head + ">", element("failure", [("type", kind), ("message", message)], details), "    </testcase>"]
    case .error(let kind, let message, let details):
      [head + ">", element("error", [("type", kind), ("message", message)], details), "    </testcase>"]
    case .skipped(let message):
      [head + ">", "      <skipped\(XMLText.attributes([("message", message)]))/>", "    </testcase>"]
    }
  }

  /// What is wrong with the inputs.
  private var inputs: Suite {
    Suite(
      name: "inputs",
      cases: report.diagnostics.filter { $0.severity != .note }.map { diagnostic in
        let place = diagnostic.span.map(sources.place) ?? diagnostic.path
        let text = [diagnostic.message, diagnostic.cure].compactMap { $0 }.joined(separator: " ")
        let details = [place, text].compactMap { $0 }.joined(separator: "\n")
        return Case(
          className: "inputs", name: [diagnostic.id, place].compactMap { $0 }.joined(separator: " at "),
          outcome: diagnostic.severity == .error
            ? .error(kind: diagnostic.id, message: text, details: details) : .skipped(message: text))
      })
  }

  private func suite(
    _ rule: RuleDescription, _ findings: [Finding], _ setAside: [SetAsideFinding], _ judgements: [Judgement]
  ) -> Suite {
    let findings = BySubject(findings) { $0 }
    let setAside = BySubject(setAside, finding: \.finding)
    return Suite(
      name: "\(rule.id) \(rule.name)",
      cases: judgements.filter { $0.verdict != .notApplicable }.map { judgement in
        Case(
          className: "\(rule.id).\(rule.name)", name: judgement.subject,
          outcome: outcome(judgement, findings[judgement], setAside[judgement], rule))
      })
  }

  private func outcome(
    _ judgement: Judgement, _ findings: [Finding], _ setAside: [SetAsideFinding], _ rule: RuleDescription
  ) -> Outcome {
    let relevant = findings.filter { $0.verdict == judgement.verdict }
    if relevant.isEmpty, let aside = setAside.first(where: { $0.finding.verdict == judgement.verdict }) {
      return .skipped(message: "\(Wording(language).why(aside)): \(aside.finding.message.plain)")
    }
    let title = rule.title(language).asSentence
    let message = relevant.first?.message.plain ?? title
    let details = relevant.map { "\(sources.place($0.primary.span))\n\($0.message.plain)" } + [title]
    switch judgement.verdict {
    case .pass, .notApplicable: return .passed
    case .fail:
      let severity = relevant.map(\.severity).max() ?? rule.severity
      return .failure(kind: severity.rawValue, message: message, details: details.joined(separator: "\n\n"))
    case .unknown: return .skipped(message: message)
    }
  }
}

/// What there is to say of each subject of a rule. Templates of one project may call their resources alike: what is
/// found on one is not told of another where the place of the subject, at which the steps to a finding begin, tells them
/// apart.
private struct BySubject<Element> {
  private struct Subject: Hashable {
    let name: String
    let span: Span?
  }

  private var placed: [Subject: [Element]] = [:]
  private var named: [String: [Element]] = [:]

  init(_ elements: [Element], finding: (Element) -> Finding) {
    for element in elements {
      let finding = finding(element)
      let span = finding.steps.first?.location.span
      placed[Subject(name: finding.subject, span: span), default: []].append(element)
      named[finding.subject, default: []].append(element)
    }
  }

  subscript(judgement: Judgement) -> [Element] {
    placed[Subject(name: judgement.subject, span: judgement.location?.span)] ?? named[judgement.subject] ?? []
  }
}
