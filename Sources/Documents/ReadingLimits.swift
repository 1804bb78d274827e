/// How much a document may ask of the machine before it is refused.
package struct ReadingLimits: Hashable, Sendable {
  /// How deep collections may nest, counted through aliases.
  package var depth: Int
  /// The size of the file, in bytes.
  package var bytes: Int
  /// How many nodes may be written in the file.
  package var nodes: Int
  /// How many more nodes the aliases and merge keys of a document may stand for, were they written out.
  package var expansion: Int
  /// How many problems are told before the rest is only mentioned.
  package var diagnostics: Int

  /// Generous for anything that people or the CDK write, small enough for a hook.
  package static let standard = ReadingLimits(
    depth: 200, bytes: 256 << 20, nodes: 50_000_000, expansion: 1_000_000, diagnostics: 100)

  /// Limits of one's own; start from ``standard`` to change but one.
  package init(depth: Int, bytes: Int, nodes: Int, expansion: Int, diagnostics: Int) {
    self.depth = depth
    // A span holds 31 bits.
    self.bytes = min(bytes, Int(Int32.max) - 1)
    self.nodes = min(nodes, Int(Int32.max))
    self.expansion = min(expansion, Int(Int32.max))
    self.diagnostics = max(1, diagnostics)
  }
}
