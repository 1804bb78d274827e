import Foundation

// Where blealint and other tools agree, on templates that come with the other tools' verdicts.
//
//   blealint-peers FOLDER [--data FOLDER] [--all]
//
// FOLDER holds manifest.json: a list of {peer, control, check, file, resource, expected}, where `expected` is pass, fail
// or skip and `resource` a logical id, or null for the whole template. `--data` (Fixtures/peers) holds
// controls.yaml, which of our rules answers which control with which settings, and settled.yaml, the disagreements that
// somebody has looked at. Exit 1: a disagreement that is not settled or in which the peer
// is right, or a settled one that is none any more.

var folder: String?
var data = "Fixtures/peers"
var showsAll = false
var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
  if argument == "--data", let path = arguments.popFirst() {
    data = path
  } else if argument == "--all" {
    showsAll = true
  } else if folder == nil, !argument.hasPrefix("-") {
    folder = argument
  } else {
    folder = nil
    break
  }
}
guard let folder else {
  print("usage: blealint-peers FOLDER [--data FOLDER] [--all]")
  exit(2)
}
do {
  let agreement = try Agreement(
    cases: Case.read(URL(filePath: folder)), controls: Control.read(URL(filePath: data)),
    settled: Settlement.read(URL(filePath: data)))
  exit(agreement.report(in: URL(filePath: folder), showingAll: showsAll) ? 0 : 1)
} catch {
  print("\(error)")
  exit(2)
}
