/// What BLEA's samples fail, each kind looked up by hand in the templates and held against what is known of BLEA's
/// code: nothing may be found beyond this, and nothing of it missed.
enum BLEASampleFails {
  /// One kind of fail, and why it is right.
  struct Kind: Sendable {
    /// Rule and obligation.
    let id: String
    let severity: String
    let at: [Part]
    let why: String
  }

  /// What a fail is found at; each sample has its own names for it.
  enum Part: Sendable {
    case cluster, instances, securityGroup, secret, flowLogKey
    case resource(String)
  }

  /// The names of a sample's parts, as `stack/logical id`.
  struct Names: Sendable {
    let cluster: String
    let instances: [String]
    let securityGroup: String
    let secret: String
    let flowLogKey: String

    func callAsFunction(_ part: Part) -> [String] {
      switch part {
      case .cluster: [cluster]
      case .instances: instances
      case .securityGroup: [securityGroup]
      case .secret: [secret]
      case .flowLogKey: [flowLogKey]
      case .resource(let name): [name]
      }
    }
  }

  /// Of every sample with an Aurora cluster: both versions configure it alike.
  static let ofCluster: [Kind] = [
    Kind(id: "BKP-001/kept", severity: "high", at: [.cluster], why: "BackupRetentionPeriod absent: one day"),
    Kind(id: "BKP-002/explicit", severity: "info", at: [.cluster], why: "PreferredBackupWindow absent"),
    Kind(id: "BKP-005/covered", severity: "medium", at: [.cluster], why: "nothing of AWS Backup in any sample"),
    Kind(id: "BKP-006/copied", severity: "high", at: [.cluster], why: "no copy, no global cluster"),
    Kind(id: "BKP-010/kept", severity: "low", at: [.cluster], why: "DeleteAutomatedBackups absent: true"),
    Kind(id: "BKP-011/window", severity: "medium", at: [.cluster], why: "one day back is less than the task's seven"),
    Kind(id: "BKP-012/tested", severity: "info", at: [.cluster], why: "no restore testing plan"),
    Kind(id: "ENC-002/default", severity: "high", at: [.cluster], why: "default group of version 11, force_ssl 0"),
    Kind(id: "EXT-002/complete", severity: "high", at: [.cluster], why: "default group: no pgAudit"),
    Kind(id: "KMS-005/secret", severity: "medium", at: [.secret], why: "generated without encryptionKey"),
    Kind(id: "KMS-006/declared", severity: "medium", at: [.cluster], why: "a Custom::LogRetention and no key"),
    Kind(id: "KMS-009/services", severity: "low", at: [.flowLogKey], why: "delivery.logs may decrypt on no condition"),
    Kind(id: "LOG-004/set", severity: "high", at: [.cluster], why: "default group: no pgAudit"),
    Kind(id: "LOG-005/set", severity: "medium", at: [.cluster], why: "default group: pgaudit.log not set"),
    Kind(id: "LOG-006/connections", severity: "medium", at: [.cluster], why: "default group: log_connections off"),
    Kind(id: "LOG-006/disconnections", severity: "medium", at: [.cluster], why: "the same of log_disconnections"),
    Kind(id: "LOG-007/ddl", severity: "low", at: [.cluster], why: "default group: log_statement none"),
    Kind(id: "LOG-008/on", severity: "low", at: [.instances], why: "MonitoringInterval absent on both"),
    Kind(id: "LOG-011/own", severity: "medium", at: [.cluster], why: "default.aurora-postgresql11"),
    Kind(id: "NET-008/ipv4", severity: "low", at: [.securityGroup], why: "CDK's default: egress to 0.0.0.0/0"),
    Kind(id: "NET-009/own-port", severity: "low", at: [.cluster], why: "Port 5432 is written"),
    Kind(id: "SEC-003/rotates", severity: "high", at: [.secret], why: "no RotationSchedule"),
    Kind(id: "SEC-006/enabled", severity: "medium", at: [.cluster], why: "IAM authentication absent"),
    Kind(id: "SEC-009/retained", severity: "low", at: [.secret], why: "DeletionPolicy Delete is written"),
    Kind(id: "VER-001/supported", severity: "high", at: [.cluster], why: "11.9; standard support ended in 2024"),
    Kind(id: "VER-005/declared", severity: "info", at: [.cluster], why: "EngineLifecycleSupport absent"),
  ]

