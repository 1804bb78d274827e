import Findings
import SourceText
import Testing

@testable import Reporting

/// What a terminal shows: columns, windows and safety.
@Suite struct TextTests {
  private func excerpt(_ marked: String, limit: Int = 60) -> (text: String, underlined: String) {
    let source = MarkedSource(0, "a", marked)
    let excerpt = LineExcerpt(
      source.file.bytes, line: 0..<source.file.bytes.count, region: source["r"].range, limit: limit)
    return (excerpt.text, underlined(excerpt))
  }

  /// The text above the underline, told by columns.
  private func underlined(_ excerpt: LineExcerpt) -> String {
    var column = 0
    var found = ""
    for cell in DisplayText(excerpt.text).cells {
      if let marked = excerpt.marked, marked.contains(column) { found += cell.text }
      column += cell.width
    }
    return found
  }

  @Test(arguments: [
    ("abc", 3), ("鍵", 2), ("ｱ", 1), ("Ａ", 2), ("🔑", 2), ("👨‍👩‍👧", 2), ("🇯🇵", 2), ("❤️", 2), ("e\u{301}", 1), ("か\u{3099}", 2),
    ("한", 2), ("\u{1112}\u{1161}\u{11AB}", 2), ("©", 1), ("…", 1), ("𠮷", 2),
  ])
  func columns(_ text: String, _ width: Int) { #expect(DisplayText.width(text) == width) }

  @Test func underlinesAlign() {
    #expect(excerpt("a: «r:b»") == ("a: b", "b"))
    #expect(excerpt("注文: «r:鍵🔑» # 鍵") == ("注文: 鍵🔑 # 鍵", "鍵🔑"))
    #expect(excerpt("\tx\t«r:y»") == ("    x   y", "y"))
    #expect(LineExcerpt(Array("注文: x".utf8), line: 0..<9, region: 8..<9, limit: 60).marked == 6..<7)
  }

  @Test func anEmptyRegionHasOneColumn() {
    #expect(LineExcerpt(Array("ab".utf8), line: 0..<2, region: 2..<2, limit: 60).marked == 2..<3)
    #expect(LineExcerpt([], line: 0..<0, region: 0..<0, limit: 60).marked == 0..<1)
  }

  @Test func longLinesAreCutAroundTheRegion() {
    let filler = String(repeating: "x", count: 5000)
    let (text, underlined) = excerpt("\(filler) key: «r:false» \(filler)")
    #expect(text.hasPrefix("…x") && text.hasSuffix("x…"))
    #expect(underlined == "false")
    #expect(DisplayText.width(text) <= 60)
  }

  @Test func escapedLineEndsBoundTheWindow() {
    let filler = String(repeating: "SELECT 1;\\n", count: 700)
    #expect(excerpt("\"\(filler)GRANT ALL TO «r:PUBLIC»;\\n\(filler)\"") == ("…GRANT ALL TO PUBLIC;…", "PUBLIC"))
    // An escaped backslash before an n is no line end.
    let path = String(repeating: "y", count: 70)
    #expect(excerpt("\(path)C:\\\\new «r:z»").text.contains("C:\\\\new z"))
  }

  @Test func longRegionsShowBothEnds() {
    let (text, underlined) = excerpt("a«r:BEGIN\(String(repeating: "鍵", count: 900))END»z")
    #expect(text.hasPrefix("…BEGIN鍵") && text.hasSuffix("鍵END…"))
    #expect(underlined.hasPrefix("BEGIN") && underlined.hasSuffix("END"))
    #expect(DisplayText.width(text) <= 60)
  }

  @Test(arguments: 24...80) func everyWidthHolds(_ limit: Int) {
    for marked in [
      "«r:\(String(repeating: "a", count: 200))»", "\(String(repeating: "鍵", count: 99))«r:»",
      "«r:x»\(String(repeating: "🔑", count: 99))", "\(String(repeating: "a\\n", count: 99))«r:鍵\\n鍵»\\n",
    ] {
      let (text, _) = excerpt(marked, limit: limit)
      #expect(DisplayText.width(text) <= limit)
    }
  }

  @Test func invalidUTF8IsShownAsSuch() {
    let cells = DisplayText([0x61, 0xFF, 0xE9, 0x8D, 0x62] as [UInt8]).cells
    #expect(cells.map(\.text) == ["a", "\u{FFFD}", "\u{FFFD}", "b"])
    #expect(cells.map(\.bytes) == [0..<1, 1..<2, 2..<4, 4..<5])
  }

  @Test func nothingDrivesTheTerminal() {
    let attack = "\u{1B}]0;owned\u{07}\u{202E}\u{9B}31m\u{200B}"
    let source = MarkedSource(0, "a\u{1B}[2J.yaml", "«r:\(attack)»\n")
    let report = Report(
      toolVersion: "0", projectName: "p", rules: [],
      findings: [
        Finding(
          rule: attack, verdict: .fail, obligation: "o", severity: .low, message: Message(attack),
          primary: Location(source["r"], path: attack, kind: attack), scenarios: [attack], subject: attack)
      ], judgements: [], diagnostics: [Diagnostic("d", .error, attack, cure: attack, path: attack)],
      files: [ReadFile(source: source.file, role: .template, language: "yaml")],
      passedOver: [PassedOver(path: attack, reason: attack)], asOf: "", exitCode: 2)
    let text = render(report, as: .text, options: RenderingOptions(evidence: true))
    let driving = text.unicodeScalars.filter { [.control, .format].contains($0.properties.generalCategory) }
    #expect(driving.allSatisfy { $0 == "\n" })
    #expect(text.contains("\\u{1B}]0;owned\\u{7}\\u{202E}\\u{9B}31m\\u{200B}"))
  }

  @Test func wrapping() {
    #expect(DisplayText.wrapped("one two three four five six", width: 20) == ["one two three four", "five six"])
    #expect(
      DisplayText.wrapped("鍵は自動でローテーションされる。次の文。", width: 20) == ["鍵は自動でローテーシ", "ョンされる。次の文。"])
    #expect(DisplayText.wrapped("", width: 20) == [""])
    #expect(DisplayText.wrapped(String(repeating: "a", count: 45), width: 20).map(\.count) == [20, 20, 5])
  }

