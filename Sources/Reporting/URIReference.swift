/// Relative URI references, as SARIF wants its files named: percent-encoded, with forward slashes, without a machine's
/// own paths.
enum URIReference {
  /// The reference for a path relative to the project's root.
  ///
  /// Everything but RFC 3986's unreserved characters and what may stand bare in a path is percent-encoded in UTF-8. A
  /// colon is encoded too, since before the first slash it would end a scheme; `.` segments and leading slashes are
  /// dropped, for an absolute or climbing reference loses its annotations at GitHub.
  static func relative(_ path: String) -> String {
    var segments: [String] = []
    for segment in path.split(whereSeparator: { $0 == "/" || $0 == "\\" }) where segment != "." {
      if segment == ".." {
        if !segments.isEmpty { segments.removeLast() }
      } else {
        segments.append(encoded(segment))
      }
    }
    return segments.joined(separator: "/")
  }

  private static func encoded(_ segment: Substring) -> String {
    var text = ""
    for byte in segment.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"), UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"),
        UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","),
        UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "@"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        text += "%" + (byte < 0x10 ? "0" : "") + digits
      }
    }
    return text
  }
}
