import Findings
import SourceText

/// A handmade report with everything in it that formats have to get right.
enum SampleReport {
  static let template = MarkedSource(
    0, "infra/orders.yaml",
    """
    Parameters:
      «subnetParameter:SubnetIds»: { Type: List<AWS::EC2::Subnet::Id> }
      Stage: { Type: String, AllowedValues: [dev, prod] }
    Resources:
      «cluster:Cluster»:
        Type: AWS::RDS::DBCluster
        Properties:
          KmsKeyId: «use:!Ref Key»
          DBSubnetGroupName: «group:!Ref Group»
      «key:Key»:  # 注文の鍵
        Type: AWS::KMS::Key
        Properties: { Description: "注文データの鍵 🔑", EnableKeyRotation: «rotation:false» }
      «missing:Group»:
        Type: AWS::RDS::DBSubnetGroup

    """)

  /// Lines end in CR LF, and tabs indent.
  static let schema = MarkedSource(
    1, "db/001 ユーザー.sql",
    [
      "-- 利用者", "«table:CREATE TABLE public.users (", "\tid bigint PRIMARY KEY,", "\temail text NOT NULL,",
      "\tnote text,", "\tcreated_at timestamptz", ");»",
      "CREATE POLICY «policy:p» ON public.users USING («using:true»);«end:»", "",
    ].joined(separator: "\r\n"))

  /// A migration in a JSON string: one line of some thousand characters.
  static let migration: MarkedSource = {
    var sql = "CREATE EXTENSION pgcrypto;\\n"
    for index in 1...40 { sql += "CREATE TABLE archive_\(index) (id bigint PRIMARY KEY, note text);\\n" }
    sql += "-- 全員に見える\\n«grant:GRANT ALL ON public.users TO PUBLIC»;\\n"
    for index in 41...80 { sql += "CREATE TABLE archive_\(index) (id bigint PRIMARY KEY, note text);\\n" }
    return MarkedSource(
      2, "infra/migrate.json", "{\"Resources\":{\"Migrate\":{\"Properties\":{\"Sql\":\"\(sql)\"}}}}\n")
  }()

  static let kms = RuleDescription(
    id: "BLEA-KMS-001", name: "kms-key-rotation",
    title: LocalizedText(
      en: "Customer managed keys behind the data store rotate automatically",
      ja: "データストアを守るカスタマーマネージドキーは自動でローテーションされる"),
    severity: .high, origin: ["blea", "seed", "fsbp"],
    controls: [
      FrameworkControls(framework: "securityhub", ids: ["KMS.4"]),
      FrameworkControls(framework: "nist-800-53-r5", ids: ["SC-12", "SC-28(3)"]),
    ],
    rationale: LocalizedText(
      en: "A key that never rotates protects all data it ever encrypted with the same material.\n\nRotation bounds it.",
      ja: "ローテーションされない鍵は、暗号化した全データを同じ鍵素材で守り続けます。"),
    remediation: LocalizedText(
      en: "Set EnableKeyRotation to true on the key. AWS keeps the old material for decryption.",
      ja: "キーの EnableKeyRotation を true に設定してください。"),
    references: ["https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html"],
    parameters: [
      RuleParameter(
        name: "scope", type: "string", value: "all", defaultValue: "reachable", description: "Which keys are judged.")
    ],
    checks: [
      RuleCheck(role: .generator, name: "key", expression: "estate.dataStoreKeys"),
      RuleCheck(role: .gate, name: "", expression: "key.KeySpec == \"SYMMETRIC_DEFAULT\""),
      RuleCheck(role: .obligation, name: "enabled", expression: "key.EnableKeyRotation", severity: .high),
    ],
    examples: [
      RuleExample(
        name: "rotation switched off", verdict: .fail,
        files: [
          ExampleFile(
            path: "template.yaml",
            text: "Resources:\n  Key: { Type: AWS::KMS::Key, Properties: { EnableKeyRotation: false } }\n",
            marks: [73..<78])
        ]),
      RuleExample(
        name: "rotation on", verdict: .pass,
        files: [
          ExampleFile(
            path: "template.yaml",
            text: "Resources:\n  Key: { Type: AWS::KMS::Key, Properties: { EnableKeyRotation: true } }\n", marks: [])
        ]),
    ], isBuiltIn: true)

