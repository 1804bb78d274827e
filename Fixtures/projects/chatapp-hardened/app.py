"""ChatApp's data store as BLEA wants it: isolated, encrypted with keys of its own, backed up, audited and tagged."""

import json
from pathlib import Path

from aws_cdk import App, Duration, Environment, RemovalPolicy, Stack, Tags
from aws_cdk import aws_backup as backup
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns

ENVIRONMENT = Environment(account="123456789012", region="ap-northeast-1")
ISOLATED = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
CLUSTER = "chatapp"
RECOVERY_REGION = "ap-northeast-3"
RECOVERY_VAULT = "chatapp-recovery"
PORT = 15432
S3_PREFIX_LIST = "pl-61a54008"  # com.amazonaws.ap-northeast-1.s3
RETENTION = Duration.days(2555)  # 7年。SQLのdata_retention_daysと同じ

# BLEA準拠タグ。テーブルの最高の分類（confidential）を下回らないこと
TAGS = {
    "Project": "ChatApp",
    "Environment": "Production",
    "DataClassification": "confidential",
    "BackupRequired": "true",
    "Encrypted": "true",
}


def key(scope, construct_id, description):
    return kms.Key(
        scope,
        construct_id,
        description=description,
        enable_key_rotation=True,
        rotation_period=Duration.days(365),
        removal_policy=RemovalPolicy.RETAIN,
    )


def let_service_encrypt(service_key, service, account):
    service_key.add_to_resource_policy(
        iam.PolicyStatement(
            actions=["kms:Decrypt", "kms:GenerateDataKey*"],
            principals=[iam.ServicePrincipal(service)],
            resources=["*"],
            conditions={"StringEquals": {"aws:SourceAccount": account}},
        )
    )


def locked_vault(scope, construct_id, name, vault_key):
    return backup.BackupVault(
        scope,
        construct_id,
        backup_vault_name=name,
        encryption_key=vault_key,
        removal_policy=RemovalPolicy.RETAIN,
        lock_configuration=backup.LockConfiguration(
            min_retention=Duration.days(35), max_retention=Duration.days(2600), changeable_for=Duration.days(3)
        ),
    )


class RecoveryStack(Stack):
    """別リージョンのボールト。データベースのバックアップのコピー先"""

    def __init__(self, scope, construct_id, **kwargs):
        super().__init__(scope, construct_id, **kwargs)
        locked_vault(self, "Vault", RECOVERY_VAULT, key(self, "BackupKey", "ChatApp copies of backups"))


class NetworkStack(Stack):
    def __init__(self, scope, construct_id, **kwargs):
        super().__init__(scope, construct_id, **kwargs)
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            max_azs=2,
            nat_gateways=1,
            ip_addresses=ec2.IpAddresses.cidr("10.100.0.0/16"),
            subnet_configuration=[
                ec2.SubnetConfiguration(
                    name="Public",
                    subnet_type=ec2.SubnetType.PUBLIC,
                    cidr_mask=24,
                    map_public_ip_on_launch=False,
                ),
                ec2.SubnetConfiguration(name="Private", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS, cidr_mask=22),
                ec2.SubnetConfiguration(name="Protected", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=22),
            ],
        )

        # VPCフローログ。鍵はログ配信サービスにも使えること
        flow_log_key = key(self, "FlowLogKey", "ChatApp VPC flow logs")
        let_service_encrypt(flow_log_key, "delivery.logs.amazonaws.com", self.account)
        flow_log_bucket = s3.Bucket(
            self,
            "FlowLogBucket",
            encryption=s3.BucketEncryption.KMS,
            encryption_key=flow_log_key,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            removal_policy=RemovalPolicy.RETAIN,
        )
        self.vpc.add_flow_log(
            "FlowLogs",
            traffic_type=ec2.FlowLogTrafficType.ALL,
            destination=ec2.FlowLogDestination.to_s3(flow_log_bucket),
        )

        # 外に出られない関数のためのエンドポイント
        self.vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3, subnets=[ISOLATED])
        endpoint_security_group = ec2.SecurityGroup(
            self, "EndpointSg", vpc=self.vpc, description="VPC endpoints", allow_all_outbound=False
        )
        for name, service in {
            "SecretsManager": ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
            "Kms": ec2.InterfaceVpcEndpointAwsService.KMS,
            "Logs": ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
        }.items():
            self.vpc.add_interface_endpoint(
                name, service=service, subnets=ISOLATED, open=False, security_groups=[endpoint_security_group]
            )
        self.initializer_security_group = ec2.SecurityGroup(
            self, "InitializerSg", vpc=self.vpc, description="Database initializer", allow_all_outbound=False
        )
        endpoint_security_group.add_ingress_rule(self.initializer_security_group, ec2.Port.tcp(443))
        self.initializer_security_group.add_egress_rule(endpoint_security_group, ec2.Port.tcp(443))
        self.initializer_security_group.add_egress_rule(ec2.Peer.prefix_list(S3_PREFIX_LIST), ec2.Port.tcp(443))

        self.application_security_group = ec2.SecurityGroup(
            self, "ApplicationSg", vpc=self.vpc, description="Application", allow_all_outbound=False
        )
        self.database_security_group = ec2.SecurityGroup(
            self, "DatabaseSg", vpc=self.vpc, description="Aurora", allow_all_outbound=False
        )
        for caller in [self.application_security_group, self.initializer_security_group]:
            self.database_security_group.add_ingress_rule(caller, ec2.Port.tcp(PORT))
            caller.add_egress_rule(self.database_security_group, ec2.Port.tcp(PORT))


