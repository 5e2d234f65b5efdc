/**
 * Where the operator keeps the token by which the custodian writes secrets of repositories on GitHub
 * (docs/propagation.md): nothing unless the stage says so by githubTokenIn. In each account that has
 * users it is a secret, keyturn-<stage>-github-token, or a SecureString, /keyturn-<stage>/github-token,
 * which the custodian alone may read.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html (2026-11)
 */
const { readParameters } = require('./parameters.cjs');

const stores = {
  'secrets-manager': {
    action: 'secretsmanager:GetSecretValue',
    nameOf: (stage) => `keyturn-${stage}-github-token`,
    // Secrets Manager adds a hyphen and six characters to the name.
    arnOf: (name) => `secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:${name}-??????`,
  },
  'parameter-store': {
    action: 'ssm:GetParameter',
    nameOf: (stage) => `/keyturn-${stage}/github-token`,
    arnOf: (name) => `ssm:\${AWS::Region}:\${AWS::AccountId}:parameter${name}`,
  },
};

const policyOf = (stage, { action, nameOf, arnOf }) => ({
  CustodianGitHubToken: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: `keyturn-${stage}-custodian-github-token`,
      Roles: [{ Ref: 'CustodianRole' }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'ReadTokenForGitHub',
            Effect: 'Allow',
            Action: action,
            Resource: { 'Fn::Sub': `arn:\${AWS::Partition}:${arnOf(nameOf(stage))}` },
          },
        ],
      },
    },
  },
});

module.exports = async (variables) => {
  const { stage, githubTokenIn } = await readParameters(variables);
  const store = stores[githubTokenIn];
  return {
    stack: { Resources: store === undefined ? {} : policyOf(stage, store) },
    // Empty: none.
    environment: store === undefined ? '' : store.nameOf(stage),
  };
};
