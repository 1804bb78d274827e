import Documents
import SourceText

extension DocumentFormat {
  /// How a template's file is to be read: by its ending, and where that says nothing (`.template` is used for both,
  /// as CloudFormation looks at the content alone), by its first character that is no white space.
  init(of source: SourceFile) {
    guard source.path.hasSuffix(".template") else {
      self = source.path.hasSuffix(".json") ? .json : .yaml
      return
    }
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let bytes = source.bytes.starts(with: byteOrderMark) ? source.bytes.dropFirst(3) : source.bytes[...]
    let whiteSpace = Array(" \t\r\n".utf8)
    let first = bytes.first { !whiteSpace.contains($0) }
    self = first == UInt8(ascii: "{") ? .json : .yaml
  }
}
