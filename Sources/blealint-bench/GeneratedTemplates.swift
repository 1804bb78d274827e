/// Templates of one database each, in the proportions that real ones have: four in five with short tags, one in four
/// with conditions, one in five with Fn::If; subnets from parameters (46 %), from imports (31 %), or declared.
enum GeneratedTemplates {
  /// - Parameter count: how many; the same number always means the same templates.
  /// - Returns: file names and texts.
  static func all(_ count: Int) -> [(name: String, text: String)] {
    (0..<count).map { number in
      number % 5 == 4 ? ("database-\(number).json", json(number)) : ("database-\(number).yaml", yaml(number))
    }
  }

  private static func yaml(_ number: Int) -> String {
    let hasConditions = number % 4 == 0
    let subnets = number % 100 * 7 % 100
    var text = """
      AWSTemplateFormatVersion: "2010-09-09"
      Description: >-
        The database of service \(number), with what protects it.
      Parameters:
        Stage: { Type: String, AllowedValues: [dev, stg, prod], Default: dev }
        Retention:
          Type: Number
          Default: \(number % 35 + 1)
          Description: Days that backups are kept
        SubnetIds: { Type: "List<AWS::EC2::Subnet::Id>" }
        VpcId: { Type: "AWS::EC2::VPC::Id" }
      Mappings:
        Sizes:
          dev: { Class: db.t4g.medium }
          stg: { Class: db.r6g.large }
          prod: { Class: db.r6g.xlarge }

      """
    if hasConditions {
      text += "Conditions:\n  IsProd: !Equals [!Ref Stage, prod]\n  HasReader: !Not [!Equals [!Ref Stage, dev]]\n"
    }
    text += """
      Resources:
        Key:
          Type: AWS::KMS::Key
          DeletionPolicy: Retain
          UpdateReplacePolicy: Retain
          Properties:
            EnableKeyRotation: \(number % 3 != 0)
            KeyPolicy:
              Version: "2012-10-17"
              Statement:
                - Sid: Administration
                  Effect: Allow
                  Principal: { AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root" }
                  Action: "kms:*"
                  Resource: "*"
                - Effect: Allow
                  Principal: { Service: !Sub "logs.${AWS::Region}.amazonaws.com" }
                  Action: ["kms:Decrypt", "kms:GenerateDataKey*"]
                  Resource: "*"
        Cluster:
          Type: AWS::RDS::DBCluster
          DeletionPolicy: Snapshot
          Properties:
            Engine: aurora-postgresql
            EngineVersion: "16.\(number % 9 + 1)"
            DBClusterIdentifier: !Sub "service-\(number)-${Stage}"
            DatabaseName: service\(number)
            MasterUsername: operator
            MasterUserPassword: !Sub "{{resolve:secretsmanager:${Secret}:SecretString:password}}"
            StorageEncrypted: true
            KmsKeyId: !GetAtt Key.Arn
            BackupRetentionPeriod: \(hasConditions ? "!If [IsProd, 35, !Ref Retention]" : "!Ref Retention")
            DeletionProtection: \(hasConditions ? "!If [IsProd, true, false]" : "true")
            DBSubnetGroupName: !Ref SubnetGroup
            DBClusterParameterGroupName: !Ref Settings
            VpcSecurityGroupIds: [!GetAtt Group.GroupId]
            EnableCloudwatchLogsExports: [postgresql]
            CopyTagsToSnapshot: true
            Tags:
              - { Key: Environment, Value: !Ref Stage }
              - { Key: Project, Value: service-\(number) }
              - { Key: DataClassification, Value: \(["public", "internal", "confidential"][number % 3]) }
        Writer:
          Type: AWS::RDS::DBInstance
          Properties:
            Engine: aurora-postgresql
            DBClusterIdentifier: !Ref Cluster
            DBInstanceClass: !FindInMap [Sizes, !Ref Stage, Class]
            PubliclyAccessible: false
        Reader:
          Type: AWS::RDS::DBInstance
          \(hasConditions ? "Condition: HasReader" : "DependsOn: Writer")
          Properties:
            Engine: aurora-postgresql
            DBClusterIdentifier: !Ref Cluster
            DBInstanceClass: !FindInMap [Sizes, !Ref Stage, Class]
        Settings:
          Type: AWS::RDS::DBClusterParameterGroup
          Properties:
            Family: aurora-postgresql16
            Description: Settings of service \(number)
            Parameters: { rds.force_ssl: "1", log_statement: ddl, shared_preload_libraries: "pg_stat_statements,pgaudit" }
        Secret:
          Type: AWS::SecretsManager::Secret
          Properties:
            KmsKeyId: !Ref Key
            GenerateSecretString:
              SecretStringTemplate: '{"username": "operator"}'
              GenerateStringKey: password
              PasswordLength: 32
              ExcludeCharacters: "\\"@/\\\\"
        Attachment:
          Type: AWS::SecretsManager::SecretTargetAttachment
          Properties: { SecretId: !Ref Secret, TargetId: !Ref Cluster, TargetType: AWS::RDS::DBCluster }
        Group:
          Type: AWS::EC2::SecurityGroup
          Properties:
            GroupDescription: Database of service \(number)
            VpcId: !Ref VpcId
            SecurityGroupIngress:
              - { IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 10.\(number % 256).0.0/16, Description: Service }
        SubnetGroup:
          Type: AWS::RDS::DBSubnetGroup
          Properties:
            DBSubnetGroupDescription: Database of service \(number)

      """
    switch subnets {
    case ..<46: text += "      SubnetIds: !Ref SubnetIds\n"
    case ..<77:
      text += "      SubnetIds: [!ImportValue network-SubnetA, !ImportValue network-SubnetB]\n"
    default:
      text += "      SubnetIds: [!Ref SubnetA, !Ref SubnetB]\n"
      for (index, zone) in ["A", "B"].enumerated() {
        text += """
            Subnet\(zone):
              Type: AWS::EC2::Subnet
              Properties:
                VpcId: !Ref VpcId
                CidrBlock: 10.0.\(index).0/24
                AvailabilityZone: !Select [\(index), !GetAZs ""]
            Table\(zone):
              Type: AWS::EC2::RouteTable
              Properties: { VpcId: !Ref VpcId }
            Association\(zone):
              Type: AWS::EC2::SubnetRouteTableAssociation
              Properties: { SubnetId: !Ref Subnet\(zone), RouteTableId: !Ref Table\(zone) }

          """
      }
    }
    text += "Outputs:\n  Endpoint:\n    Value: !GetAtt Cluster.Endpoint.Address\n"
    text += "    Export: { Name: !Sub \"${AWS::StackName}-endpoint\" }\n"
    return text
  }

