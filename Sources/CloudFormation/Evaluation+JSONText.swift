import Documents
import SourceText
import Values

/// `Fn::ToJsonString` (`AWS::LanguageExtensions`).
extension Evaluation {
  /// The JSON text of a value, without white space; holes stay holes.
  mutating func jsonText(_ call: Intrinsic, _ path: String) -> ResolvedValue {
    let value = value(call.argument, path, ignoringTag: call.isShort)
    var fold = StringFold()
    var hops = value.hops
    if let open = write(value, to: &fold, &hops) {
      return ResolvedValue(.unknown(open), origin: origin(call.node, path), hops: hops)
    }
    return ResolvedValue(fold.content, origin: origin(call.node, path), hops: hops)
  }

  /// Appends a value's JSON; an unknown where its very shape is not known.
  private mutating func write(_ value: ResolvedValue, to fold: inout StringFold, _ hops: inout [Hop]) -> Unknown? {
    hops = Evaluation.united(hops, value.hops)
    guard charge(1) else {
      return Unknown(Reason(.budget, "the value takes more steps than blealint allows", at: value.origin?.span))
    }
    switch value.content {
    case .absent: fold.append("null")
    case .unknown(let unknown): return unknown
    case .scalar(let text, let isPlain):
      fold.append(isPlain && Evaluation.isJSONLiteral(text) ? text : Evaluation.quoted(text))
    case .reference, .template, .dynamicReference:
      // A hole holds no quotes: ids, names and ARNs have none.
      fold.append("\"")
      for part in value.stringParts ?? [] {
        switch part {
        case .literal(let text): fold.append(String(Evaluation.quoted(text).dropFirst().dropLast()))
        case .unknown(let unknown): return unknown
        case .reference, .pseudo, .dynamicReference: fold.append(contentsOf: [part])
        }
      }
      fold.append("\"")
    case .list(let elements, let residual):
      if let residual { return residual }
      fold.append("[")
      for (index, element) in elements.enumerated() {
        if let membership = element.membership { return membership }
        if index > 0 { fold.append(",") }
        if let open = write(element.value, to: &fold, &hops) { return open }
      }
      fold.append("]")
    case .map(let entries, let residual):
      if let residual { return residual }
      fold.append("{")
      for (index, entry) in entries.enumerated() {
        if let membership = entry.membership { return membership }
        if index > 0 { fold.append(",") }
        fold.append(Evaluation.quoted(entry.key) + ":")
        if let open = write(entry.value, to: &fold, &hops) { return open }
      }
      fold.append("}")
    }
    return nil
  }

  /// True for what JSON writes without quotes.
  private static func isJSONLiteral(_ text: String) -> Bool {
    if text == "true" || text == "false" { return true }
    var bytes = Array(text.utf8)[...]
    if bytes.first == UInt8(ascii: "-") { bytes = bytes.dropFirst() }
    let isDigit = { (byte: UInt8) in byte >= 0x30 && byte <= 0x39 }
    guard let first = bytes.first, isDigit(first), first != 0x30 || bytes.count == 1 || bytes.dropFirst().first == 0x2E
    else { return false }
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.count <= 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(isDigit) }
  }

  /// A JSON string, escaped as RFC 8259 asks.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\0"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
