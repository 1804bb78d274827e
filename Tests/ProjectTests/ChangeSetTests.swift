import SourceText
import Testing

@testable import Project

@Suite struct ChangeSetTests {
  private let source = SourceFile(id: FileID(0), path: "a/b.sql", bytes: Array("one\ntwo\nthree\nfour\n".utf8))

  private func places(_ diff: String, untracked: [String] = []) -> [ChangeSet.Place]? {
    ChangeSet(revision: "x", diff: Array(diff.utf8), untracked: untracked).places(in: source)
  }

  @Test func hunksBecomeBytes() {
    let diff = """
      diff --git a/b.sql a/b.sql
      --- a/b.sql
      +++ a/b.sql
      @@ -2 +2 @@ one
      -zwei
      +two
      @@ -9,2 +3,0 @@
      -+++ c.sql
      -@@ -1 +1 @@
      """
    let places = places(diff)
    #expect(places?.map(\.range) == [4..<7, 13..<14])
    #expect(places?.map(\.isRemoval) == [false, true])
  }

  @Test func otherFilesAreNotTouched() {
    #expect(places("+++ other.sql\n@@ -1 +1 @@\n-a\n+b\n") == nil)
    #expect(places("--- a/b.sql\n+++ /dev/null\n@@ -1,4 +0,0 @@\n") == nil)
  }

  @Test func namesAreUnquoted() {
    let umlaut = SourceFile(id: FileID(0), path: "größe.sql", bytes: Array("a\n".utf8))
    let quoted = ChangeSet(
      revision: "x", diff: Array(#"+++ "gr\303\266\303\237e.sql""#.utf8) + Array("\n@@ -0,0 +1 @@\n+a\n".utf8))
    #expect(quoted.places(in: umlaut)?.count == 1)
    #expect(places("", untracked: ["a/b.sql"])?.first?.range == 0..<19)
  }

  /// A diff is what another program says: whatever it is, nothing breaks.
  @Test func nonsenseIsNoChange() {
    for diff in ["@@", "@@ -1 +1 @@", "+++ a/b.sql\n@@ -x +y @@", "+++ a/b.sql\n@@ -1 +99999999999999999999 @@"] {
      #expect(places(diff) == nil)
    }
    #expect(places("+++ a/b.sql\n@@ -1 +5000000,9 @@\n")?.count == 1)
  }
}
