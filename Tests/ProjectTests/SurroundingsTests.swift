import Foundation
import Testing

@testable import Project

@Suite struct SurroundingsTests {
  @Test func todayIsADate() throws {
    #expect(try Regex(#"20\d\d-[01]\d-[0-3]\d"#).wholeMatch(in: Today.current()) != nil)
  }

  @Test(arguments: [
    (0, "1970-01-01"), (951_782_400, "2000-02-29"), (951_868_800, "2000-03-01"), (1_709_164_800, "2024-02-29"),
    (1_735_689_599, "2024-12-31"), (1_735_689_600, "2025-01-01"), (4_107_542_400, "2100-03-01"), (-1, "1969-12-31"),
  ])
  func datesFollowTheCalendar(_ seconds: Int, _ date: String) {
    #expect(Today.date(secondsSince1970: seconds) == date)
  }

  @Test func colorNeedsATerminalAndNobodyAgainstIt() {
    func terminal(_ isInteractive: Bool, _ variables: [String: String]) -> Terminal {
      Terminal(isInteractive: isInteractive, windowColumns: isInteractive ? 100 : nil) { variables[$0] }
    }
    #expect(terminal(true, [:]).usesColor)
    #expect(!terminal(false, [:]).usesColor)
    #expect(!terminal(true, ["NO_COLOR": "1"]).usesColor)
    #expect(terminal(true, ["NO_COLOR": ""]).usesColor)
    #expect(!terminal(true, ["TERM": "dumb"]).usesColor)
    #expect(terminal(true, [:]).columns == 100)
    #expect(terminal(true, ["COLUMNS": "72"]).columns == 72)
    #expect(terminal(false, ["COLUMNS": "zero"]).columns == nil)
  }

  @Test func progressNeedsATerminalThatTakesItBack() {
    func showsProgress(_ hasErrorTerminal: Bool, _ variables: [String: String] = [:]) -> Bool {
      Terminal(isInteractive: false, hasErrorTerminal: hasErrorTerminal, windowColumns: nil) { variables[$0] }
        .showsProgress
    }
    #expect(showsProgress(true))
    #expect(!showsProgress(false))
    #expect(!showsProgress(true, ["TERM": "dumb"]))
    #expect(!showsProgress(true, ["CI": "true"]))
  }
}
