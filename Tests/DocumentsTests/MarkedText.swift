import SourceText

@testable import Documents

/// A test source in which «…» marks regions; the marks are no part of the bytes.
struct MarkedText {
  let source: SourceFile
  let regions: [Range<Int>]

  init(_ text: String) {
    var bytes: [UInt8] = []
    var regions: [Range<Int>] = []
    var starts: [Int] = []
    for character in text.unicodeScalars {
      switch character {
      case "«": starts.append(bytes.count)
      case "»": if let start = starts.popLast() { regions.append(start..<bytes.count) }
      default: bytes.append(contentsOf: Array(String(character).utf8))
      }
    }
    source = SourceFile(id: FileID(7), path: "test", bytes: bytes)
    self.regions = regions
  }

  /// The span of the only mark.
  var span: Span? { regions.first.map { Span(source.id, $0) } }

  func text(_ span: Span?) -> String { span.map { "«\(source.text($0))»@\($0.lower)" } ?? "nothing" }
}

extension Node {
  /// The node at a path of keys and indices, such as `a.0.b`.
  func at(_ path: String) -> Node? {
    var node: Node? = self
    for step in path.split(separator: ".") {
      if let index = Int(step), node?.kind == .sequence {
        node = node.flatMap { index < $0.items.count ? $0.items[index] : nil }
      } else {
        node = node?[String(step)]
      }
    }
    return node
  }

  /// This node and all below it, each once however many aliases lead to it.
  var all: [Node] {
    var found: [Node] = []
    var seen: Set<Node> = [self]
    var waiting = [self]
    while let node = waiting.popLast() {
      found.append(node)
      for next in node.items + node.entries.flatMap({ [$0.key, $0.value] }) where seen.insert(next).inserted {
        waiting.append(next)
      }
    }
    return found
  }
}
