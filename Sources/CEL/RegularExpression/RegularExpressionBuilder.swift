/// Turns a pattern's tree into instructions.
struct RegularExpressionBuilder {
  typealias Mistake = RegularExpression.Mistake

  var instructions: [RegularExpression.Instruction] = []
  var sets: [CharacterSet] = []

  private mutating func emit(_ instruction: RegularExpression.Instruction) throws(Mistake) {
    guard instructions.count < RegularExpression.sizeLimit else {
      throw Mistake(message: "it is too large once its repetitions are written out.", offset: 0)
    }
    instructions.append(instruction)
  }

  mutating func append(_ tree: RegularExpressionTree) throws(Mistake) {
    switch tree {
    case .empty: break
    case .scalar(let scalar, let isFolding): try emit(.scalar(scalar, isFolding: isFolding))
    case .set(let set, let isFolding):
      sets.append(set)
      try emit(.set(sets.count - 1, isFolding: isFolding))
    case .any(let includesNewline): try emit(.any(includingNewline: includesNewline))
    case .assertion(let assertion): try emit(.assert(assertion))
    case .sequence(let parts): for part in parts { try append(part) }
    case .choice(let alternatives): try append(choice: alternatives)
    case .repetition(let inner, let least, let most):
      for _ in 0..<least { try append(inner) }
      guard let most else {
        try append(star: inner)
        return
      }
      var splits: [Int] = []
      for _ in least..<max(least, most) {
        splits.append(instructions.count)
        try emit(.split(instructions.count + 1, 0))
        try append(inner)
      }
      for split in splits { instructions[split] = .split(split + 1, instructions.count) }
    }
  }

  private mutating func append(star inner: RegularExpressionTree) throws(Mistake) {
    let start = instructions.count
    try emit(.split(start + 1, 0))
    try append(inner)
    try emit(.jump(start))
    instructions[start] = .split(start + 1, instructions.count)
  }

  private mutating func append(choice alternatives: [RegularExpressionTree]) throws(Mistake) {
    var ends: [Int] = []
    for (index, alternative) in alternatives.enumerated() {
      guard index < alternatives.count - 1 else {
        try append(alternative)
        break
      }
      let split = instructions.count
      try emit(.split(split + 1, 0))
      try append(alternative)
      ends.append(instructions.count)
      try emit(.jump(0))
      instructions[split] = .split(split + 1, instructions.count)
    }
    for end in ends { instructions[end] = .jump(instructions.count) }
  }
}
