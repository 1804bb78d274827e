/// An object with a list of privileges.
protocol Securable {
  var owner: Fact<String?> { get set }
  var grants: [Grant] { get set }
  var ownerRevocations: [String] { get set }
  var ownerGrantOptions: [String] { get set }
  var hasPrivilegeList: Bool { get set }
}

extension Table: Securable {}
extension View: Securable {}
extension Function: Securable {}
extension Schema: Securable {}
extension DatabaseSequence: Securable {}
extension UserType: Securable {}

extension Securable {
  /// A new owner has what the old one had, and what was granted to it (`aclnewowner`).
  mutating func changeOwner(_ fact: Fact<String?>) {
    owner = fact
    guard let name = fact.value else { return }
    let own = grants.filter { $0.grantee == name && $0.column == nil }
    ownerRevocations.removeAll { privilege in own.contains { $0.privilege == privilege } }
    for grant in own where grant.hasGrantOption { noteGrantOption(grant.privilege) }
    grants.removeAll { $0.grantee == name && $0.column == nil }
  }
}

extension Securable {
  /// A role that may own it, or have privileges on it, is called otherwise.
  mutating func renameRole(_ old: String, to new: String) {
    if owner.value == old { owner.value = new }
    for index in grants.indices where grants[index].grantee == old { grants[index].grantee = new }
  }

  /// A privilege was granted to the owner WITH GRANT OPTION.
  mutating func noteGrantOption(_ privilege: String) {
    if !ownerGrantOptions.contains(privilege) { ownerGrantOptions.append(privilege) }
  }
}

/// The privileges there are on a kind of object (`acl.h`).
enum PrivilegeKind {
  case relation, sequence, function, schema, type

  init(named objects: String) {
    switch objects {
    case "tables": self = .relation
    case "sequences": self = .sequence
    case "schemas": self = .schema
    case "types": self = .type
    default: self = .function
    }
  }

  /// What ALL means, and what the owner has.
  var all: [String] {
    switch self {
    case .relation: ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
    case .sequence: ["USAGE", "SELECT", "UPDATE"]
    case .function: ["EXECUTE"]
    case .schema: ["USAGE", "CREATE"]
    case .type: ["USAGE"]
    }
  }

  /// What PUBLIC has on a new object.
  var publicDefaults: [String] {
    switch self {
    case .function: ["EXECUTE"]
    case .type: ["USAGE"]
    case .relation, .sequence, .schema: []
    }
  }
}