  /// v2.1.1 writes the tag Environment=Development into its templates, which makes this a small matter.
  private static let tagged = Kind(
    id: "BKP-008/on-in-development", severity: "low", at: [.cluster], why: "DeletionProtection absent, a tag dev")
  /// v3.1.0 gives its tags to stacks only, and no template tells them.
  private static let untagged = Kind(
    id: "BKP-008/on", severity: "high", at: [.cluster], why: "DeletionProtection absent: false")

  private static func administrator(_ policy: String) -> [Kind] {
    [
      Kind(
        id: "IAM-001/not-action-on-condition", severity: "info", at: [.resource(policy)],
        why: "the administrators of the governance base: all but iam, with MFA"),
      Kind(
        id: "KMS-010/not-action", severity: "info", at: [.resource(policy)],
        why: "its denials name the administration of keys, not kms:Decrypt"),
      Kind(
        id: "IAM-002/not-action-on-condition", severity: "info", at: [.resource(policy)],
        why: "all but iam is all of rds, secretsmanager, backup and logs"),
    ]
  }

  /// By version and use case, or template.
  static let fails: [String: [Kind]] = [
    "v2.1.1 blea-base-ct": administrator("iam/SysAdminPolicy90C47C4A"),
    "v2.1.1 blea-base-sa": administrator("iam/SysAdminPolicy90C47C4A"),
    "v2.1.1 blea-guest-asgapp-sample": ofCluster + [tagged],
    "v2.1.1 blea-guest-ec2app-sample": ofCluster + [tagged],
    "v2.1.1 blea-guest-ecsapp-sample": ofCluster + [
      tagged,
      Kind(
        id: "IAM-001/managed-policy", severity: "high",
        at: [.resource("prodStack/BLEAProdPipelineCodeBuildDeployRoleC24893C8")], why: "AdministratorAccess is written"),
      Kind(
        id: "IAM-002/managed-policy", severity: "low",
        at: [.resource("prodStack/BLEAProdPipelineCodeBuildDeployRoleC24893C8")], why: "the same policy"),
    ],
    "v2.1.1 blea-guest-ecsapp-ssl-sample": ofCluster + [tagged],
    "v3.1.0 blea-gov-base-ct-stack": administrator("stack/IamSysAdminPolicy03754AB3"),
    "v3.1.0 blea-gov-base-standalone-stack": administrator("stack/IamSysAdminPolicy03754AB3"),
    "v3.1.0 blea-guest-ec2-app-sample-stack": [
      Kind(
        id: "KMS-009/services", severity: "low", at: [.resource("stack/NetworkingKey5DCEF7CD")],
        why: "delivery.logs may decrypt on no condition")
    ],
    "v3.1.0 blea-guest-ecs-app-sample-ecsapp": ofCluster + [untagged],
    "v3.1.0 blea-guest-ecs-app-sample-pipeline-pipeline": [
      Kind(
        id: "IAM-001/managed-policy", severity: "high", at: [.resource("pipeline/CodeBuildDeployRoleCA9DFA4F")],
        why: "AdministratorAccess is written"),
      Kind(
        id: "IAM-002/managed-policy", severity: "low", at: [.resource("pipeline/CodeBuildDeployRoleCA9DFA4F")],
        why: "the same policy"),
      Kind(
        id: "KMS-010/limited", severity: "medium", at: [.resource("pipeline/PipelineRoleDefaultPolicy7BDC1ABB")],
        why: "kms:Decrypt on every resource, on no condition"),
    ],
  ]

  private static func names(_ database: String) -> Names {
    Names(
      cluster: "\(database)/Aurora2CBAB212",
      instances: ["\(database)/AuroraInstance10510C5D1", "\(database)/AuroraInstance2BC8C1D03"],
      securityGroup: "\(database)/AuroraSecurityGroup3440C66D",
      secret: "\(database)/BLEADBAuroraPgAuroraSecretC8E806513fdaad7efa858a3daf9490cf0a702aeb",
      flowLogKey: "prodVpc/Key961B73FD")
  }

