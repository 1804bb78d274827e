import Findings

/// A body of controls that rules refer to.
struct Framework {
  /// As rules write it: `nist-800-53-r5`.
  let id: String

  /// The name its publisher gives it; the id where it is not one of the known ones.
  var name: String { Self.known[id]?.name ?? id }

  /// Where its publisher describes it.
  var informationURI: String? { Self.known[id]?.uri }

  /// Frameworks whose controls BLEA and the AWS documentation name.
  private static let known: [String: (name: String, uri: String)] = [
    "securityhub": (
      "AWS Security Hub CSPM controls",
      "https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-controls-reference.html"
    ),
    "fsbp": (
      "AWS Foundational Security Best Practices",
      "https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html"
    ),
    "nist-800-53-r5": ("NIST SP 800-53 Rev. 5", "https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final"),
    "pci-dss-3.2.1": ("PCI DSS v3.2.1", "https://www.pcisecuritystandards.org/document_library/"),
    "pci-dss-4.0": ("PCI DSS v4.0", "https://www.pcisecuritystandards.org/document_library/"),
    "pci-dss-4.0.1": ("PCI DSS v4.0.1", "https://www.pcisecuritystandards.org/document_library/"),
    "cis-aws-1.4": ("CIS AWS Foundations Benchmark v1.4.0", "https://www.cisecurity.org/benchmark/amazon_web_services"),
    "cis-aws-3.0": ("CIS AWS Foundations Benchmark v3.0.0", "https://www.cisecurity.org/benchmark/amazon_web_services"),
    "cis-aws-5.0": ("CIS AWS Foundations Benchmark v5.0.0", "https://www.cisecurity.org/benchmark/amazon_web_services"),
    "cis-postgresql": ("CIS PostgreSQL Benchmark", "https://www.cisecurity.org/benchmark/postgresql"),
    "gdpr": ("GDPR (Regulation (EU) 2016/679)", "https://eur-lex.europa.eu/eli/reg/2016/679/oj"),
    "appi": ("APPI (Act on the Protection of Personal Information, Japan)", "https://www.ppc.go.jp/en/legal/"),
    "cwe": ("Common Weakness Enumeration", "https://cwe.mitre.org/"),
    "cfn-guard": (
      "AWS Guard Rules Registry", "https://github.com/aws-cloudformation/aws-guard-rules-registry"
    ),
    "cdk-nag": ("cdk-nag", "https://github.com/cdklabs/cdk-nag"),
    "aws-config": (
      "AWS Config managed rules",
      "https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html"
    ),
  ]
}

/// The frameworks and controls that a report's rules refer to, each with the index that SARIF viewers look it up by.
struct ControlTaxonomies {
  /// One framework and the controls of it that some rule names.
  struct Taxonomy {
    let framework: Framework
    let controls: [String]
  }

  let taxonomies: [Taxonomy]
  private let taxonomyIndices: [String: Int]
  private let controlIndices: [[String: Int]]

  init(_ rules: [RuleDescription]) {
    var controls: [String: Set<String>] = [:]
    for rule in rules {
      for group in rule.controls { controls[group.framework, default: []].formUnion(group.ids) }
    }
    taxonomies = controls.keys.sorted().map { id in
      Taxonomy(
        framework: Framework(id: id),
        controls: (controls[id] ?? []).sorted(by: ControlFramework.isControl(_:before:)))
    }
    taxonomyIndices = Dictionary(
      uniqueKeysWithValues: taxonomies.enumerated().map { ($1.framework.id, $0) })
    controlIndices = taxonomies.map { taxonomy in
      Dictionary(uniqueKeysWithValues: taxonomy.controls.enumerated().map { ($1, $0) })
    }
  }

  /// The indices of a framework and of a control in it.
  func indices(of control: String, in framework: String) -> (taxonomy: Int, control: Int)? {
    guard let taxonomy = taxonomyIndices[framework], let control = controlIndices[taxonomy][control] else { return nil }
    return (taxonomy, control)
  }
}
