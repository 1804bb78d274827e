/// Inputs of a wanted size, always the same: templates and a schema such as people write, many times over.
enum GeneratedInput {
  /// A CloudFormation template in block style YAML.
  static func yamlTemplate(bytes: Int) -> [UInt8] {
    var text = """
      AWSTemplateFormatVersion: "2010-09-09"
      Description: Clusters, one like the other
      Parameters:
        Stage: { Type: String, AllowedValues: [dev, prod], Default: dev }
      Conditions:
        IsProd: !Equals [!Ref Stage, prod]
      Resources:

      """
    var number = 0
    while text.utf8.count < bytes {
      number += 1
      text += """
          # The store of service \(number)
          Cluster\(number):
            Type: AWS::RDS::DBCluster
            DeletionPolicy: !If [IsProd, Retain, Delete]
            Properties:
              Engine: aurora-postgresql
              EngineVersion: "16.\(number % 9)"
              DBClusterIdentifier: !Sub "${Stage}-service-\(number)"
              MasterUsername: postgres
              ManageMasterUserPassword: true
              StorageEncrypted: true
              KmsKeyId: !GetAtt Key\(number).Arn
              BackupRetentionPeriod: \(number % 35 + 1)
              DBSubnetGroupName: !Ref Subnets
              VpcSecurityGroupIds:
                - !GetAtt Group.GroupId
              EnableCloudwatchLogsExports: [postgresql]
              Tags:
                - Key: Service
                  Value: 'service \(number)'
                - { Key: Stage, Value: !Ref Stage }
          Key\(number):
            Type: AWS::KMS::Key
            Properties:
              EnableKeyRotation: true
              Description: >-
                Protects what service \(number) keeps,
                and nothing else.
              KeyPolicy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: { AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root" }
                    Action: "kms:*"
                    Resource: "*"

        """
    }
    return Array(text.utf8)
  }

  /// The same in JSON, indented as the CDK writes it.
  static func jsonTemplate(bytes: Int) -> [UInt8] {
    var text = "{\n \"AWSTemplateFormatVersion\": \"2010-09-09\",\n \"Resources\": {\n"
    var number = 0
    while text.utf8.count < bytes {
      number += 1
      text += """
          "Cluster\(number)": {
           "Type": "AWS::RDS::DBCluster",
           "Properties": {
            "BackupRetentionPeriod": \(number % 35 + 1),
            "DBClusterIdentifier": { "Fn::Join": ["-", [{ "Ref": "Stage" }, "service", "\(number)"]] },
            "DBSubnetGroupName": { "Ref": "Subnets" },
            "DeletionProtection": true,
            "EnableCloudwatchLogsExports": ["postgresql"],
            "Engine": "aurora-postgresql",
            "EngineVersion": "16.\(number % 9)",
            "KmsKeyId": { "Fn::GetAtt": ["Key\(number)", "Arn"] },
            "StorageEncrypted": true,
            "Tags": [
             { "Key": "Service", "Value": "service \(number)" },
             { "Key": "Path", "Value": "C:\\\\services\\\\\(number) \\"quoted\\" and \\u3042" }
            ]
           },
           "UpdateReplacePolicy": "Snapshot",
           "DeletionPolicy": "Snapshot",
           "Metadata": { "aws:cdk:path": "Services/Service\(number)/Cluster/Resource" }
          },

        """
    }
    text += "  \"Last\": { \"Type\": \"AWS::SNS::Topic\" }\n }\n}\n"
    return Array(text.utf8)
  }

  /// A schema: tables, indexes, policies, functions, comments and grants.
  static func schema(bytes: Int) -> [UInt8] {
    var text = "CREATE ROLE app LOGIN;\nCREATE SCHEMA chat;\n"
    var number = 0
    while text.utf8.count < bytes {
      number += 1
      text += """
        -- Messages of tenant group \(number)
        CREATE TABLE chat.messages_\(number) (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            tenant_id uuid NOT NULL,
            author text NOT NULL CHECK (length(author) BETWEEN 1 AND 200),
            body text,
            amount numeric(12, 2) DEFAULT 0.00,
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT messages_\(number)_unique UNIQUE (tenant_id, created_at, id)
        );
        CREATE INDEX messages_\(number)_by_tenant ON chat.messages_\(number) (tenant_id, created_at DESC);
        COMMENT ON COLUMN chat.messages_\(number).author IS 'who wrote it, as the user''s own name';
        ALTER TABLE chat.messages_\(number) ENABLE ROW LEVEL SECURITY;
        CREATE POLICY tenant_only ON chat.messages_\(number) USING (
            tenant_id = current_setting('app.tenant_id')::uuid
        );
        CREATE FUNCTION chat.touch_\(number)() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
          NEW.created_at := now();
          IF NEW.body IS NULL THEN
            RAISE EXCEPTION 'message % has no body', NEW.id;
          END IF;
          RETURN NEW;
        END
        $body$;
        CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON chat.messages_\(number)
          FOR EACH ROW EXECUTE FUNCTION chat.touch_\(number)();
        GRANT SELECT, INSERT, UPDATE ON chat.messages_\(number) TO app;

        """
    }
    return Array(text.utf8)
  }
}
