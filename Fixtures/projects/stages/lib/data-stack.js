const { Stack, NestedStack, Duration, RemovalPolicy } = require('aws-cdk-lib');
const ec2 = require('aws-cdk-lib/aws-ec2');
const kms = require('aws-cdk-lib/aws-kms');
const rds = require('aws-cdk-lib/aws-rds');

/** The network of a data store, in a nested stack of its own. */
class Network extends NestedStack {
  constructor(scope, id) {
    super(scope, id);
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Data', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
    });
  }
}

class DataStack extends Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    const { vpc } = new Network(this, 'Network');
    const key = new kms.Key(this, 'Key', {
      enableKeyRotation: props.isProduction,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    new rds.DatabaseCluster(this, 'Cluster', {
      engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_8 }),
      writer: rds.ClusterInstance.serverlessV2('Writer'),
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      storageEncrypted: true,
      storageEncryptionKey: key,
      backup: { retention: Duration.days(props.isProduction ? 35 : 7) },
      deletionProtection: props.isProduction,
    });
  }
}

module.exports = { DataStack };