  /// The samples that have a cluster.
  static let names: [String: Names] = [
    "v2.1.1 blea-guest-asgapp-sample": names("dbAuroraPg"),
    "v2.1.1 blea-guest-ec2app-sample": names("dbAuroraPg"),
    "v2.1.1 blea-guest-ecsapp-sample": names("dbCluster"),
    "v2.1.1 blea-guest-ecsapp-ssl-sample": names("dbCluster"),
    "v3.1.0 blea-guest-ecs-app-sample-ecsapp": Names(
      cluster: "ecsapp/DatastoreAuroraCluster2FE23DD5",
      instances: [
        "ecsapp/DatastoreAuroraClusterInstance17CC9C737", "ecsapp/DatastoreAuroraClusterInstance2FA5EF5D9",
      ],
      securityGroup: "ecsapp/DatastoreAuroraClusterSecurityGroup1E718F0C",
      secret: "ecsapp/DevBLEAEcsAppDatastoreAuroraClusterSecret062A0F6B3fdaad7efa858a3daf9490cf0a702aeb",
      flowLogKey: "ecsapp/NetworkingKey5DCEF7CD"),
  ]

  /// What BLEA's code sees to, with the number of subjects that pass in each sample with a cluster.
  static let passes: [(id: String, subjects: Int, why: String)] = [
    ("BKP-004", 1, "CopyTagsToSnapshot true"),
    ("BKP-009", 1, "DeletionPolicy and UpdateReplacePolicy Snapshot"),
    ("ENC-001", 1, "StorageEncrypted true"),
    ("EVT-001", 1, "failure, failover, maintenance of db-cluster"),
    ("EVT-002", 2, "all that counts of db-instance"),
    ("EVT-004", 1, "an alarm on CPUUtilization with a topic"),
    ("HA-001", 1, "two instances"),
    ("KMS-001", 2, "EnableKeyRotation of the application's key and the flow logs'"),
    ("KMS-003", 1, "KmsKeyId is the application's key"),
    ("KMS-004", 2, "the same key"),
    ("KMS-011", 2, "DeletionPolicy Retain"),
    ("KMS-012", 1, "the secret has the key that AWS manages, a key apart"),
    ("LOG-001", 1, "EnableCloudwatchLogsExports has postgresql"),
    ("LOG-002", 1, "90 days by Custom::LogRetention"),
    ("LOG-003", 1, "90 days by Custom::LogRetention"),
    ("LOG-009", 2, "EnablePerformanceInsights true"),
    ("LOG-010", 2, "seven days"),
    ("NET-001", 1, "the protected subnets' route tables have no route"),
    ("NET-002", 1, "the protected subnets' route tables have no route"),
    ("NET-003", 1, "a subnet group over two availability zones"),
    ("NET-004", 2, "PubliclyAccessible false"),
    ("NET-005", 1, "one source, the application's security group"),
    ("NET-006", 1, "one source, the application's security group"),
    ("NET-007", 1, "on the cluster's port"),
    ("NET-010", 1, "a flow log of the VPC with TrafficType ALL"),
    ("NET-011", 1, "a security group of its own"),
    ("NET-012", 1, "MapPublicIpOnLaunch false"),
    ("SEC-001", 1, "a dynamic reference to the secret"),
    ("SEC-002", 1, "30 generated characters"),
    ("SEC-007", 1, "dbadmin"),
    ("VER-002", 1, "11.9 is still offered"),
  ]

  /// How many resources lack a required tag, unless their stack, which no template tells, has it.
  static let untold: [String: Int] = [
    "v2.1.1 blea-base-sa": 2, "v2.1.1 blea-guest-apiapp-nodejs-sample": 2,
    "v2.1.1 blea-guest-apiapp-python-sample": 2, "v2.1.1 blea-guest-asgapp-sample": 7,
    "v2.1.1 blea-guest-ec2app-sample": 7, "v2.1.1 blea-guest-ecsapp-sample": 8,
    "v2.1.1 blea-guest-ecsapp-ssl-sample": 8, "v3.1.0 blea-gov-base-ct-stack": 2,
    "v3.1.0 blea-gov-base-standalone-stack": 2, "v3.1.0 blea-guest-apiapp-nodejs-sample-stack": 2,
    "v3.1.0 blea-guest-ec2-app-sample-stack": 2, "v3.1.0 blea-guest-ecs-app-sample-ecsapp": 8,
    "v3.1.0 blea-guest-ecs-app-sample-pipeline-pipeline": 1,
  ]
}
