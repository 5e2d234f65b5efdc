/**
 * Whether a campaign struck everything that there is to strike: every fault on every effect that
 * any of its worlds showed, and on every effect that is known to show only when something goes
 * wrong, or only in few worlds. What cannot happen is left out, each for a reason.
 */
import { deedNames } from './meddlers.ts';
import { pairName } from './strikes.ts';

/** Every fault that an effect can have, by effect. */
export type Strikable = ReadonlyMap<string, ReadonlySet<string>>;

/** From so many seeds on, each pair has to have come up. */
export const seedsForCoverage = 1000;

const custodian = 'lambda:Invoke keyturn-custodian';
const witness = 'lambda:Invoke keyturn-witness';

/** Effects that a campaign must have seen at all, so that none drops out unnoticed. */
export const mustBeSeen: readonly string[] = [
  ...['createSecret', 'setSecret', 'testSecret', 'finishSecret', 'undo'].map(
    (step) => `${custodian} ${step}`,
  ),
  ...['deactivate', 'delete', 'confirm'].map((purpose) => `${witness} ${purpose}`),
  'lambda:Invoke keyturn-health-check',
  ...['Issue', 'Deactivate', 'Delete', 'Restore'].map(
    (what) =>
      `ssm:StartAutomationExecution Keyturn-${what}${what === 'Issue' ? 'Replacement' : ''}Key`,
  ),
  'iam:CreateAccessKey',
  'iam:UpdateAccessKey Active',
  'iam:UpdateAccessKey Inactive',
  'iam:DeleteAccessKey',
  'secretsmanager:CreateSecret',
  'secretsmanager:PutSecretValue',
  'secretsmanager:UpdateSecretVersionStage AWSCURRENT',
  'secretsmanager:UpdateSecretVersionStage AWSPENDING',
  'secretsmanager:TagResource',
  ...['claims', 'users', 'pending'].map((kind) => `ssm:PutParameter ${kind}`),
  'ssm:LabelParameterVersion pending',
  'ssm:GetParameter stop switch',
  'securityhub:BatchUpdateFindings',
  'securityhub:BatchUpdateFindingsV2',
  'sns:Publish',
  'events:PutEvents',
  'slack:conversations.open',
  'slack:chat.postMessage',
  'slack:chat.update',
  'slack:chat.postEphemeral',
  'slack:views.open',
  'pagerduty:trigger',
  'pagerduty:resolve',
  ...[
    'GET public-key',
    'list',
    'PUT mark',
    'PUT AWS_ACCESS_KEY_ID',
    'PUT AWS_SECRET_ACCESS_KEY',
  ].map((call) => `github:${call}`),
  ...['commit', 'settle', 'postpone', 'rememberMessage', 'load', 'journal'].map(
    (name) => `store:${name}`,
  ),
];

/** What is not decided by an effect's own dice: outsiders and long outages. */
const always: readonly string[] = [
  ...deedNames.map((deed) => pairName('meddled', `outsider: ${deed}`)),
  pairName('down', 'iam:GetAccessKeyLastUsed'),
  pairName('down', 'sns:Publish'),
  pairName('down', 'events:PutEvents'),
  pairName('down', 'securityhub:BatchUpdateFindings'),
  pairName('down', 'securityhub:BatchUpdateFindingsV2'),
  pairName('down', 'ssm:GetParameter stop switch'),
  pairName('down', 'slack:chat.postMessage'),
  pairName('down', 'slack:chat.update'),
  pairName('down', 'pagerduty:trigger'),
  pairName('down', 'pagerduty:resolve'),
];

/** Effects, or pairs, that need not come up, and why. */
export const impossible: ReadonlyMap<string, string> = new Map([
  [
    'ssm:DeleteParameter pending',
    'what an attempt stored is deleted 90 days after its key was made: few worlds last so long',
  ],
  [
    'sqs:SendMessage',
    'only an event that nobody understands is kept there, and those of a world are all well formed',
  ],
]);

function isImpossible(pair: string): boolean {
  const [, effect = ''] = pair.split(' × ');
  return impossible.has(pair) || impossible.has(effect);
}

/** Every pair that was never struck, and every effect that never was, as sentences. */
export function neverStruck(
  strikable: readonly Strikable[],
  struck: ReadonlyMap<string, number>,
): readonly string[] {
  const pairs = strikable.flatMap((each) =>
    [...each].flatMap(([effect, kinds]) => [...kinds].map((kind) => `${kind} × ${effect}`)),
  );
  const seen = new Set(strikable.flatMap((each) => [...each.keys()]));
  return [
    ...mustBeSeen
      .filter((effect) => !seen.has(effect))
      .map((effect) => `coverage: ${effect} never came up`),
    ...[...new Set([...pairs, ...always])]
      .filter((pair) => (struck.get(pair) ?? 0) === 0 && !isImpossible(pair))
      .sort()
      .map((pair) => `coverage: ${pair} was never struck`),
  ];
}
