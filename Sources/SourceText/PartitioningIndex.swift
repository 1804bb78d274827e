extension RandomAccessCollection where Index == Int {
  /// The first index whose element belongs to the second part of a collection in which all elements that do not
  /// come before all that do; `endIndex` where none does. Takes logarithmic time.
  @inlinable
  package func partitioningIndex(where belongsInSecondPart: (Element) throws -> Bool) rethrows -> Int {
    var low = startIndex
    var high = endIndex
    while low < high {
      let middle = low + (high - low) / 2
      if try belongsInSecondPart(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
