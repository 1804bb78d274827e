/// A derived member of the model that a rule's expressions read, with what it stands for.
package struct DerivedMember: Hashable, Sendable {
  /// The type that has it, such as `Estate` or `AWS::RDS::DBCluster`.
  package let type: String
  package let name: String
  package let resultType: String
  /// In CEL, over `self`.
  package let expression: String

  package init(type: String, name: String, resultType: String, expression: String) {
    self.type = type
    self.name = name
    self.resultType = resultType
    self.expression = expression
  }
}

/// A rule that has to do with another.
package struct RelatedRule: Hashable, Sendable {
  package let id: String
  package let name: String
  package let title: LocalizedText

  package init(id: String, name: String, title: LocalizedText) {
    self.id = id
    self.name = name
    self.title = title
  }
}