  static func rule(
    _ id: String, _ name: String, _ title: String, _ severity: Severity, isBuiltIn: Bool = true,
    controls: [FrameworkControls] = []
  ) -> RuleDescription {
    RuleDescription(
      id: id, name: name, title: LocalizedText(en: title), severity: severity, origin: ["blea"], controls: controls,
      rationale: LocalizedText(en: "\(title), because it matters."),
      remediation: LocalizedText(en: "Mend it. Then look again."), references: [], parameters: [], checks: [],
      examples: [], isBuiltIn: isBuiltIn)
  }

  static let rules = [
    kms,
    rule("BLEA-NET-001", "private-subnets", "Clusters stand in private subnets", .critical),
    rule(
      "BLEA-SQL-010", "row-security", "Tables with personal data have row security", .medium,
      controls: [FrameworkControls(framework: "nist-800-53-r5", ids: ["AC-3", "AC-12"])]),
    rule("BLEA-SQL-020", "no-public-grants", "Nothing is granted to PUBLIC", .low),
    rule("BLEA-TAG-001", "tagged", "Resources say whose they are", .info),
    rule("ORDERS-NET-001", "own-subnets", "Orders has subnets of its own", .medium, isBuiltIn: false),
  ]

  private static func at(_ span: Span, _ path: String, _ kind: String, construct: String? = nil) -> Location {
    Location(span, path: path, kind: kind, constructPath: construct)
  }

  private static let subnets = UnknownReason(
    "subnets come from parameter 'SubnetIds', which has no value", at: template["subnetParameter"],
    cure: "give it with --parameter SubnetIds=…")

  static let findings: [Finding] = [
    Finding(
      rule: "BLEA-NET-001", verdict: .unknown, obligation: "private", severity: .critical,
      message: Message("Cannot tell whether cluster 'Cluster' stands in private subnets."),
      primary: at(template["group"], "Resources/Cluster/Properties/DBSubnetGroupName", "property"),
      reasons: [subnets], subject: "AWS::RDS::DBCluster 'Cluster'"),
    Finding(
      rule: "ORDERS-NET-001", verdict: .unknown, obligation: "own", severity: .medium,
      message: Message("Cannot tell whether subnet group 'Group' has subnets of its own."),
      primary: at(template["missing"], "Resources/Group", "resource"), scenarios: ["Stage is 'prod'"],
      reasons: [subnets], subject: "AWS::RDS::DBSubnetGroup 'Group'"),
    Finding(
      rule: "BLEA-KMS-001", verdict: .fail, obligation: "enabled", severity: .high,
      message: Message([
        .text("KMS key "), .link("'Key'", 1), .text(" encrypts cluster "), .link("'Cluster[0]'", 2),
        .text(" but does not rotate. Set EnableKeyRotation to true."),
      ]),
      primary: at(
        template["rotation"], "Resources/Key/Properties/EnableKeyRotation", "property",
        construct: "Orders/Key/Resource"),
      related: [
        RelatedLocation(id: 1, message: "The key.", location: at(template["key"], "Resources/Key", "resource")),
        RelatedLocation(
          id: 2, message: "The cluster.", location: at(template["cluster"], "Resources/Cluster", "resource")),
      ],
      steps: [
        Step(
          "cluster 'Cluster'", at: at(template["cluster"], "Resources/Cluster", "resource"), nesting: 0,
          isEssential: true),
        Step(
          "its key, by !Ref Key", at: at(template["use"], "Resources/Cluster/Properties/KmsKeyId", "property"),
          nesting: 1, isEssential: false),
        Step("key 'Key'", at: at(template["key"], "Resources/Key", "resource"), nesting: 1, isEssential: true),
      ],
      scenarios: ["Stage is 'dev'"], assumptions: ["parameter 'Retention' has its default '7'"],
      fixes: [
        Fix("Set EnableKeyRotation to true.", edits: [TextEdit(template["rotation"], "true")], safety: .safe)
      ], subject: "AWS::KMS::Key 'Key'"),
    Finding(
      rule: "BLEA-SQL-010", verdict: .fail, obligation: "enabled", severity: .medium,
      message: Message("Table public.users holds personal data without row security. Enable it."),
      primary: at(schema["table"], "public.users", "table"),
      fixes: [
        Fix(
          "Enable row security.",
          edits: [TextEdit(schema["end"], "\r\nALTER TABLE public.users ENABLE ROW LEVEL SECURITY;")], safety: .unsafe)
      ], subject: "table public.users"),
    Finding(
      rule: "BLEA-SQL-010", verdict: .fail, obligation: "restrictive", severity: .medium,
      message: Message("Policy 'p' lets everyone see every row."),
      primary: at(schema["using"], "public.users.p", "policy"),
      subject: "policy p on public.users"),
    Finding(
      rule: "BLEA-SQL-020", verdict: .fail, obligation: "none", severity: .low,
      message: Message("PUBLIC holds all privileges on table public.users."),
      primary: at(migration["grant"], "public.users", "table"),
      related: [
        RelatedLocation(id: 1, message: "The table.", location: at(schema["table"], "public.users", "table")),
        RelatedLocation(id: 2, message: "Its policy.", location: at(schema["policy"], "public.users.p", "policy")),
      ],
      steps: [
        Step(
          "table public.users is made", at: at(schema["table"], "public.users", "table"), nesting: 0,
          isEssential: true),
        Step(
          "PUBLIC is granted everything on it, which is every role that there is and every one that will ever be made",
          at: at(migration["grant"], "public.users", "table"), nesting: 1, isEssential: true),
      ], subject: "table public.users"),
  ]

