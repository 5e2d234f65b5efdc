/** `npm run doctor`: it says what lacks, changes nothing, and never shows what a secret holds. */
import { expect, test } from 'vitest';
import { accountReads } from '../../adapters/account-reads.ts';
import type { Diagnosis } from '../../app/doctor/diagnosis.ts';
import type { Section } from '../../app/doctor/examine.ts';
import { stageNames } from '../../app/doctor/names.ts';
import { doctorPolicy } from '../../app/doctor/permissions.ts';
import { connectionsChecks } from '../../app/doctor/stack-checks.ts';
import { doctorCommand } from '../../commands/doctor.ts';
import { allIn, heldByName } from '../../domain/connections.ts';
import { type Health, type ModelAccount, modelAccount } from '../../sandbox/model-account.ts';
import { integrationSecret } from '../../sandbox/settings.ts';

async function examined(health: Health, ...more: string[]) {
  let model: ModelAccount | undefined;
  let settled = 0;
  const answer = await doctorCommand(
    ['--sandbox', health, '--json', ...more],
    {},
    async (which) => {
      model = await modelAccount(which);
      settled = model.cloud.history.length;
      return model;
    },
  );
  const { sections } = JSON.parse(answer.out[0] ?? '{}') as { sections: readonly Section[] };
  const calls = model?.cloud.history.slice(settled) ?? [];
  return { answer, sections, calls };
}

function lacking(sections: readonly Section[]): readonly string[] {
  return sections.flatMap(({ title, diagnoses }) =>
    diagnoses
      .filter(({ state }) => state !== 'ok')
      .map(({ state, check }) => `${title.replace(/:.*/, '')} / ${check}: ${state}`),
  );
}

test('a healthy deployment in two accounts lacks nothing', async () => {
  const { answer, sections } = await examined('healthy');
  expect(lacking(sections)).toEqual([]);
  expect(answer.status).toBe(0);
  expect(sections.map(({ title }) => title)).toEqual([
    'this checkout',
    expect.stringMatching(/^credentials/),
    'account 111122223333, Region us-east-1',
    'Slack',
    'stage prod',
    'account 111122223333, beside its keys',
    'account 444455556666, beside its keys',
  ]);
});

test('before a deployment only what it needs is looked at', async () => {
  const { answer, sections } = await examined('new');
  expect(answer.status).toBe(0);
  expect(sections.at(-1)?.title).toBe('Slack');
});

test('whatever is broken is named, in every account', async () => {
  const { answer, sections } = await examined('broken');
  expect(answer.status).toBe(1);
  const beside = (account: string) =>
    ['keyturn-prod-reader', 'keyturn-prod-custodian', 'Keyturn-prod-DeleteKey'].map(
      (what) => `account ${account}, beside its keys / ${what}: missing`,
    );
  const here = 'account 111122223333, Region us-east-1 /';
  expect(lacking(sections)).toEqual([
    `${here} AWS Config records: missing`,
    `${here} a Config rule on old keys: missing`,
    `${here} Security Hub: missing`,
    `${here} Lambda at once: unknown`,
    `${here} connections secret: missing`,
    'Slack / bot token: unknown',
    'Slack / address of interactivity: missing',
    'stage prod / stop switch: missing',
    'stage prod / table: missing',
    'stage prod / keyturn-prod-undelivered: missing',
    ...beside('111122223333'),
    ...beside('444455556666'),
  ]);
});

test('what is not well says what follows from it, and what to do', async () => {
  const { sections } = await examined('broken');
  const bad = sections
    .flatMap(({ diagnoses }) => diagnoses)
    .filter((each): each is Exclude<Diagnosis, { state: 'ok' }> => each.state !== 'ok');
  for (const { means, todo } of bad) {
    expect(means).toMatch(/\.$/);
    expect(todo.length).toBeGreaterThan(10);
  }
  const denied = bad.find(({ check }) => check === 'Lambda at once');
  expect(denied?.todo).toContain('lambda:GetAccountSettings');
});

test.each<Health>(['healthy', 'new', 'broken'])('%s: nothing is changed', async (health) => {
  const { calls } = await examined(health);
  const changing = calls.filter(
    ({ operation }) =>
      !/^(Get|BatchGet|Describe|List)/.test(operation) && operation !== 'AssumeRole',
  );
  expect(calls.length).toBeGreaterThan(5);
  expect(changing).toEqual([]);
});

test('the permissions that it asks for are those that its calls need', async () => {
  const { calls } = await examined('healthy');
  const made = new Set(calls.map(({ service, operation }) => `${service}:${operation}`));
  // The role of --through has a name of the operator's; the sandbox's policy speaks of no units.
  made.delete('sts:AssumeRole');
  made.add('organizations:ListParents');
  const { Statement } = doctorPolicy(stageNames('prod'), 'aws');
  const asked = Statement.flatMap(({ Action }) => Action);
  expect(asked.toSorted()).toEqual([...made].toSorted());
});

