import Glibc

// How fast blealint is, beside what it could not be faster than: an empty process, and the bare C parsers on the same
// bytes in the same run.
//
//   blealint-bench [PATH-TO-BLEALINT] [--rounds N]
//
// Everything is measured in turns, one after the other and round after round, so that a machine that is busy for a
// while slows all of it; medians are printed.

var blealint: String?
var rounds = 15
var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
  if argument == "--rounds", let count = arguments.popFirst().flatMap({ Int($0) }), count > 0 {
    rounds = count
  } else if argument.hasPrefix("-") {
    print("usage: blealint-bench [PATH-TO-BLEALINT] [--rounds N]")
    exit(2)
  } else {
    blealint = argument
  }
}
print("medians of \(rounds) rounds; 1 MB is 1,000,000 bytes")
ProcessComparison(blealint: blealint ?? ProcessComparison.neighbour(), rounds: rounds * 3).run()
ReadingComparison(rounds: rounds).run()
