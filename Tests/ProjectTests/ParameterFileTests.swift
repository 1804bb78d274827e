import SourceText
import Testing

@testable import Project

/// The forms in which parameter files are written.
@Suite struct ParameterFileTests {
  private func read(_ text: String, _ path: String = "parameters.json") -> ParameterFile {
    ParameterFile(SourceFile(id: FileID(0), path: path, bytes: Array(text.utf8)))
  }

  @Test(arguments: [
    ##"[{"ParameterKey": "Stage", "ParameterValue": "prod"}, {"ParameterKey": "Zones", "ParameterValue": "a,c"}]"##,
    ##"{"Parameters": {"Stage": "prod", "Zones": ["a", "c"]}}"##, ##"["Stage=prod", "Zones=a,c"]"##,
    ##"{"Parameters": [{"ParameterKey": "Stage", "ParameterValue": "prod"}, "Zones=a,c"], "Tags": {"A": "B"}}"##,
  ])
  func everyFormIsRead(_ text: String) {
    let file = read(text)
    #expect(file.diagnostics.isEmpty)
    #expect(file.parameters == ["Stage": "prod", "Zones": "a,c"])
  }

  @Test func yamlIsReadToo() {
    #expect(read("Parameters:\n  Stage: prod\n", "prod.yaml").parameters == ["Stage": "prod"])
  }

  @Test func thePreviousValueIsNotKnown() {
    let file = read(##"[{"ParameterKey": "Stage", "UsePreviousValue": true}]"##)
    #expect(file.diagnostics.isEmpty)
    #expect(file.parameters.isEmpty)
  }

  @Test(arguments: [
    "", "7", "{}", ##"[{"ParameterValue": "x"}]"##, ##"[{"ParameterKey": "x"}]"##, ##"{"Parameters": {"A": null}}"##,
    ##"{"Parameters": {"A": {"B": 1}}}"##,
  ])
  func whatIsMalformedIsSaid(_ text: String) {
    let file = read(text)
    #expect(file.diagnostics.contains { $0.severity == .error })
    #expect(file.parameters.isEmpty)
  }
}
