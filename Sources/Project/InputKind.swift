#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a file is, told cheaply from its name and its bytes: good enough to choose a reader, which then says what
/// is wrong inside.
enum InputKind: Hashable {
  case template
  case sql
  /// Python, which may hold SQL.
  case code
  /// Of a kind that blealint has no business with, such as `package.json`.
  case disregarded

  /// What a name promises; nil for a name that promises nothing. A template is still to be told by its content.
  static func promised(by name: String) -> InputKind? {
    let name = name.lowercased()
    if name.hasPrefix(".") || knownNames.contains(name) { return .disregarded }
    if name.hasPrefix("tsconfig."), name.hasSuffix(".json") { return .disregarded }
    // It orders the SQL beside it.
    if name == "sqitch.plan" { return .sql }
    guard let dot = name.lastIndex(of: ".") else { return nil }
    switch name[name.index(after: dot)...] {
    case "yaml", "yml", "json", "template": return .template
    case "sql", "psql", "pgsql": return .sql
    case "py": return .code
    default: return nil
    }
  }

  /// Whether a CDK app may be written in a file, by its name.
  static func isAppSource(_ name: String) -> Bool {
    guard let dot = name.lastIndex(of: "."), !name.hasSuffix(".d.ts") else { return name == "cdk.json" }
    return name == "cdk.json" || ["ts", "js", "py", "java", "cs", "go"].contains(name[name.index(after: dot)...])
  }

  /// YAML and JSON that every repository has and that never is a template.
  private static let knownNames: Set<String> = [
    "package.json", "package-lock.json", "npm-shrinkwrap.json", "tsconfig.json", "jsconfig.json", "cdk.json",
    "cdk.context.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", "composer.json", "deno.json", "jest.config.json",
    "docker-compose.yml", "docker-compose.yaml", "compose.yaml", "compose.yml", "mkdocs.yml", "renovate.json",
  ]

  /// Why the bytes are no CloudFormation template, as a clause; nil when they look like one.
  static func reasonAgainstTemplate(_ bytes: [UInt8]) -> String? {
    // Nearly every template is told by its first key or two.
    var keys = topLevelKeys(bytes, upTo: ["AWSTemplateFormatVersion", "Resources"])
    if keys.contains("AWSTemplateFormatVersion") { return nil }
    guard keys.contains("Resources") else {
      return "no CloudFormation template (no Resources at its top level)"
    }
    if contains("Type", in: bytes), contains("::", in: bytes) { return nil }
    keys = topLevelKeys(bytes, upTo: ["AWSTemplateFormatVersion", "Transform"])
    if keys.contains("AWSTemplateFormatVersion") || keys.contains("Transform") { return nil }
    return "no CloudFormation template (no resource in it has a type such as AWS::RDS::DBCluster)"
  }

  /// Whether the bytes of a `manifest.json` are a cloud assembly's: the CDK wrote it, and it names stacks or
  /// further assemblies.
  static func isAssemblyManifest(_ bytes: [UInt8]) -> Bool {
    let keys = topLevelKeys(bytes, upTo: ["artifacts"])
    guard keys.contains("artifacts") else { return false }
    return keys.contains("version") || contains("aws:cloudformation:stack", in: bytes)
  }

