import SourceText

/// Finds the way back from a YAML scalar's decoded text to the bytes it was written with.
enum YAMLScalarMap {
  /// The decoded text with its places; nil when the walk does not lead to `text`, which libyaml decoded.
  static func mapped(
    _ bytes: UnsafeBufferPointer<UInt8>, _ content: Range<Int>, _ style: ScalarStyle, _ text: ArraySlice<UInt8>,
    in file: FileID
  ) -> MappedText? {
    nil
  }
}
