"""ChatApp's data store: the stack of the Aurora security task, with the fewest repairs that let it synthesize."""

import json
from pathlib import Path

from aws_cdk import App, Duration, Environment, Stack, Tags
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager

ENVIRONMENT = Environment(account="123456789012", region="ap-northeast-1")
STACK_TAGS = {"Repository": "example/chatapp", "Environment": "Development"}


class NetworkStack(Stack):
    """三層のVPC（Public、Private、Protected）とデータベースのセキュリティグループ"""

    def __init__(self, scope, construct_id, **kwargs):
        super().__init__(scope, construct_id, **kwargs)
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            max_azs=2,
            nat_gateways=1,
            ip_addresses=ec2.IpAddresses.cidr("10.100.0.0/16"),
            subnet_configuration=[
                ec2.SubnetConfiguration(name="Public", subnet_type=ec2.SubnetType.PUBLIC, cidr_mask=24),
                ec2.SubnetConfiguration(name="Private", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS, cidr_mask=22),
                ec2.SubnetConfiguration(name="Protected", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=22),
            ],
        )
        self.database_security_group = ec2.SecurityGroup(self, "DatabaseSg", vpc=self.vpc)


class DatabaseStack(Stack):
    """Aurora Serverless v2とその初期化関数"""

    def __init__(self, scope, construct_id, network, **kwargs):
        super().__init__(scope, construct_id, **kwargs)

        # KMS暗号化キー
        key = kms.Key(
            self, "ChatAppDatabaseKey", description="ChatApp Aurora encryption key", enable_key_rotation=True
        )

        # データベース認証情報
        secret = secretsmanager.Secret(
            self,
            "ChatAppDatabaseSecret",
            description="ChatApp Aurora database credentials",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=json.dumps({"username": "chatapp_admin"}),
                generate_string_key="password",
                exclude_characters="\"@/\\'",
                include_space=False,
                password_length=32,
            ),
            encryption_key=key,
        )

        monitoring_role = iam.Role(
            self,
            "RdsMonitoringRole",
            assumed_by=iam.ServicePrincipal("monitoring.rds.amazonaws.com"),
            managed_policies=[
                iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AmazonRDSEnhancedMonitoringRole")
            ],
        )

        # Aurora Serverless v2クラスター
        cluster = rds.DatabaseCluster(
            self,
            "ChatAppDatabase",
            engine=rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_14_9),
            credentials=rds.Credentials.from_secret(secret),
            writer=rds.ClusterInstance.serverless_v2("writer"),
            storage_encrypted=True,
            storage_encryption_key=key,
            vpc=network.vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
            security_groups=[network.database_security_group],
            serverless_v2_min_capacity=0.5,
            serverless_v2_max_capacity=4,
            backup=rds.BackupProps(retention=Duration.days(7), preferred_window="03:00-04:00"),
            monitoring_interval=Duration.minutes(1),
            monitoring_role=monitoring_role,
            cloudwatch_logs_exports=["postgresql"],
            cloudwatch_logs_retention=logs.RetentionDays.ONE_MONTH,
            performance_insight_encryption_key=key,
            performance_insight_retention=rds.PerformanceInsightRetention.DEFAULT,
        )

        # BLEA準拠タグ
        for name, value in {
            "Project": "ChatApp",
            "Environment": "Development",
            "DataClassification": "internal",
            "BackupRequired": "true",
            "Encrypted": "true",
        }.items():
            Tags.of(cluster).add(name, value)

        # データベース初期化Lambda
        initializer = lambda_.Function(
            self,
            "DatabaseInitializer",
            runtime=lambda_.Runtime.PYTHON_3_11,
            handler="index.handler",
            code=lambda_.Code.from_inline((Path(__file__).parent / "initializer" / "index.py").read_text("utf-8")),
            vpc=network.vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
            environment={
                "SECRET_ARN": secret.secret_arn,
                "DATABASE_ENDPOINT": cluster.cluster_endpoint.hostname,
            },
        )
        secret.grant_read(initializer)
        cluster.grant_connect(initializer, "chatapp_init")


app = App()
network = NetworkStack(app, "ChatAppNet", env=ENVIRONMENT, tags=STACK_TAGS)
DatabaseStack(app, "ChatAppDb", network, env=ENVIRONMENT, tags=STACK_TAGS)
app.synth()
