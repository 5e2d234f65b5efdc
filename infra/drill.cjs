/**
 * Drills (docs/drill.md): nothing of them is deployed unless a stage says `drill: yes`. The role of
 * the function may touch users below /keyturn-drill/ alone, and secrets that are named after them.
 */
const { readParameters } = require('./parameters.cjs');
const { definitionOf } = require('./drill-machine.cjs');

const sub = (text) => ({ 'Fn::Sub': text });
const arnOf = (resource) => sub(`arn:\${AWS::Partition}:${resource}`);
const attribute = (id) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const secret = (name) => arnOf(`secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:${name}`);

const trusting = (Service) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
});
const allow = (Sid, Action, Resource) => ({ Sid, Effect: 'Allow', Action, Resource });

const functionOf = (stage) => ({
  name: `keyturn-${stage}-drill`,
  description: 'Plays dummy users and their applications in a drill',
  handler: 'functions/lambda/drill.handler',
  timeout: 290,
  role: 'DrillRole',
  environment: {
    KEYTURN_ACCOUNT: { Ref: 'AWS::AccountId' },
    KEYTURN_PARTITION: { Ref: 'AWS::Partition' },
    KEYTURN_TABLE: `keyturn-${stage}`,
    KEYTURN_INBOUND_QUEUE: { Ref: 'Inbound' },
  },
});

const statementsOf = () => [
  allow('WriteLog', ['logs:CreateLogStream', 'logs:PutLogEvents'], attribute('DrillLogGroup')),
  allow(
    'PlayDummies',
    [
      'iam:CreateAccessKey',
      'iam:CreateUser',
      'iam:DeleteAccessKey',
      'iam:DeleteUser',
      'iam:GetUser',
      'iam:ListAccessKeys',
      'iam:TagUser',
      'iam:UntagUser',
    ],
    arnOf(`iam::\${AWS::AccountId}:user/keyturn-drill/*`),
  ),
  // IAM lists users of all paths or of none.
  allow('FindLeftovers', 'iam:ListUsers', '*'),
  allow(
    'KeepWhatApplicationsKnow',
    [
      'secretsmanager:CreateSecret',
      'secretsmanager:DeleteSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
    ],
    secret('keyturn-drill/*'),
  ),
  allow(
    'ReadAsApplicationsDo',
    ['secretsmanager:DeleteSecret', 'secretsmanager:GetSecretValue'],
    secret('keyturn/keyturn-drill-*'),
  ),
  allow('ReadRotations', 'dynamodb:GetItem', attribute('Table')),
  allow('ReportDummies', 'sqs:SendMessage', attribute('Inbound')),
];

const resourcesOf = (stage) => ({
  DrillRole: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: `keyturn-${stage}-drill`,
      Description: "Keyturn's drill",
      AssumeRolePolicyDocument: trusting('lambda.amazonaws.com'),
      Policies: [
        {
          PolicyName: 'drill',
          PolicyDocument: { Version: '2012-10-17', Statement: statementsOf() },
        },
      ],
    },
  },
  DrillMachineRole: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: `keyturn-${stage}-drill-machine`,
      Description: 'The order of a drill',
      AssumeRolePolicyDocument: trusting('states.amazonaws.com'),
      Policies: [
        {
          PolicyName: 'drill-machine',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              allow('Act', 'lambda:InvokeFunction', attribute('DrillLambdaFunction')),
              allow(
                'CountCleanCycles',
                'states:ListExecutions',
                arnOf(
                  `states:\${AWS::Region}:\${AWS::AccountId}:stateMachine:keyturn-${stage}-drill`,
                ),
              ),
            ],
          },
        },
      ],
    },
  },
  DrillMachine: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      StateMachineName: `keyturn-${stage}-drill`,
      StateMachineType: 'STANDARD',
      RoleArn: attribute('DrillMachineRole'),
      // Only the partition and the function's ARN are filled in.
      DefinitionString: sub(
        JSON.stringify(definitionOf(`\${DrillLambdaFunction.Arn}`, `\${AWS::Partition}`)),
      ),
    },
  },
});

module.exports = async (variables) => {
  const { stage, drill } = await readParameters(variables);
  const isHeld = drill === 'yes';
  return {
    environment: isHeld ? 'held' : 'none',
    function: isHeld ? functionOf(stage) : null,
    stack: { Resources: isHeld ? resourcesOf(stage) : {} },
  };
};
