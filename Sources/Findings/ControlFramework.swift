/// A body of controls that a project answers to, each with the rules that decide it.
package struct ControlFramework: Hashable, Sendable {
  /// As rules and the command line write it: `blea-aurora`, `nist-800-53-r5`.
  package let id: String
  /// Nil for one that is only known from the controls that rules name.
  package let title: LocalizedText?
  package let about: LocalizedText?
  package let groups: [Group]

  package init(id: String, title: LocalizedText?, about: LocalizedText?, groups: [Group]) {
    self.id = id
    self.title = title
    self.about = about
    self.groups = groups
  }

  /// Controls that belong together.
  package struct Group: Hashable, Sendable {
    /// Nil where the framework has no groups.
    package let title: LocalizedText?
    package let controls: [Control]

    package init(title: LocalizedText?, controls: [Control]) {
      self.title = title
      self.controls = controls
    }
  }

  /// One demand.
  package struct Control: Hashable, Sendable {
    package let id: String
    /// Nil where only the id is known.
    package let title: LocalizedText?
    /// The ids of the rules that decide it; empty where files show nothing of it.
    package let rules: [String]
    /// What files cannot show of it; nil where they show all.
    package let beyondFiles: LocalizedText?

    package init(id: String, title: LocalizedText?, rules: [String], beyondFiles: LocalizedText? = nil) {
      self.id = id
      self.title = title
      self.rules = rules
      self.beyondFiles = beyondFiles
    }
  }

  package var controls: [Control] { groups.flatMap(\.controls) }

  /// The controls of a framework that rules name, in the order people count: `SC-7` before `SC-12`.
  package init(id: String, namedBy rules: [RuleDescription]) {
    var byControl: [String: [String]] = [:]
    for rule in rules {
      for group in rule.controls where group.framework == id {
        for control in group.ids { byControl[control, default: []].append(rule.id) }
      }
    }
    let controls = byControl.keys.sorted(by: Self.isControl(_:before:)).map {
      Control(id: $0, title: nil, rules: byControl[$0] ?? [])
    }
    self.init(id: id, title: nil, about: nil, groups: controls.isEmpty ? [] : [Group(title: nil, controls: controls)])
  }

  /// Orders control ids as people do.
  package static func isControl(_ a: String, before b: String) -> Bool {
    let (left, right) = (parts(of: a), parts(of: b))
    for (x, y) in zip(left, right) where x != y {
      if let m = Int(x), let n = Int(y), m != n { return m < n }
      return x < y
    }
    return left.count == right.count ? a < b : left.count < right.count
  }

  /// Runs of digits and of other characters.
  private static func parts(of id: String) -> [String] {
    var parts: [String] = []
    var wasDigit = false
    for character in id {
      let isDigit = character.isASCII && character.isNumber
      if parts.isEmpty || isDigit != wasDigit { parts.append("") }
      parts[parts.count - 1].append(character)
      wasDigit = isDigit
    }
    return parts
  }
}
