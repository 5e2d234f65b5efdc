/** The doctor's judgement on accounts that are not as the model ones are. */

import { expect, test } from 'vitest';
import { findingChecks, quotaChecks } from '../../../app/doctor/account-checks.ts';
import { examine, type Patient } from '../../../app/doctor/examine.ts';
import { nodeCheck, policyChecks } from '../../../app/doctor/local-checks.ts';
import { stageNames } from '../../../app/doctor/names.ts';
import { routeChecks } from '../../../app/doctor/route-checks.ts';
import type { AccountReads, Answer } from '../../../domain/account-reads.ts';
import { parsed, refused } from '../../../domain/parsed.ts';
import { emptyBook } from '../../../domain/policy-book.ts';
import { bareReads, denied } from './bare-reads.ts';

const answer =
  <T>(value: T) =>
  async (): Promise<Answer<T>> => ({ read: true, value });

const patient: Patient = {
  names: stageNames('prod'),
  node: { running: '24.21.0', least: '>=24.2' },
  policy: { file: 'prod.yml', book: parsed(emptyBook) },
  home: bareReads,
  first: bareReads,
  hub: null,
  members: [],
  into: denied('sts:AssumeRole'),
  documents: new Map(),
  before: false,
};

async function checks(given: Partial<Patient>) {
  const sections = await examine({ ...patient, ...given });
  return sections.flatMap(({ diagnoses }) => diagnoses);
}

test('without credentials nothing is asked of any account', async () => {
  const first = { ...bareReads, caller: denied('sts:GetCallerIdentity') };
  const all = await checks({ first });
  expect(all.at(-1)).toMatchObject({ check: 'credentials', state: 'missing' });
});

test('credentials of another account are told before anything else is asked', async () => {
  const all = await checks({ hub: '444455556666' });
  expect(all.at(-1)).toMatchObject({ check: 'credentials', state: 'missing' });
  expect(all.at(-1)?.says).toContain('444455556666');
});

test('a Region that is not enabled is named as such', async () => {
  const home = { ...bareReads, caller: denied('sts:GetCallerIdentity') };
  expect((await checks({ home })).at(-1)).toMatchObject({ check: 'Region', state: 'missing' });
});

test('a stage that is not deployed is one thing that lacks, not twenty', async () => {
  const all = await checks({});
  expect(all.at(-1)).toMatchObject({ check: 'stack', todo: 'npx serverless deploy --stage prod' });
});

test('credentials of an account that has keys look at what stands beside them', async () => {
  const all = await checks({ hub: '444455556666', members: ['111122223333'] });
  expect(all.map(({ check }) => check)).toContain('keyturn-prod-custodian');
  expect(all.map(({ check }) => check)).not.toContain('table');
});

test('an account that lets nobody look is unknown, never well', async () => {
  const home = { ...bareReads, lambda: answer({ active: true, runtime: 'nodejs24.x', arm: true }) };
  const all = await checks({ home, members: ['444455556666'] });
  expect(all.at(-1)).toMatchObject({ check: 'access', state: 'unknown' });
  expect(all.at(-1)).toHaveProperty('todo', expect.stringContaining('--through'));
});

test('either source of findings is enough', async () => {
  const states = async (given: Partial<AccountReads>) =>
    (
      await findingChecks(
        { ...bareReads, recorder: answer({ recording: true, recordsUsers: true }), ...given },
        90,
      )
    )
      .filter(({ state }) => state !== 'ok')
      .map(({ check }) => check);
  expect(await states({ keyAgeRules: answer(['access-keys-rotated']) })).toEqual([]);
  expect(await states({ standards: answer(['a standard']), control: answer(true) })).toEqual([]);
  expect(await states({ standards: answer(['a standard']) })).toEqual([
    'a Config rule on old keys',
    'control IAM.3',
  ]);
});

test('a rule that is put by the command told has the age that the policy has', async () => {
  const book = parsed({ ...emptyBook, defaults: { staleDays: 60 } });
  const all = await checks({ policy: { file: 'prod.yml', book }, before: true });
  const rule = all.find(({ check }) => check === 'a Config rule on old keys');
  const command = rule?.state === 'missing' ? rule.todo : '';
  const [, json = ''] = /--config-rule '(.*)'$/.exec(command) ?? [];
  const { InputParameters, Source } = JSON.parse(json);
  expect(JSON.parse(InputParameters)).toEqual({ maxAccessKeyAge: '60' });
  expect(Source.SourceIdentifier).toBe('ACCESS_KEYS_ROTATED');
});

