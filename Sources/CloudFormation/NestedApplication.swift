import Documents

/// `AWS::Serverless::Application`: a stack of its own, whose template is in the Serverless Application Repository or in
/// a bucket, never in the template that nests it.
struct NestedApplication {
  static let type = "AWS::Serverless::Application"

  let declaration: Template.Declaration
  let template: Template

  /// True for what Secrets Manager publishes to rotate secrets, which CDK's `addRotationSingleUser` nests: a function and
  /// its role, and no other resource. The owner is the account in the application's ARN, one a partition (AWS Secrets
  /// Manager, "Rotation function templates"; the constants of CDK's `SecretRotationApplication`).
  var isSecretRotation: Bool {
    let identifiers = self.identifiers
    return !identifiers.isEmpty && identifiers.allSatisfy(Self.isSecretRotation)
  }

  /// What the application's ARN may be: its literal, or each that the mapping holds (CDK maps partitions to ARNs).
  private var identifiers: [String] {
    guard let value = declaration.properties?["Location"]?["ApplicationId"] else { return [] }
    if Evaluation.isLiteral(value) { return [value.text] }
    guard case .call(let call) = Intrinsic.form(of: value), call.function == .findInMap, call.arguments.count == 3,
      Evaluation.isLiteral(call.arguments[0]), Evaluation.isLiteral(call.arguments[2]),
      let mapping = template.mapping(call.arguments[0].text)
    else { return [] }
    return mapping.node.entries.map { $0.value[call.arguments[2].text]?.text ?? "" }
  }

  private static let owners: Set<Substring> = ["297356227824", "193023089310", "023102451235"]

  private static func isSecretRotation(_ identifier: String) -> Bool {
    let parts = identifier.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count == 6 && parts[2] == "serverlessrepo" && owners.contains(parts[4])
      && parts[5].hasPrefix("applications/SecretsManager")
  }
}