test.each<Health>(['healthy', 'broken'])('%s: no secret is shown', async (health) => {
  const { answer } = await examined(health);
  const plain = await doctorCommand(['--sandbox', health], {});
  const said = [...answer.out, ...plain.out, ...plain.errors].join('\n');
  expect(said).not.toContain(integrationSecret.slackBotToken);
  expect(said).not.toContain(integrationSecret.pagerDutyRoutingKey);
  expect(said).not.toContain(integrationSecret.slackSigningSecrets[0]);
});

test('what could not be looked at is not well', async () => {
  const answer = await doctorCommand(['--sandbox'], {}, async (health) => {
    const model = await modelAccount(health);
    model.cloud.setInterceptor(async ({ operation }, proceed) => {
      if (operation !== 'GetServiceSetting') return proceed();
      throw Object.assign(new Error('not you'), { name: 'AccessDeniedException' });
    });
    return model;
  });
  expect(answer.out.at(-1)).toContain('0 lack, 1 could not be looked at');
  expect(answer.status).toBe(1);
});

test('--policy prints a policy of that stage', async () => {
  const { status, out } = await doctorCommand(['--stage', 'dev', '--policy'], {});
  expect(status).toBe(0);
  const policy = JSON.parse(out.join('\n'));
  expect(policy).toEqual(doctorPolicy(stageNames('dev'), 'aws'));
  expect(JSON.stringify(policy)).toContain('keyturn-dev-connections-*');
});

test.each([
  [['--stage', 'Not A Stage'], 'stage Not A Stage is none of'],
  [[], '--stage'],
  [['--stage', 'dev', '--account', '12'], '12 is no account id'],
  [['--stage', 'dev', '--region', 'nowhere'], 'Region nowhere is not a Region'],
  [['--stage', 'dev', '--slack'], 'KEYTURN_SLACK_TEAM'],
  [['--sandbox', 'ill'], '--sandbox takes'],
  [['--stage', 'dev', 'broken'], 'what is broken'],
  [['--nonsense'], '--nonsense'],
  [['--stage', 'nope', '--before'], 'stage nope is none of dev, staging, prod'],
  [['--stage', 'prod', '--sandbox', 'new'], '--stage prod or --sandbox, not both'],
])('%j is wrong usage', async (args, problem) => {
  const { status, errors } = await doctorCommand(args, {});
  expect(status).toBe(2);
  expect(errors[0]).toContain(problem);
});

test('an empty AWS_REGION is an unset one', async () => {
  const { status } = await doctorCommand(['--stage', 'dev', '--policy'], { AWS_REGION: '' });
  expect(status).toBe(0);
});

test('credentials in Parameter Store are looked for there', () => {
  const names = stageNames('prod', { where: 'parameter-store', how: 'together' });
  expect(names.connections).toEqual(allIn('/keyturn-prod/connections'));
  const { Statement } = doctorPolicy(names, 'aws');
  expect(Statement.find(({ Sid }) => Sid === 'SeeTheConnections')).toMatchObject({
    Action: ['ssm:GetParameter'],
    Resource: ['arn:aws:ssm:*:*:parameter/keyturn-prod/connections'],
  });
});

test('credentials that are kept apart are looked for each, with what lacks then', async () => {
  const { connections } = stageNames('prod', { where: 'secrets-manager', how: 'apart' });
  expect([...heldByName(connections).keys()]).toEqual([
    'keyturn-prod-slack-token',
    'keyturn-prod-slack-signing',
    'keyturn-prod-pagerduty-keys',
  ]);
  const model = await modelAccount('healthy');
  const { clock, connectionIn } = model;
  const reads = accountReads(
    connectionIn('us-east-1'),
    { partition: 'aws', account: '', region: 'us-east-1' },
    clock,
  );
  const made = { ...connections, slackToken: 'keyturn-prod-connections' };
  const names = { ...stageNames('prod'), connections: made };
  expect(await connectionsChecks(reads, names)).toMatchObject([
    { check: 'secret keyturn-prod-connections', state: 'ok' },
    {
      check: 'secret keyturn-prod-slack-signing',
      state: 'missing',
      means: 'Buttons, forms and /keyturn are refused.',
      todo: expect.stringContaining('{"slackSigningSecrets": ["…"]}'),
    },
    { check: 'secret keyturn-prod-pagerduty-keys', state: 'missing', means: 'Nobody is paged.' },
  ]);
});
