/// Order in which numbers inside names compare as numbers: `2_b` before `10_a`.
enum NaturalOrder {
  static func precedes(_ a: String, _ b: String) -> Bool {
    let left = Array(a.utf8)
    let right = Array(b.utf8)
    var i = 0
    var j = 0
    while i < left.count, j < right.count {
      if isDigit(left[i]), isDigit(right[j]) {
        let (first, afterFirst) = number(left, i)
        let (second, afterSecond) = number(right, j)
        if first.count != second.count { return first.count < second.count }
        for (x, y) in zip(first, second) where x != y { return x < y }
        (i, j) = (afterFirst, afterSecond)
      } else {
        // A folder's end comes before any name that goes on.
        if left[i] != right[j] {
          return left[i] == UInt8(ascii: "/") || (right[j] != UInt8(ascii: "/") && left[i] < right[j])
        }
        i += 1
        j += 1
      }
    }
    if left.count - i != right.count - j { return left.count - i < right.count - j }
    return a < b
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func number(_ bytes: [UInt8], _ start: Int) -> (ArraySlice<UInt8>, Int) {
    var end = start
    while end < bytes.count, isDigit(bytes[end]) { end += 1 }
    return (bytes[start..<end].drop { $0 == 0x30 }, end)
  }
}
