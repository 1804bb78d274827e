/// A syntax error of libyaml's in the words of someone who writes YAML.
struct YAMLProblem {
  let id: String
  let message: String
  let cure: String
  let range: Range<Int>

  init(bytes: UnsafeBufferPointer<UInt8>, text: String, offset: Int, context: String, contextOffset: Int) {
    id = "yaml-syntax"
    message = "The YAML cannot be read here: \(text)."
    cure = "Mend the line."
    range = min(offset, bytes.count)..<min(offset, bytes.count)
  }
}