class DatabaseStack(Stack):
    def __init__(self, scope, construct_id, network, **kwargs):
        super().__init__(scope, construct_id, **kwargs)
        storage_key = key(self, "StorageKey", "ChatApp Aurora storage and Performance Insights")
        secret_key = key(self, "SecretKey", "ChatApp database credentials")
        backup_key = key(self, "BackupKey", "ChatApp backups")
        topic_key = key(self, "TopicKey", "ChatApp database notifications")
        log_key = self.log_key()

        secret = secretsmanager.Secret(
            self,
            "Secret",
            description="ChatApp Aurora database credentials",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=json.dumps({"username": "chatapp_admin"}),
                generate_string_key="password",
                exclude_characters="\"@/\\'",
                include_space=False,
                password_length=32,
            ),
            encryption_key=secret_key,
            removal_policy=RemovalPolicy.RETAIN,
        )

        # RDSが自分で作る前に、暗号化と保持期間を決めたロググループを作る
        log_group = logs.LogGroup(
            self,
            "DatabaseLogs",
            log_group_name=f"/aws/rds/cluster/{CLUSTER}/postgresql",
            encryption_key=log_key,
            retention=logs.RetentionDays.TEN_YEARS,
            removal_policy=RemovalPolicy.RETAIN,
        )

        cluster = self.cluster(network, secret, storage_key)
        cluster.node.add_dependency(log_group)
        self.rotation(secret, cluster)
        self.backups(backup_key)
        self.notifications(cluster, topic_key)
        self.initializer(network, cluster, secret, log_key)

        # アプリケーションはIAM認証で接続する
        application = iam.Role(self, "ApplicationRole", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        cluster.grant_connect(application, "chatapp_app")

    def log_key(self):
        log_key = key(self, "LogKey", "ChatApp log groups")
        log_key.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
                principals=[iam.ServicePrincipal(f"logs.{self.region}.amazonaws.com")],
                resources=["*"],
                conditions={
                    "ArnLike": {
                        "kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:{self.region}:{self.account}:log-group:*"
                    }
                },
            )
        )
        return log_key

    def cluster(self, network, secret, storage_key):
        def instance(construct_id, **kwargs):
            return rds.ClusterInstance.serverless_v2(
                construct_id,
                auto_minor_version_upgrade=True,
                publicly_accessible=False,
                enable_performance_insights=True,
                performance_insight_encryption_key=storage_key,
                performance_insight_retention=rds.PerformanceInsightRetention.MONTHS_3,
                **kwargs,
            )

        engine = rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_15_15)
        return rds.DatabaseCluster(
            self,
            "Database",
            cluster_identifier=CLUSTER,
            engine=engine,
            engine_lifecycle_support=rds.EngineLifecycleSupport.OPEN_SOURCE_RDS_EXTENDED_SUPPORT_DISABLED,
            credentials=rds.Credentials.from_secret(secret),
            default_database_name="chatapp",
            port=PORT,
            writer=instance("writer"),
            readers=[instance("reader", scale_with_writer=True)],
            serverless_v2_min_capacity=2,
            serverless_v2_max_capacity=4,
            storage_encrypted=True,
            storage_encryption_key=storage_key,
            vpc=network.vpc,
            vpc_subnets=ISOLATED,
            security_groups=[network.database_security_group],
            iam_authentication=True,
            deletion_protection=True,
            delete_automated_backups=False,
            removal_policy=RemovalPolicy.RETAIN,
            copy_tags_to_snapshot=True,
            backup=rds.BackupProps(retention=Duration.days(35), preferred_window="17:00-18:00"),
            preferred_maintenance_window="sun:18:30-sun:19:00",
            monitoring_interval=Duration.minutes(1),
            monitoring_role=self.monitoring_role(),
            cloudwatch_logs_exports=["postgresql"],
            enable_performance_insights=True,
            performance_insight_encryption_key=storage_key,
            performance_insight_retention=rds.PerformanceInsightRetention.MONTHS_3,
            parameters={
                "rds.force_ssl": "1",
                "shared_preload_libraries": "pgaudit,pg_stat_statements",
                "pgaudit.log": "ddl,role,write",
                "pgaudit.role": "rds_pgaudit",
                "log_connections": "1",
                "log_disconnections": "1",
                "log_statement": "ddl",
            },
        )

    def monitoring_role(self):
        # CDKが作るロールの信頼ポリシーには条件がない
        return iam.Role(
            self,
            "MonitoringRole",
            assumed_by=iam.ServicePrincipal(
                "monitoring.rds.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": self.account}}
            ),
            managed_policies=[
                iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AmazonRDSEnhancedMonitoringRole")
            ],
        )

    def rotation(self, secret, cluster):
        # ローテーション関数はプラットフォームチームのもの
        rotation_lambda = lambda_.Function.from_function_arn(
            self,
            "RotationFunction",
            f"arn:aws:lambda:{self.region}:{self.account}:function:platform-rds-postgresql-rotation",
        )
        secretsmanager.RotationSchedule(
            self,
            "Rotation",
            secret=cluster.secret,
            rotation_lambda=rotation_lambda,
            automatically_after=Duration.days(30),
        )
        # ローテーションがシークレットに付けるポリシーを、後から広げられないようにする
        policy = cluster.secret.node.find_child("Policy").node.default_child
        policy.block_public_policy = True

    def backups(self, backup_key):
        vault = locked_vault(self, "Vault", "chatapp", backup_key)
        recovery_vault = backup.BackupVault.from_backup_vault_arn(
            self, "RecoveryVault", f"arn:aws:backup:{RECOVERY_REGION}:{self.account}:backup-vault:{RECOVERY_VAULT}"
        )
        plan = backup.BackupPlan(self, "Plan", backup_vault=vault, backup_plan_name="chatapp")
        plan.add_rule(
            backup.BackupPlanRule(
                rule_name="daily",
                schedule_expression=events.Schedule.cron(hour="19", minute="30"),
                delete_after=RETENTION,
                enable_continuous_backup=False,
                copy_actions=[
                    backup.BackupPlanCopyActionProps(delete_after=RETENTION, destination_backup_vault=recovery_vault)
                ],
            )
        )
        plan.add_selection("ByTag", resources=[backup.BackupResource.from_tag("BackupRequired", "true")])

        # 復旧テスト。毎月、無作為に選んだ復旧ポイントから復元してみる
        tests = backup.CfnRestoreTestingPlan(
            self,
            "RestoreTests",
            restore_testing_plan_name="chatapp_monthly",
            schedule_expression="cron(0 20 1 * ? *)",
            recovery_point_selection=backup.CfnRestoreTestingPlan.RestoreTestingRecoveryPointSelectionProperty(
                algorithm="RANDOM_WITHIN_WINDOW",
                include_vaults=[vault.backup_vault_arn],
                recovery_point_types=["SNAPSHOT"],
                selection_window_days=30,
            ),
        )
        restore_role = iam.Role(
            self,
            "RestoreTestRole",
            assumed_by=iam.ServicePrincipal("backup.amazonaws.com"),
            managed_policies=[
                iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AWSBackupServiceRolePolicyForRestores")
            ],
        )
        backup.CfnRestoreTestingSelection(
            self,
            "RestoreTestedClusters",
            restore_testing_plan_name=tests.restore_testing_plan_name,
            restore_testing_selection_name="aurora",
            protected_resource_type="Aurora",
            protected_resource_arns=["*"],
            iam_role_arn=restore_role.role_arn,
        ).add_resource_dependency(tests)

    def notifications(self, cluster, topic_key):
        for service in ["events.rds.amazonaws.com", "cloudwatch.amazonaws.com"]:
            let_service_encrypt(topic_key, service, self.account)
        topic = sns.Topic(self, "Topic", master_key=topic_key, enforce_ssl=True)
        rds.CfnEventSubscription(
            self,
            "ClusterEvents",
            sns_topic_arn=topic.topic_arn,
            source_type="db-cluster",
            event_categories=["failover", "failure", "maintenance"],
        )
        rds.CfnEventSubscription(
            self,
            "InstanceEvents",
            sns_topic_arn=topic.topic_arn,
            source_type="db-instance",
            event_categories=["availability", "configuration change", "deletion", "failure", "maintenance"],
        )
        rds.CfnEventSubscription(
            self,
            "ParameterGroupEvents",
            sns_topic_arn=topic.topic_arn,
            source_type="db-parameter-group",
            event_categories=["configuration change"],
        )
        alarm = cluster.metric_cpu_utilization(period=Duration.minutes(1)).create_alarm(
            self,
            "CpuAlarm",
            threshold=90,
            evaluation_periods=3,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        )
        alarm.add_alarm_action(cloudwatch_actions.SnsAction(topic))

    def initializer(self, network, cluster, secret, log_key):
        # SQLはここには書かない。migrations/をパイプラインがこのバケットに置く
        migrations = s3.Bucket(
            self,
            "Migrations",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            versioned=True,
            removal_policy=RemovalPolicy.RETAIN,
        )
        initializer = lambda_.Function(
            self,
            "Initializer",
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="index.handler",
            code=lambda_.Code.from_inline((Path(__file__).parent / "initializer" / "index.py").read_text("utf-8")),
            timeout=Duration.minutes(10),
            layers=[
                lambda_.LayerVersion.from_layer_version_arn(
                    self, "Psql", f"arn:aws:lambda:{self.region}:{self.account}:layer:platform-psql:7"
                )
            ],
            vpc=network.vpc,
            vpc_subnets=ISOLATED,
            security_groups=[network.initializer_security_group],
            log_group=logs.LogGroup(
                self, "InitializerLogs", encryption_key=log_key, retention=logs.RetentionDays.TEN_YEARS
            ),
            environment={
                "SECRET_ARN": secret.secret_arn,
                "DATABASE_ENDPOINT": cluster.cluster_endpoint.hostname,
                "DATABASE_PORT": str(PORT),
                "MIGRATIONS_BUCKET": migrations.bucket_name,
            },
        )
        secret.grant_read(initializer)
        migrations.grant_read(initializer)


app = App()
network = NetworkStack(app, "ChatAppNet", env=ENVIRONMENT, tags=TAGS)
DatabaseStack(app, "ChatAppDb", network, env=ENVIRONMENT, tags=TAGS)
RecoveryStack(app, "ChatAppRecovery", env=Environment(account=ENVIRONMENT.account, region=RECOVERY_REGION), tags=TAGS)
for name, value in TAGS.items():
    Tags.of(app).add(name, value)
app.synth()