  @Test func aCleanReportSaysWhatWasJudged() {
    var report = SampleReport.report
    report.findings = []
    report.diagnostics = []
    report.passedOver = []
    report.judgements = [Judgement(rule: "BLEA-KMS-001", verdict: .pass, subject: "key", location: nil)]
    report.exitCode = 0
    #expect(
      render(report, as: .text) == """
        Read 3 files (2 templates, 1 schema).
        Rules: 6 (1 passed, 5 not applicable).
        Judgements: 1 (1 passed).
        No failures.

        """)
  }

  @Test func aByteOrderMarkTakesNoColumn() {
    let source = SourceFile(id: FileID(0), path: "a.yaml", bytes: [0xEF, 0xBB, 0xBF] + Array("a: b\n".utf8))
    let text = TextReport.render(
      [Diagnostic("d", .warning, "M.", at: Span(FileID(0), 6..<7))], sources: [source])
    #expect(text == "a.yaml:1:4 warning d\n  M.\n    |\n  1 | a: b\n    |    ^\n")
  }

  @Test func fixesShowTheLinesTheyChange() {
    let source = MarkedSource(0, "a.yaml", "a: 1\r\nb: «x:false»\r\n«y:c»: 2\r\n")
    let sources = SourceMap([source.file], citing: [FileID(0)])
    func preview(_ edits: [TextEdit]) -> [String] {
      FixPreview(Fix("F.", edits: edits, safety: .safe), sources: sources, limit: 80).rows
        .map { "\($0.change.rawValue)\($0.line.map(String.init) ?? "") \($0.text)" }
    }
    #expect(preview([TextEdit(source["x"], "true")]) == ["-2 b: false", "+ b: true"])
    #expect(
      preview([TextEdit(source["y"], "d"), TextEdit(source["x"], "鍵")]) == [
        "-2 b: false", "-3 c: 2", "+ b: 鍵", "+ d: 2",
      ])
    #expect(preview([TextEdit(Span(FileID(0), 4..<4), "\r\nz: 0")]) == ["+ z: 0"])
    #expect(preview([TextEdit(Span(FileID(0), 0..<6), "")]) == ["-1 a: 1"])
    // Overlapping edits are no fix, and are not shown as one.
    #expect(preview([TextEdit(source["x"], "true"), TextEdit(source["x"], "no")]).isEmpty)
    #expect(preview([]).isEmpty)
  }

  /// A template may be one line of megabytes, with thousands of findings: each preview looks at what stands around.
  @Test(.timeLimit(.minutes(5))) func previewsOfLongLinesTakeNoLonger() {
    let filler = String(repeating: "鍵, ", count: 200_000)
    let source = MarkedSource(0, "a.json", "{\(filler)b: «x:false»\(filler)}")
    let sources = SourceMap([source.file], citing: [FileID(0)])
    var texts: Set<[String]> = []
    for _ in 0..<600 {
      let fix = Fix("F.", edits: [TextEdit(source["x"], "true")], safety: .safe)
      texts.insert(FixPreview(fix, sources: sources, limit: 40).rows.map(\.text))
    }
    #expect(texts.count == 1)
    let rows = texts.first ?? []
    #expect(rows.count == 2 && rows[0].contains("b: false鍵") && rows[1].contains("b: true鍵"))
    #expect(rows.allSatisfy { $0.hasPrefix("…") && $0.hasSuffix("…") && DisplayText.width($0) <= 40 })
  }
}
