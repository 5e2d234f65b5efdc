/**
 * Where the operator keeps the credentials of Slack and PagerDuty, and what reading them takes
 * (serverless.yml: connectionsIn, connections). Together they are one secret, keyturn-<stage>-
 * connections; apart each is one of its own, and no function can read what it does not need. A
 * SecureString under AWS's own key takes no permission on the key. The parameters are none of the
 * vault's, /keyturn/….
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html (2026-11)
 */
const { readParameters } = require('./parameters.cjs');

const stores = {
  'secrets-manager': {
    action: 'secretsmanager:GetSecretValue',
    nameOf: (stage, what) => `keyturn-${stage}-${what}`,
    // Secrets Manager adds a hyphen and six characters to the name.
    arnOf: (name) => `secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:${name}-*`,
  },
  'parameter-store': {
    action: 'ssm:GetParameter',
    nameOf: (stage, what) => `/keyturn-${stage}/${what}`,
    arnOf: (name) => `ssm:\${AWS::Region}:\${AWS::AccountId}:parameter${name}`,
  },
};

const apart = { token: 'slack-token', signing: 'slack-signing', keys: 'pagerduty-keys' };
const together = { token: 'connections', signing: 'connections', keys: 'connections' };

module.exports = async (variables) => {
  const { stage, connectionsIn, connections } = await readParameters(variables);
  const { action, nameOf, arnOf } = stores[connectionsIn];
  const held = connections === 'apart' ? apart : together;
  const names = Object.fromEntries(
    Object.entries(held).map(([part, what]) => [part, nameOf(stage, what)]),
  );
  const resource = (...parts) => {
    const each = [...new Set(parts.map((part) => names[part]))];
    const arns = each.map((name) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:${arnOf(name)}` }));
    return arns.length === 1 ? arns[0] : arns;
  };
  return {
    names,
    action,
    // By what a function needs.
    resources: {
      token: resource('token'),
      tokenAndSigning: resource('token', 'signing'),
      tokenAndKeys: resource('token', 'keys'),
    },
  };
};
