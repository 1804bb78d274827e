/// The `format` of cel-go's strings extension.
enum Format {
  static func result(_ template: String, _ values: [Value]) -> Value {
    var result = ""
    var rest = Array(template.unicodeScalars)[...]
    var next = 0
    while let scalar = rest.popFirst() {
      guard scalar == "%" else {
        result.unicodeScalars.append(scalar)
        continue
      }
      if rest.first == "%" {
        rest.removeFirst()
        result += "%"
        continue
      }
      var precision: Int?
      if rest.first == "." {
        rest.removeFirst()
        let digits = rest.prefix { ("0"..."9").contains($0) }
        rest = rest.dropFirst(digits.count)
        guard let number = Int(String(digits)), number <= 1_000 else { return invalid("its precision is not a number") }
        precision = number
      }
      guard let verb = rest.popFirst() else { return invalid("it ends within a clause") }
      guard next < values.count else { return invalid("it has more clauses than there are values") }
      guard let text = text(values[next], verb, precision) else {
        return invalid("'%\(verb)' does not take '\(values[next].runtimeType)'")
      }
      result += text
      next += 1
    }
    guard result.utf8.count <= Arithmetic.lengthLimit else { return Arithmetic.tooLong }
    return .string(result)
  }

  private static func invalid(_ reason: String) -> Value {
    StandardLibrary.invalid("The format cannot be filled in: \(reason).")
  }

  private static func text(_ value: Value, _ verb: Unicode.Scalar, _ precision: Int?) -> String? {
    switch (verb, value) {
    case ("s", _): return plain(value)
    case ("d", .int), ("d", .uint): return value.text
    case ("d", .double(let number)) where !number.isFinite: return infinity(number)
    case ("f", .double(let number)): return fixed(number, precision ?? 6)
    case ("f", .int(let number)): return fixed(Double(number), precision ?? 6)
    case ("f", .uint(let number)): return fixed(Double(number), precision ?? 6)
    case ("e", .double(let number)): return scientific(number, precision ?? 6)
    case ("e", .int(let number)): return scientific(Double(number), precision ?? 6)
    case ("e", .uint(let number)): return scientific(Double(number), precision ?? 6)
    case ("b", .bool(let flag)): return flag ? "1" : "0"
    case ("b", .int(let number)): return String(number, radix: 2)
    case ("b", .uint(let number)): return String(number, radix: 2)
    case ("o", .int(let number)): return String(number, radix: 8)
    case ("o", .uint(let number)): return String(number, radix: 8)
    case ("x", .string(let text)): return hexadecimal(Array(text.utf8), isUpper: false)
    case ("X", .string(let text)): return hexadecimal(Array(text.utf8), isUpper: true)
    case ("x", .bytes(let bytes)): return hexadecimal(bytes, isUpper: false)
    case ("X", .bytes(let bytes)): return hexadecimal(bytes, isUpper: true)
    case ("x", .int(let number)): return String(number, radix: 16)
    case ("X", .int(let number)): return String(number, radix: 16, uppercase: true)
    case ("x", .uint(let number)): return String(number, radix: 16)
    case ("X", .uint(let number)): return String(number, radix: 16, uppercase: true)
    default: return nil
    }
  }

  /// Strings without quotes, also inside lists and maps, whose keys are sorted.
  private static func plain(_ value: Value) -> String {
    switch value {
    case .double(let number) where !number.isFinite: infinity(number)
    case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
    case .list(let list): "[" + list.elements.map { plain($0.value) }.joined(separator: ", ") + "]"
    case .map(let map):
      "{" + map.entries.map { "\(plain($0.key)): \(plain($0.value))" }.sorted().joined(separator: ", ") + "}"
    default: value.text
    }
  }

  private static func infinity(_ number: Double) -> String {
    number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity"
  }

  private static func hexadecimal(_ bytes: [UInt8], isUpper: Bool) -> String {
    bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: isUpper) }.joined()
  }

  /// Digits rounded half to even at a place, as exact as the shortest spelling of the number is.
  private static func rounded(_ number: Double, places: (Int) -> Int) -> (digits: [UInt8], point: Int) {
    var (digits, point) = number.decimalDigits
    let kept = places(point)
    guard kept < digits.count else { return (digits, point) }
    guard kept >= 0 else { return ([0], 1) }
    let dropped = digits[kept...]
    digits = Array(digits[..<kept])
    let isHalf = dropped.first == 5 && dropped.dropFirst().allSatisfy { $0 == 0 }
    let isUp = isHalf ? (digits.last ?? 0) % 2 == 1 : (dropped.first ?? 0) >= 5
    if isUp {
      var at = digits.count - 1
      while at >= 0, digits[at] == 9 {
        digits[at] = 0
        at -= 1
      }
      if at >= 0 {
        digits[at] += 1
      } else {
        digits.insert(1, at: 0)
        point += 1
      }
    }
    return digits.isEmpty ? ([0], 1) : (digits, point)
  }

  private static func digits(_ digits: some Sequence<UInt8>) -> String { digits.map { String($0) }.joined() }

  private static func fixed(_ number: Double, _ precision: Int) -> String {
    guard number.isFinite else { return infinity(number) }
    let (found, point) = rounded(number) { $0 + precision }
    let sign = number.sign == .minus ? "-" : ""
    var all = Array(repeating: UInt8(0), count: max(0, 1 - point)) + found
    let whole = max(1, point)
    while all.count < whole + precision { all.append(0) }
    let fraction = all[whole..<whole + precision]
    return sign + digits(all[..<whole]) + (precision > 0 ? "." + digits(fraction) : "")
  }

  private static func scientific(_ number: Double, _ precision: Int) -> String {
    guard number.isFinite else { return infinity(number) }
    var (found, point) = rounded(number) { _ in precision + 1 }
    let sign = number.sign == .minus ? "-" : ""
    while found.count < precision + 1 { found.append(0) }
    let exponent = number == 0 ? 0 : point - 1
    let magnitude = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
    let fraction = precision > 0 ? "." + digits(found[1...precision]) : ""
    return "\(sign)\(found[0])\(fraction)e\(exponent < 0 ? "-" : "+")\(magnitude)"
  }
}
