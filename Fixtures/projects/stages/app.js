const { App, Stage } = require('aws-cdk-lib');
const { DataStack } = require('./lib/data-stack');

const app = new App();
for (const name of ['Dev', 'Prod']) {
  const stage = new Stage(app, name, { env: { account: '111122223333', region: 'ap-northeast-1' } });
  new DataStack(stage, 'Data', {
    isProduction: name === 'Prod',
    tags: {
      Project: 'stages', Environment: name.toLowerCase(), DataClassification: 'internal',
      BackupRequired: 'true', Encrypted: 'true',
    },
  });
}
app.synth();