test('a routing key that the policy names and the secret lacks is said', async () => {
  const rules = [{ index: 0, scope: { path: '/ci/' }, changes: { pagerDuty: 'payments' } }];
  const book = { ...emptyBook, defaults: { pagerDuty: 'default' }, rules };
  const found = (names: readonly string[]) =>
    routeChecks({ ...bareReads, routingKeyNames: answer(names) }, stageNames('prod'), book);
  expect(await found(['payments'])).toMatchObject([{ state: 'ok' }]);
  expect(await found(['other'])).toMatchObject([
    { state: 'missing', says: expect.stringContaining('payments') },
  ]);
  expect(await routeChecks(bareReads, stageNames('prod'), emptyBook)).toEqual([]);
});

test('a recorder without users is told the commands that keep what it records', async () => {
  const recorder = answer({ recording: true, recordsUsers: false });
  const [first] = await findingChecks({ ...bareReads, recorder }, 90);
  expect(first).toMatchObject({ state: 'missing' });
  expect(first).toHaveProperty(
    'todo',
    expect.stringMatching(/put-configuration-recorder --configuration-recorder file:\/\//),
  );
});

test.each([
  [10, true],
  [11, false],
  [49, false],
])('of %i executions at once: reserving one for the tick fails: %s', async (most, fails) => {
  const [lambda] = await quotaChecks({ ...bareReads, lambdaConcurrency: answer(most) });
  if (lambda?.state !== 'missing') throw new Error(`it is ${lambda?.state}`);
  expect(lambda.means.includes('staging and prod fail')).toBe(fails);
  expect(lambda.todo.includes('--param="reserveTick=no"')).toBe(fails);
  expect(lambda.todo).toContain('request-service-quota-increase');
});

test('what is told to run names the stage', async () => {
  const lambda = answer({ active: true, runtime: 'nodejs24.x', arm: true });
  const parameter = denied('ssm:GetParameter');
  const all = await checks({ home: { ...bareReads, lambda, parameter } });
  const todos = all.flatMap((each) => (each.state === 'ok' ? [] : [each.todo]));
  expect(todos.join('\n')).not.toContain('STAGE');
  const policy = 'all that is read: npm run --silent doctor -- --stage prod --policy';
  expect(todos).toContainEqual(expect.stringContaining(policy));
  const template = 'npm run --silent member-template -- --stage prod --out member.json';
  expect(todos).toContainEqual(expect.stringContaining(template));
});

test('units are asked for only where the policy has rules for them', async () => {
  const rule = { index: 0, scope: { unit: 'ou-ab12-11111111' }, changes: {} };
  const book = parsed({ ...emptyBook, rules: [rule] });
  const all = await checks({ policy: { file: 'prod.yml', book }, before: true });
  expect(all).toContainEqual(
    expect.objectContaining({ check: 'units of 111122223333', state: 'missing' }),
  );
  const without = await checks({ before: true });
  expect(without.map(({ check }) => check)).not.toContain('units of 111122223333');
});

test.each([
  ['24.21.0', 'ok'],
  ['24.2.0', 'ok'],
  ['25.0.0', 'ok'],
  ['24.1.9', 'missing'],
  ['20.20.2', 'missing'],
])('Node %s is %s', (running, state) => {
  expect(nodeCheck(running, '>=24.2').state).toBe(state);
});

test('a policy file with problems, and one whose people are the examples', () => {
  expect(policyChecks('p.yml', refused('line 3: no', 'line 5: no'))[0]).toMatchObject({
    state: 'missing',
    says: 'p.yml has 2 problem(s): line 3: no; line 5: no',
  });
  const person = { name: 'Ada', roles: ['approver'] } as const;
  const people = (slackUserId: string) =>
    policyChecks('p.yml', parsed({ ...emptyBook, people: [{ ...person, slackUserId }] }))[1]?.state;
  expect(people('U0000APPROVER')).toBe('missing');
  expect(people('U012AB3CD')).toBe('ok');
  const observing = parsed({ ...emptyBook, defaults: { mode: 'observe' } } as const);
  expect(policyChecks('p.yml', observing)[1]?.state).toBe('ok');
});

test('a table that can be deleted lacks protection, but for stage dev', async () => {
  const table = answer({
    active: true,
    deletionProtection: false,
    pointInTimeRecovery: true,
    keyArn: null,
  });
  const lambda = answer({ active: true, runtime: 'nodejs24.x', arm: true });
  const of = async (stage: string) =>
    (await checks({ names: stageNames(stage), home: { ...bareReads, table, lambda } })).find(
      ({ check }) => check === 'table',
    )?.state;
  expect(await of('prod')).toBe('missing');
  expect(await of('dev')).toBe('ok');
});
