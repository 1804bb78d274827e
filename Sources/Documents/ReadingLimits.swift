/// How much a document may ask of the machine before it is refused.
package struct ReadingLimits: Hashable, Sendable {
  /// How deep collections may nest, counted through aliases.
  package var depth: Int
  /// The size of the file, in bytes.
  package var bytes: Int
  /// How many nodes the document may have, each alias and merge key counting as all that it stands for.
  package var nodes: Int
  /// How many problems are told before the rest is only mentioned.
  package var diagnostics: Int

  /// Generous for anything that people or the CDK write, small enough for a hook.
  package static let standard = ReadingLimits(
    depth: 200, bytes: 256 << 20, nodes: 20_000_000, diagnostics: 100)

  package init(depth: Int, bytes: Int, nodes: Int, diagnostics: Int) {
    self.depth = depth
    // A span holds 31 bits.
    self.bytes = min(bytes, Int(Int32.max) - 1)
    self.nodes = min(nodes, Int(Int32.max))
    self.diagnostics = max(1, diagnostics)
  }
}
