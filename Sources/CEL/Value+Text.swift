extension Value: CustomStringConvertible {
  /// The value as a person reads it in a message: a string as it is, everything else as CEL would write it.
  public var text: String {
    if case .string(let value) = self { return value }
    return description
  }

  /// The value as CEL writes it, strings in quotes.
  public var description: String { described(depth: 0) }

  private func described(depth: Int) -> String {
    guard depth < 64 else { return "…" }
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .int(let value): return String(value)
    case .uint(let value): return String(value)
    case .double(let value): return value.shortestText
    case .string(let value): return value.quoted
    case .bytes(let value): return "b" + String(decoding: value, as: UTF8.self).quoted
    case .timestamp(let value): return value.description
    case .duration(let value): return value.description
    case .type(let value): return value.runtimeName
    case .optional(let value): return value.map { "optional(\($0.described(depth: depth + 1)))" } ?? "optional.none()"
    case .object(let value): return "\(value.typeName)#\(value.id)"
    case .unknown: return "unknown"
    case .error(let error): return "error(\(error.message))"
    case .list(let list):
      var parts = list.elements.map { element in
        element.value.described(depth: depth + 1) + (element.membership == nil ? "" : "?")
      }
      if list.residual != nil { parts.append("…") }
      return "[\(parts.joined(separator: ", "))]"
    case .map(let map):
      var parts = map.entries.map { entry in
        let mark = entry.membership == nil ? "" : "?"
        return "\(entry.key.described(depth: depth + 1)): \(entry.value.described(depth: depth + 1))\(mark)"
      }
      if map.residual != nil { parts.append("…") }
      return "{\(parts.joined(separator: ", "))}"
    }
  }
}

extension Double {
  /// The shortest digits that give the number back, with an exponent from 1e+21 on and below 1e-4, no needless
  /// `.0`: how `string()` spells a number.
  var shortestText: String {
    if isNaN { return "NaN" }
    if isInfinite { return self < 0 ? "-Inf" : "+Inf" }
    var (digits, point) = decimalDigits
    let sign = self.sign == .minus ? "-" : ""
    if digits == [0] { return sign + "0" }
    let exponent = point - 1
    let spelling: (ArraySlice<UInt8>) -> String = { slice in slice.map { String($0) }.joined() }
    if exponent < -4 || exponent >= 21 {
      let mantissa = spelling(digits[..<1]) + (digits.count > 1 ? "." + spelling(digits[1...]) : "")
      let magnitude = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
      return "\(sign)\(mantissa)e\(exponent < 0 ? "-" : "+")\(magnitude)"
    }
    if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + spelling(digits[...]) }
    while digits.count < point { digits.append(0) }
    let whole = spelling(digits[..<point])
    return sign + whole + (digits.count > point ? "." + spelling(digits[point...]) : "")
  }

  /// The shortest digits of the magnitude, and where the point stands among them: 123.4 is ([1,2,3,4], 3).
  var decimalDigits: (digits: [UInt8], point: Int) {
    var digits: [UInt8] = []
    var point: Int?
    var exponent = 0
    var text = magnitude.description.utf8[...]
    if let at = text.firstIndex(of: UInt8(ascii: "e")) {
      exponent = Int(String(text[text.index(after: at)...]) ?? "") ?? 0
      text = text[..<at]
    }
    for byte in text {
      if byte == UInt8(ascii: ".") { point = digits.count } else { digits.append(byte - 0x30) }
    }
    var place = (point ?? digits.count) + exponent
    while digits.count > 1, digits.first == 0 {
      digits.removeFirst()
      place -= 1
    }
    while digits.count > 1, digits.last == 0 { digits.removeLast() }
    return (digits, place)
  }
}

extension String {
  /// The string in double quotes, with CEL's escape sequences.
  var quoted: String {
    var result = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\u{07}": result += "\\a"
      case "\u{08}": result += "\\b"
      case "\u{0C}": result += "\\f"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{0B}": result += "\\v"
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
