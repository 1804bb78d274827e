import CEL
import SourceText

/// What rules may read: the types of Rules/model and their members. The model is data; this is its typed form.
package struct Model: Sendable {
  /// By type name, such as `AWS::KMS::Key`, `sql::Table`, `Estate`.
  package let types: [String: TypeModel]

  package init(types: [String: TypeModel]) { self.types = types }

  /// The type that holds what every AWS resource has.
  static let commonResource = "AWS::*"

  /// The name of the type of the variable `estate`.
  package static let estate = "Estate"

  /// A member of a type, those of every resource included.
  package func member(_ name: String, of type: String) -> MemberModel? {
    if let member = types[type]?.members[name] { return member }
    guard type.hasPrefix("AWS::") || type.hasPrefix("Custom::") else { return nil }
    return types[Model.commonResource]?.members[name]
  }
}

/// One type of the model.
package struct TypeModel: Sendable {
  package let name: String
  package let about: String
  /// What messages call an object of it: `cluster`, `table`.
  package let label: String
  /// The page its facts come from.
  package let source: String?
  package var members: [String: MemberModel]

  package init(name: String, about: String, label: String, source: String?, members: [String: MemberModel]) {
    self.name = name
    self.about = about
    self.label = label
    self.source = source
    self.members = members
  }
}

/// One member of a type: what it is and where its value comes from.
package struct MemberModel: Sendable {
  package let name: String
  package let type: CELType
  package let isOptional: Bool
  package let about: String
  /// The property whose place stands for a derived member.
  package let place: String?
  package let source: MemberSource

  package init(name: String, type: CELType, isOptional: Bool, about: String, place: String?, source: MemberSource) {
    self.name = name
    self.type = type
    self.isOptional = isOptional
    self.about = about
    self.place = place
    self.source = source
  }
}

/// Where a member's value comes from.
package enum MemberSource: Sendable {
  /// A CloudFormation property; the default is what CloudFormation documents for its absence.
  case property(default: Value?)
  case reference(ReferenceModel)
  /// All resources of a type whose property refers to this object.
  case referrers(type: String, property: String)
  /// All resources of a type.
  case all(type: String)
  /// Computed in Swift, by ``EstateReader``.
  case native
  case derived(MappedText)
}

/// How a property is followed to the resource it names.
package struct ReferenceModel: Sendable {
  /// Keys and indices from the properties on: `MasterUserSecret.KmsKeyId`.
  package let path: [String]
  /// Types that stand in for the target, and the property that leads on: an alias to its key.
  package let through: [String: String]
  /// How literal values begin that name nothing of ours, such as an AWS managed key.
  package let exclusion: String?

  package init(path: [String], through: [String: String], exclusion: String?) {
    self.path = path
    self.through = through
    self.exclusion = exclusion
  }
}
