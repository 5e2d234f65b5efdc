/** The modelled operations that change something. */
export const mutatingOperations: ReadonlySet<string> = new Set([
  'iam:CreateAccessKey',
  'iam:UpdateAccessKey',
  'iam:DeleteAccessKey',
  'secretsmanager:CreateSecret',
  'secretsmanager:PutSecretValue',
  'secretsmanager:UpdateSecretVersionStage',
  'secretsmanager:TagResource',
  'ssm:StartAutomationExecution',
  'ssm:StopAutomationExecution',
  'securityhub:BatchUpdateFindings',
  'sns:Publish',
  'events:PutEvents',
  'sqs:SendMessage',
]);
