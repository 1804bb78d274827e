import Values

/// `{{resolve:service:key}}`: CloudFormation reads the value at deployment from another service.
package struct DynamicReference: Hashable, Sendable {
  /// The services that CloudFormation documents, by their names in the reference.
  package enum Kind: String, Hashable, Sendable {
    case secretsManager = "secretsmanager"
    /// Plain text in Systems Manager's Parameter Store.
    case ssm
    /// A SecureString there.
    case ssmSecure = "ssm-secure"
  }

  /// Which service is asked.
  package let kind: Kind
  /// What stands between the service's colon and the closing braces.
  package let key: [TemplatePart]

  /// A reference to what `key` names in a service.
  package init(kind: Kind, key: [TemplatePart]) {
    self.kind = kind
    self.key = key
  }

  /// The secret or parameter, where the key begins with a reference to a resource of the deployment.
  package var target: ReferenceTarget? {
    guard case .reference(let resource, let attribute)? = key.first else { return nil }
    return ReferenceTarget(resource: resource, attribute: attribute)
  }

  /// True where the value is a secret that never shows in the template.
  package var isSecret: Bool { kind != .ssm }
}
