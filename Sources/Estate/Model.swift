import CEL
import SourceText

/// What rules may read: the types of Rules/model and their members. The model is data; this is its typed form.
package struct Model: Sendable {
  /// By type name, such as `AWS::KMS::Key`, `sql::Table`, `Estate`.
  package let types: [String: TypeModel]
  /// Facts with dates, by the type of their rows, such as `aws::MajorVersion`.
  package let tables: [String: DatedTable]

  package init(types: [String: TypeModel], tables: [String: DatedTable] = [:]) {
    self.types = types
    self.tables = tables
  }

  /// The type that holds what every AWS resource has.
  package static let commonResource = "AWS::*"

  /// The name of the type of the variable `estate`.
  package static let estate = "Estate"

  /// Whether a type is a resource's, not that of a structure inside one (`AWS::RDS::DBCluster.ScalingConfiguration`)
  /// nor one of our own (`sql::Table`).
  package static func isResource(_ type: String) -> Bool {
    (type.hasPrefix("AWS::") || type.hasPrefix("Custom::")) && !type.utf8.contains(UInt8(ascii: "."))
  }

  /// Whether objects of a type are structures inside a resource's properties.
  func isStructure(_ type: String) -> Bool { types[type]?.isStructure ?? false }

  /// A member of a type, those of every resource included.
  package func member(_ name: String, of type: String) -> MemberModel? {
    if let member = types[type]?.members[name] { return member }
    guard Model.isResource(type) else { return nil }
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
  /// Whether its objects are structures written inside the properties of a resource.
  package var isStructure = false
  /// Return values (`Endpoint.Port`, `Ref`) that a member tells before there is a deployment.
  package var returns: [String: String] = [:]
  /// The types that objects of this one may have; its members are what they have in common. Empty for a type proper.
  package var alternatives: [String] = []

  package init(name: String, about: String, label: String, source: String?, members: [String: MemberModel]) {
    self.name = name
    self.about = about
    self.label = label
    self.source = source
    self.members = members
  }
}

/// One member of a type: what it is and where its value comes from. It never changes, and every reading looks at it:
/// shared.
package final class MemberModel: Sendable {
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

extension MemberModel {
  /// What CloudFormation takes where a property is not written, as text; nil where it has no default.
  package var defaultText: String? {
    let value: Value?
    switch source {
    case .property(let defaultValue, _), .attribute(let defaultValue): value = defaultValue
    default: value = nil
    }
    return switch value {
    case .string(let text)?: "'\(text)'"
    case .int(let number)?: "\(number)"
    case .bool(let bool)?: "\(bool)"
    case .some: "[]"
    case nil: nil
    }
  }

  /// The expression of a derived member, in CEL.
  package var definition: String? {
    if case .derived(let text) = source { return String(decoding: text.bytes, as: UTF8.self) }
    return nil
  }
}

/// Where a member's value comes from.
package enum MemberSource: Sendable {
  /// A CloudFormation property; the default is what CloudFormation documents for its absence. Of a `shape`, references
  /// and pseudo parameters are no unknowns but stand in the text as `Fn::Sub` writes them: what they are is open, yet
  /// `${Key.Arn}` is surely no `*`.
  case property(default: Value?, isShape: Bool)
  /// What stands beside the properties, such as `DeletionPolicy`.
  case attribute(default: Value?)
  case reference(ReferenceModel)
  case referrers(ReferrersModel)
  /// All resources of a type.
  case all(type: String)
  /// Computed in Swift, by ``EstateReader``.
  case native
  case derived(MappedText)
}

/// The resources of a type that refer to an object.
package struct ReferrersModel: Hashable, Sendable {
  package let type: String
  /// The property that refers.
  package let property: String
  /// Types that may stand between, and the property that leads on: an attachment to its secret.
  package let through: [String: String]
  /// How the property names the object when it is no reference: `/aws/rds/cluster/{DBClusterIdentifier}/*`, where the
  /// braces hold the property that names the object and the star stands for any rest.
  package let pattern: String?

  package init(type: String, property: String, through: [String: String], pattern: String?) {
    self.type = type
    self.property = property
    self.through = through
    self.pattern = pattern
  }
}

/// How a property is followed to the resource it names.
package struct ReferenceModel: Sendable {
  /// Keys and indices from the properties on: `MasterUserSecret.KmsKeyId`.
  package let path: [String]
  /// Types that stand in for the target, and the property that leads on: an alias to its key.
  package let through: [String: String]
  /// What occurs in literal values that name nothing of ours, such as an AWS managed key; or the type of the resources
  /// that the reference leaves out.
  package let exclusion: String?
  /// The property that gives the target its name, where a literal name or ARN may be that of a resource of ours.
  package let nameProperty: String?

  /// Whether a literal is what the reference leaves out: the name alone, or behind the account in an ARN.
  func excludes(_ text: String) -> Bool {
    guard let exclusion else { return false }
    return text.hasPrefix(exclusion) || text.contains(exclusion.hasPrefix(":") ? exclusion : ":" + exclusion)
  }

  package init(path: [String], through: [String: String], exclusion: String?, nameProperty: String? = nil) {
    self.path = path
    self.through = through
    self.exclusion = exclusion
    self.nameProperty = nameProperty
  }
}

extension Model {
  /// The members of a type; of one with alternatives, those that all of them have alike.
  package func commonMembers(of type: TypeModel) -> [String: MemberModel] {
    guard let first = type.alternatives.first.flatMap({ types[$0] }) else { return type.members }
    var members = first.members.filter { name, member in
      type.alternatives.dropFirst().allSatisfy { other in
        types[other]?.members[name].map { $0.type == member.type && $0.isOptional == member.isOptional } ?? false
      }
    }
    members.merge(type.members) { _, own in own }
    return members
  }
}
