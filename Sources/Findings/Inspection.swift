import SourceText

/// What templates come to, before any rule judges it: what `blealint inspect` shows.
package struct Inspection: Sendable {
  /// In the order in which they are linked.
  package var stacks: [InspectedStack]
  /// Why there may be more resources than are shown: loops and macros that make them.
  package var more: [UnknownReason]
  package var diagnostics: [Diagnostic]
  /// What was read.
  package var files: [SourceFile]
  package var passedOver: [PassedOver]
  /// 0, or 2 where blealint could not do what was asked.
  package var exitCode: Int

  package init(
    stacks: [InspectedStack] = [], more: [UnknownReason] = [], diagnostics: [Diagnostic] = [],
    files: [SourceFile] = [], passedOver: [PassedOver] = [], exitCode: Int = 0
  ) {
    self.stacks = stacks
    self.more = more
    self.diagnostics = diagnostics
    self.files = files
    self.passedOver = passedOver
    self.exitCode = exitCode
  }
}

/// One template with what its deployment is known to give it.
package struct InspectedStack: Sendable {
  package let name: String
  /// False where the name is only the file's.
  package let isNameKnown: Bool
  /// The template's file.
  package let file: FileID
  /// Nil where the stack is for any account.
  package let account: String?
  /// Nil where the stack is for any region.
  package let region: String?
  /// The tags of the stack, by key.
  package let tags: [InspectedTag]
  /// For a nested stack, the resource that deploys it: `resource 'Child' of stack 'Parent'`.
  package let parent: String?
  package let parameters: [InspectedField]
  package let conditions: [InspectedField]
  package var resources: [InspectedResource]
  package let outputs: [InspectedField]

  package init(
    name: String, isNameKnown: Bool, file: FileID, account: String?, region: String?,
    tags: [InspectedTag], parent: String?, parameters: [InspectedField],
    conditions: [InspectedField], resources: [InspectedResource], outputs: [InspectedField]
  ) {
    self.name = name
    self.isNameKnown = isNameKnown
    self.file = file
    self.account = account
    self.region = region
    self.tags = tags
    self.parent = parent
    self.parameters = parameters
    self.conditions = conditions
    self.resources = resources
    self.outputs = outputs
  }
}

/// A tag that a deployment puts on every resource of a stack.
package struct InspectedTag: Sendable {
  package let key: String
  package let value: String

  package init(key: String, value: String) {
    self.key = key
    self.value = value
  }
}

/// One resource of a template.
package struct InspectedResource: Sendable {
  package let logicalID: String
  package let type: String
  package let location: Location
  /// The source line of the construct that made it, where the assembly names one.
  package var source: Location?
  /// Whether it exists; nil where it always does.
  package let existence: InspectedField?
  /// In order of writing.
  package let properties: [InspectedField]
  /// Why there may be more properties: macros that make them.
  package let more: [UnknownReason]
  /// What is written beside the properties: `DeletionPolicy`, `DependsOn`, ….
  package let attributes: [InspectedField]

  package init(
    logicalID: String, type: String, location: Location, source: Location? = nil, existence: InspectedField?,
    properties: [InspectedField], more: [UnknownReason] = [], attributes: [InspectedField]
  ) {
    self.more = more
    self.logicalID = logicalID
    self.type = type
    self.location = location
    self.source = source
    self.existence = existence
    self.properties = properties
    self.attributes = attributes
  }
}

/// A value with a name, in every scenario that changes it.
package struct InspectedField: Sendable {
  package let name: String
  /// One where nothing is open; else one for each value that scenarios come to.
  package let cases: [InspectedCase]
  /// True when there are more scenarios than are shown.
  package let isCut: Bool

  package init(name: String, cases: [InspectedCase], isCut: Bool = false) {
    self.name = name
    self.cases = cases
    self.isCut = isCut
  }
}

/// What a value is in some scenarios.
package struct InspectedCase: Sendable {
  /// The scenarios, each by its clauses: `Stage is 'dev'`. Empty when it holds in all.
  package let scenarios: [[String]]
  package let value: InspectedValue

  package init(scenarios: [[String]], value: InspectedValue) {
    self.scenarios = scenarios
    self.value = value
  }
}

/// A value, where it is written, and how it came about.
package struct InspectedValue: Hashable, Sendable {
  package indirect enum Content: Hashable, Sendable {
    case absent
    /// A string, number or boolean in its own spelling.
    case scalar(String)
    /// What only a deployment knows, as it would be written: `Key.Arn`, `arn:${AWS::Partition}:kms:…`.
    case expression(String)
    case unknown([UnknownReason])
    /// `more`: why there may be further elements.
    case list([Element], more: [UnknownReason])
    case map([Entry], more: [UnknownReason])
  }

  /// An element of a list.
  package struct Element: Hashable, Sendable {
    package let value: InspectedValue
    /// Why it may not be in the list; empty where it surely is.
    package let doubts: [UnknownReason]

    package init(_ value: InspectedValue, doubts: [UnknownReason] = []) {
      self.value = value
      self.doubts = doubts
    }
  }

  /// An entry of a mapping.
  package struct Entry: Hashable, Sendable {
    package let key: String
    package let value: InspectedValue
    /// Why it may not be in the mapping; empty where it surely is.
    package let doubts: [UnknownReason]

    package init(_ key: String, _ value: InspectedValue, doubts: [UnknownReason] = []) {
      self.key = key
      self.value = value
      self.doubts = doubts
    }
  }

  /// One step from where the value is read to where it comes from.
  package struct Hop: Hashable, Sendable {
    /// A sentence without its full stop.
    package let text: String
    package let location: Location
    /// True when the value holds only if nobody overrides it.
    package let isAssumption: Bool

    package init(_ text: String, at location: Location, isAssumption: Bool) {
      self.text = text
      self.location = location
      self.isAssumption = isAssumption
    }
  }

  package let content: Content
  /// Where the value is written; nil where it is not.
  package let location: Location?
  package let hops: [Hop]

  package init(_ content: Content, location: Location? = nil, hops: [Hop] = []) {
    self.content = content
    self.location = location
    self.hops = hops
  }
}