  /// The keys of a document's root mapping, in block style YAML, flow style or JSON, up to the first of some.
  static func topLevelKeys(_ bytes: [UInt8], upTo last: Set<String> = []) -> Set<String> {
    bytes.withUnsafeBufferPointer { buffer in
      var start = 0
      if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
      var lineStart = start
      while start < buffer.count {
        switch buffer[start] {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), 0x0D: start += 1
        case 0x0A:
          start += 1
          lineStart = start
        case UInt8(ascii: "#"), UInt8(ascii: "%"): start = endOfLine(buffer, from: start)
        case _ where isForeignLine(buffer, at: start): start = endOfLine(buffer, from: start)
        case UInt8(ascii: "{"): return flowKeys(buffer, from: start, upTo: last)
        case UInt8(ascii: "-") where buffer[start...].starts(with: [0x2D, 0x2D, 0x2D]):
          // `--- {…}` keeps its document on the marker's line.
          start += 3
        default: return blockKeys(buffer, indent: start - lineStart, from: lineStart, upTo: last)
        }
      }
      return []
    }
  }

  /// Whether a line begins with what JSON and YAML do not know, a `//` comment or a template language's tag: the
  /// document is told by what follows, and its reader says what is wrong with it.
  private static func isForeignLine(_ buffer: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    ["//", "{%", "{{", "{#", "<%"].contains { (mark: StaticString) in
      start + 1 < buffer.count && buffer[start] == mark.utf8Start[0] && buffer[start + 1] == mark.utf8Start[1]
    }
  }

  /// Keys of lines that are indented just as the first one is.
  private static func blockKeys(
    _ buffer: UnsafeBufferPointer<UInt8>, indent: Int, from start: Int, upTo last: Set<String>
  ) -> Set<String> {
    var keys: Set<String> = []
    var line = start
    while line < buffer.count {
      let end = endOfLine(buffer, from: line)
      var index = line
      while index < end, buffer[index] == UInt8(ascii: " ") { index += 1 }
      if index - line == indent, index < end {
        var quote: UInt8?
        if buffer[index] == UInt8(ascii: "\"") || buffer[index] == UInt8(ascii: "'") {
          quote = buffer[index]
          index += 1
        }
        let keyStart = index
        while index < end, index - keyStart < 64, isWordByte(buffer[index]) { index += 1 }
        let keyEnd = index
        if let quote, index < end, buffer[index] == quote { index += 1 }
        while index < end, buffer[index] == UInt8(ascii: " ") { index += 1 }
        if keyEnd > keyStart, index < end, buffer[index] == UInt8(ascii: ":") {
          let key = String(decoding: buffer[keyStart..<keyEnd], as: UTF8.self)
          keys.insert(key)
          if last.contains(key) { return keys }
        }
      }
      line = end + 1
    }
    return keys
  }

  /// Keys at the first level of a flow mapping or a JSON object.
  private static func flowKeys(
    _ buffer: UnsafeBufferPointer<UInt8>, from start: Int, upTo last: Set<String>
  ) -> Set<String> {
    var keys: Set<String> = []
    var depth = 0
    var index = start
    var wordStart: Int?
    var word: Range<Int>?
    while index < buffer.count {
      let byte = buffer[index]
      if depth == 1, isWordByte(byte) {
        if wordStart == nil { wordStart = index }
        index += 1
        continue
      }
      if let begun = wordStart {
        word = begun..<index
        wordStart = nil
      }
      switch byte {
      case UInt8(ascii: "\""):
        let text = index + 1
        index = text
        while index < buffer.count, buffer[index] != byte {
          index += buffer[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        if depth == 1, index < buffer.count { word = text..<index }
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 { return keys }
      case UInt8(ascii: ":"):
        if depth == 1, let range = word, range.count <= 64 {
          let key = String(decoding: buffer[range], as: UTF8.self)
          keys.insert(key)
          if last.contains(key) { return keys }
        }
        word = nil
      case UInt8(ascii: ","): word = nil
      default: break
      }
      index += 1
    }
    return keys
  }

  private static func endOfLine(_ buffer: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    guard start < buffer.count, let base = buffer.baseAddress else { return buffer.count }
    guard let found = memchr(base + start, 0x0A, buffer.count - start) else { return buffer.count }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private static func contains(_ word: StaticString, in bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { buffer in
      guard var start = buffer.baseAddress else { return false }
      let end = start + buffer.count
      let count = word.utf8CodeUnitCount
      while let found = memchr(start, Int32(word.utf8Start[0]), end - start) {
        let candidate = UnsafeRawPointer(found)
        guard end - candidate >= count else { return false }
        if memcmp(candidate, word.utf8Start, count) == 0 { return true }
        start = candidate + 1
      }
      return false
    }
  }
}
