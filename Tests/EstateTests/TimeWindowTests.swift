import Testing

@testable import Estate

@Suite struct TimeWindowTests {
  @Test(arguments: [
    ("17:00-18:00", "sun:17:30-sun:18:30", true), ("17:00-18:00", "sun:18:00-sun:19:00", false),
    ("23:30-00:30", "wed:00:00-wed:00:30", true), ("00:10-00:40", "Sun:23:45-Mon:00:15", true),
    ("mon:01:00-mon:02:00", "tue:01:00-tue:02:00", false), ("03:00-04:00", "sun:00:00-mon:00:00", true),
    ("03:00-03:00", "02:00-04:00", false),
  ])
  func overlapIsSymmetric(_ a: String, _ b: String, _ overlaps: Bool) throws {
    let (first, second) = (try #require(TimeWindow(a)), try #require(TimeWindow(b)))
    #expect(first.overlaps(second) == overlaps)
    #expect(second.overlaps(first) == overlaps)
  }

  @Test(arguments: [
    ("03:00-04:00", 540, "12:00-13:00"), ("17:00-18:00", 540, "02:00-03:00"), ("00:30-01:00", -60, "23:30-00:00"),
    ("sun:18:30-sun:19:00", 540, "mon:03:30-mon:04:00"), ("mon:00:00-mon:01:00", -30, "sun:23:30-mon:00:30"),
  ])
  func windowsShift(_ written: String, _ minutes: Int, _ shifted: String) throws {
    #expect(try #require(TimeWindow(written)).shifted(by: minutes).text == shifted)
  }

  @Test(arguments: ["", "17:00", "17:00-24:00", "7:00-8:00", "17:00-sun:18:00", "day:17:00-day:18:00", "１7:00-18:00"])
  func whatIsNoWindow(_ text: String) { #expect(TimeWindow(text) == nil) }

  @Test func lengthsGoOverMidnight() throws {
    #expect(try #require(TimeWindow("23:45-00:15")).length == 30)
    #expect(try #require(TimeWindow("sun:23:45-mon:00:15")).length == 30)
  }
}
