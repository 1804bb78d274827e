import Glibc

// How fast blealint is, beside what it could not be faster than: an empty process, and the bare C parsers on the same
// bytes in the same run.
//
//   blealint-bench [PATH-TO-BLEALINT] [--rounds N]
//   blealint-bench peers [PATH-TO-BLEALINT] [--rounds N] [--folder TEMPLATES]
//
// `peers` runs it beside cfn-lint, checkov and cloudformation-validate, those of them that are in PATH, on 100
// generated templates or on those of a folder.
//
//   blealint-bench sql [PATH-TO-BLEALINT] [--rounds N] [--squawk PATH] [--folder KEPT] [--only ROW]
//
// `sql` measures replay and analysis on a generated dump and a generated tree of migrations, beside the bare parser
// on one thread and beside squawk; the files are left in a folder that is named. `--only replay` runs one row alone.
//
// Everything is measured in turns, one after the other and round after round, so that a machine that is busy for a
// while slows all of it; medians are printed.

var blealint: String?
var rounds: Int?
var folder: String?
var only: String?
var isAmongPeers = false
var isAboutSQL = false
var squawk = "squawk"
var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
  if argument == "--rounds", let count = arguments.popFirst().flatMap({ Int($0) }), count > 0 {
    rounds = count
  } else if argument == "--folder", let path = arguments.popFirst() {
    folder = path
  } else if argument == "--squawk", let path = arguments.popFirst() {
    squawk = path
  } else if argument == "--only", let name = arguments.popFirst() {
    only = name
  } else if argument == "peers", !isAmongPeers {
    isAmongPeers = true
  } else if argument == "sql", !isAboutSQL {
    isAboutSQL = true
  } else if argument.hasPrefix("-") {
    print("usage: blealint-bench [peers|sql] [PATH-TO-BLEALINT] [--rounds N] [--folder PATH] [--squawk PATH]")
    exit(2)
  } else {
    blealint = argument
  }
}
let counted = rounds ?? (isAmongPeers ? 3 : isAboutSQL ? 5 : 15)
let program = blealint ?? ProcessComparison.neighbour()
print("medians of \(counted) rounds; 1 MB is 1,000,000 bytes")
defer { Launcher.shared.remove() }
if isAmongPeers {
  try PeerComparison(blealint: program, rounds: counted, folder: folder).run()
} else if isAboutSQL {
  try SQLComparison(blealint: program, squawk: squawk, rounds: counted, keptIn: folder, only: only)
    .run()
} else {
  ProcessComparison(blealint: program, rounds: counted * 3).run()
  ReadingComparison(rounds: counted).run()
}
