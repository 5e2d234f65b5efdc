/**
 * Permissions that no recording shows, because AWS itself uses them under the role: what the
 * sandbox calls for itself is recorded and needs no word here. Roles that a template does not have
 * count for nothing.
 */
import type { Unseen } from './used-and-granted.ts';

const functions = [
  'custodian',
  'daily-summary',
  'on-finding',
  'on-inventory',
  'on-runbook-finished',
  'on-slack-action',
  'on-slack-command',
  'on-pagerduty-event',
  'on-tick',
  'witness',
  'evidence-report',
];

export const unseen: readonly Unseen[] = [
  {
    roles: functions,
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    because: 'Lambda writes what a function logs under the role of the function.',
  },
  {
    roles: ['on-pagerduty-event'],
    actions: ['secretsmanager:GetSecretValue'],
    because: 'Of a secret that is not there, AWS asks about the bare name; the sandbox about none.',
  },
  {
    roles: ['on-tick', 'evidence-report', 'on-inventory', 'daily-summary'],
    actions: ['sqs:SendMessage'],
    because: 'Lambda sends an invocation that failed for good to its destination, as the function.',
  },
  {
    roles: ['on-tick'],
    actions: ['dynamodb:ConditionCheckItem'],
    because:
      'A tick claims a spare anew whose rotation was abandoned: the claim checks that it is over.',
  },
  {
    roles: ['on-finding', 'on-runbook-finished'],
    actions: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
    because: 'Lambda polls the queue that the function is fed from under the role of the function.',
  },
  {
    roles: ['scheduler'],
    actions: ['lambda:InvokeFunction', 'sqs:SendMessage'],
    because: 'EventBridge Scheduler calls the function, and keeps what it could not, as this role.',
  },
  {
    roles: ['forwarder-us-east-1'],
    actions: ['events:PutEvents'],
    because: 'EventBridge brings what a rule matches to the bus of the hub as this role.',
  },
];