  private static func json(_ number: Int) -> String {
    """
    {
     "Resources": {
      "Key": {
       "Type": "AWS::KMS::Key",
       "Properties": {
        "EnableKeyRotation": true,
        "KeyPolicy": {
         "Version": "2012-10-17",
         "Statement": [
          {
           "Effect": "Allow",
           "Principal": {
            "AWS": { "Fn::Join": ["", ["arn:", { "Ref": "AWS::Partition" }, ":iam::", { "Ref": "AWS::AccountId" }, ":root"]] }
           },
           "Action": "kms:*",
           "Resource": "*"
          }
         ]
        }
       },
       "UpdateReplacePolicy": "Retain",
       "DeletionPolicy": "Retain",
       "Metadata": { "aws:cdk:path": "Service\(number)/Key/Resource" }
      },
      "Secret": {
       "Type": "AWS::SecretsManager::Secret",
       "Properties": {
        "GenerateSecretString": {
         "ExcludeCharacters": " %+~`#$&*()|[]{}:;<>?!'/@\\"\\\\",
         "GenerateStringKey": "password",
         "PasswordLength": 30,
         "SecretStringTemplate": "{\\"username\\":\\"operator\\"}"
        },
        "KmsKeyId": { "Fn::GetAtt": ["Key", "Arn"] }
       }
      },
      "Subnets": {
       "Type": "AWS::RDS::DBSubnetGroup",
       "Properties": {
        "DBSubnetGroupDescription": "Subnets of service \(number)",
        "SubnetIds": [{ "Fn::ImportValue": "network-SubnetA" }, { "Fn::ImportValue": "network-SubnetB" }]
       }
      },
      "Cluster": {
       "Type": "AWS::RDS::DBCluster",
       "Properties": {
        "BackupRetentionPeriod": \(number % 35 + 1),
        "CopyTagsToSnapshot": true,
        "DBSubnetGroupName": { "Ref": "Subnets" },
        "DeletionProtection": \(number % 2 == 0),
        "EnableCloudwatchLogsExports": ["postgresql"],
        "Engine": "aurora-postgresql",
        "EngineVersion": "16.\(number % 9 + 1)",
        "KmsKeyId": { "Fn::GetAtt": ["Key", "Arn"] },
        "MasterUsername": "operator",
        "MasterUserPassword": {
         "Fn::Join": ["", ["{{resolve:secretsmanager:", { "Ref": "Secret" }, ":SecretString:password::}}"]]
        },
        "StorageEncrypted": true
       },
       "UpdateReplacePolicy": "Snapshot",
       "DeletionPolicy": "Snapshot",
       "Metadata": { "aws:cdk:path": "Service\(number)/Cluster/Resource" }
      },
      "Writer": {
       "Type": "AWS::RDS::DBInstance",
       "Properties": {
        "DBClusterIdentifier": { "Ref": "Cluster" },
        "DBInstanceClass": "db.r6g.large",
        "Engine": "aurora-postgresql",
        "PubliclyAccessible": false
       }
      }
     }
    }

    """
  }
}
