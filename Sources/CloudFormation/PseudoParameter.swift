/// The names that every template may refer to without declaring them, and what is known of their values.
package enum PseudoParameter {
  /// All of them, as CloudFormation's reference lists them.
  static let names: [String] = [
    "AWS::AccountId", "AWS::NoValue", "AWS::NotificationARNs", "AWS::Partition", "AWS::Region", "AWS::StackId",
    "AWS::StackName", "AWS::URLSuffix",
  ]

  /// A part of a string that only the deployment knows, as a template says it: `${AWS::Region}`,
  /// `!Select [0, !GetAZs '']` for the name `Fn::GetAZs/0`.
  package static func shown(_ name: String) -> String {
    let words = name.split(separator: "/")
    guard words.count > 1, words[0] == "Fn::GetAZs", let position = words.last else { return "${\(name)}" }
    return "!Select [\(position), !GetAZs \(words.count > 2 ? String(words[1]) : "''")]"
  }

  /// Whether a text made with ``shown(_:)`` has a part that only the deployment knows.
  package static func isOpen(_ text: String) -> Bool { text.contains("${") || text.contains("!GetAZs ") }

  /// True for values that consist of letters, digits, `-` and `.` only.
  static func isWordLike(_ name: String) -> Bool {
    ["AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::URLSuffix", "AWS::StackName"].contains(name)
  }

  /// True for the bytes of such values.
  static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."): true
    default: false
    }
  }

  /// True for values that two stacks in one account and region share.
  static func isOfEnvironment(_ name: String) -> Bool {
    ["AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::URLSuffix"].contains(name)
  }

  /// The partition of a region.
  static func partition(ofRegion region: String) -> String {
    let byPrefix = [
      ("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("us-isob-", "aws-iso-b"), ("us-isof-", "aws-iso-f"),
      ("eu-isoe-", "aws-iso-e"), ("us-iso-", "aws-iso"), ("eusc-", "aws-eusc"),
    ]
    return byPrefix.first { region.hasPrefix($0.0) }?.1 ?? "aws"
  }

  /// The suffix of a region's domain names.
  static func urlSuffix(ofRegion region: String) -> String {
    switch partition(ofRegion: region) {
    case "aws-cn": "amazonaws.com.cn"
    case "aws-iso": "c2s.ic.gov"
    case "aws-iso-b": "sc2s.sgov.gov"
    case "aws-iso-e": "cloud.adc-e.uk"
    case "aws-iso-f": "csp.hci.ic.gov"
    case "aws-eusc": "amazonaws.eu"
    default: "amazonaws.com"
    }
  }
}
