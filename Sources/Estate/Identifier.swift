/// Names as people put them together of words.
enum Identifier {
  /// The words in lower case. A word ends where anything but a letter or digit stands, where a small letter is followed
  /// by a capital (`userEmail`), and before the last capital of several (`IPAddress`).
  static func words(of name: String) -> [String] {
    let scalars = Array(name.unicodeScalars)
    var words: [String] = []
    var word = ""
    for (index, scalar) in scalars.enumerated() {
      let properties = scalar.properties
      guard properties.isAlphabetic || properties.numericType != nil else {
        if !word.isEmpty { words.append(word) }
        word = ""
        continue
      }
      if properties.isUppercase, index > 0 {
        let before = scalars[index - 1].properties
        let after = index + 1 < scalars.count ? scalars[index + 1].properties : nil
        if before.isLowercase || before.numericType != nil || before.isUppercase && after?.isLowercase == true,
          !word.isEmpty
        {
          words.append(word)
          word = ""
        }
      }
      word += properties.lowercaseMapping
    }
    if !word.isEmpty { words.append(word) }
    return words
  }
}