  static let report = Report(
    toolVersion: "0.1.0", projectName: "orders", rules: rules, findings: findings,
    judgements: [
      Judgement(
        rule: "BLEA-KMS-001", verdict: .fail, subject: "AWS::KMS::Key 'Key'",
        location: at(template["key"], "Resources/Key", "resource")),
      Judgement(
        rule: "BLEA-NET-001", verdict: .unknown, subject: "AWS::RDS::DBCluster 'Cluster'",
        location: at(template["cluster"], "Resources/Cluster", "resource")),
      Judgement(
        rule: "BLEA-SQL-010", verdict: .fail, subject: "table public.users",
        location: at(schema["table"], "public.users", "table")),
      Judgement(
        rule: "BLEA-SQL-010", verdict: .pass, subject: "table public.archive_1", location: nil),
      Judgement(
        rule: "BLEA-SQL-020", verdict: .fail, subject: "table public.users",
        location: at(migration["grant"], "public.users", "table")),
      Judgement(rule: "BLEA-TAG-001", verdict: .notApplicable, subject: "", location: nil),
      Judgement(
        rule: "ORDERS-NET-001", verdict: .unknown, subject: "AWS::RDS::DBSubnetGroup 'Group'",
        location: at(template["missing"], "Resources/Group", "resource")),
    ],
    diagnostics: [
      Diagnostic(
        "unknown-attribute", .error, "Resource 'Key' has no attribute 'Arm'.", cure: "Did you mean 'Arn'?",
        at: template["use"], related: [Diagnostic.Related(template["key"], "the resource it refers to")]),
      Diagnostic("unreadable-file", .warning, "The file cannot be read: permission denied.", path: "db/secret.sql"),
    ],
    files: [
      ReadFile(source: template.file, role: .template, language: "yaml"),
      ReadFile(source: schema.file, role: .schema, language: "sql"),
      ReadFile(source: migration.file, role: .template, language: "json"),
    ],
    passedOver: [
      PassedOver(path: "a.yaml", reason: "no CloudFormation template (no Resources)"),
      PassedOver(path: "b.yaml", reason: "no CloudFormation template (no Resources)"),
      PassedOver(path: "c.yaml", reason: "no CloudFormation template (no Resources)"),
      PassedOver(path: "d.yaml", reason: "no CloudFormation template (no Resources)"),
      PassedOver(path: "old/dump.sql", reason: "larger than 64 MiB"),
    ],
    asOf: "2026-11-22", exitCode: 2)
}
