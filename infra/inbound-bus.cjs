/**
 * The bus into which member accounts forward, and who may: the accounts that the stage names, or the
 * whole organisation; by rules only, and only events that AWS services themselves sent. Nobody can
 * send an event under a source that begins with `aws.`, so a member account cannot make one up.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html (2026-11)
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html (2026-11)
 */
const { readParameters } = require('./parameters.cjs');

const kinds = {
  'events:source': ['aws.config', 'aws.macie', 'aws.secretsmanager', 'aws.securityhub', 'aws.ssm'],
  'events:detail-type': [
    'Config Rules Compliance Change',
    'EC2 Automation Execution Status-change Notification',
    'Findings Imported V2',
    'Macie Finding',
    'Secret Label Updated',
    'Security Hub Findings - Custom Action',
    'Security Hub Findings - Imported',
  ],
};

const rootOf = (account) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:iam::${account}:root` });

/** One statement for each way in which somebody may be let in. */
const policy = (id, principal, whom) => ({
  Type: 'AWS::Events::EventBusPolicy',
  Properties: {
    EventBusName: { Ref: 'InboundBus' },
    StatementId: id,
    Statement: {
      Sid: id,
      Effect: 'Allow',
      Principal: principal,
      Action: 'events:PutEvents',
      Resource: { 'Fn::GetAtt': ['InboundBus', 'Arn'] },
      Condition: {
        StringEquals: { ...kinds, ...whom },
        Bool: { 'events:eventBusInvocation': 'true' },
      },
    },
  },
});

module.exports = async (variables) => {
  const { stage, organization, memberAccounts } = await readParameters(variables);
  const name = `keyturn-${stage}-inbound`;
  return {
    Resources: {
      InboundBus: {
        Type: 'AWS::Events::EventBus',
        Properties: { Name: name, Description: 'What member accounts forward to Keyturn' },
      },
      ...(memberAccounts.length > 0 && {
        MembersMayForward: policy('MembersMayForward', { AWS: memberAccounts.map(rootOf) }, {}),
      }),
      ...(organization !== '' && {
        OrganizationMayForward: policy('OrganizationMayForward', '*', {
          'aws:PrincipalOrgID': organization,
        }),
      }),
    },
    Outputs: {
      InboundBusArn: {
        Description: 'Member accounts forward their events here',
        Value: { 'Fn::GetAtt': ['InboundBus', 'Arn'] },
      },
    },
  };
};
