/** The doctor asks a configured trail as the witness does, and says whether it answers. */
import { describe, expect, test } from 'vitest';
import { accountReads } from '../../../adapters/account-reads.ts';
import { keyAccountChecks } from '../../../app/doctor/key-account-checks.ts';
import { stageNames } from '../../../app/doctor/names.ts';
import { doctorPolicy } from '../../../app/doctor/permissions.ts';
import { trailOf } from '../../../commands/stages.ts';
import { instant, plus } from '../../../domain/instant.ts';
import type { TrailQuery } from '../../../domain/trail-query.ts';
import { type Cloud, createCloud } from '../../../sandbox/account/cloud.ts';
import { virtualClock } from '../../../sandbox/clock.ts';
import { bareReads } from './bare-reads.ts';

const [account, region] = ['111122223333', 'us-east-1'];
const start = instant('2026-11-10T12:00:00Z');
const span = { days: 90, cycleMinutes: 30 };
const names = stageNames('prod');

const inLogs: TrailQuery = { kind: 'logs-insights', logGroup: 'trails/example', span };
const inAthena: TrailQuery = {
  ...{ kind: 'athena', table: 'trails.events', span },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as CloudFormation writes it
  workgroup: 'keyturn-${AWS::AccountId}',
};

/** An account whose one key was last used that long before. */
function given(lastUsed: { readonly hours: number }) {
  const clock = virtualClock(start);
  const cloud = createCloud({ clock, partition: 'aws', seed: 'doctor' });
  cloud.createRole(account, 'operator');
  cloud.addTrailLogGroup({ account, region, name: 'trails/example' });
  cloud.addTrailTable({ account, region, table: 'trails.events', workgroup: `keyturn-${account}` });
  cloud.addUser({ account, userName: 'svc-app', createdAt: plus(start, { days: -200 }) });
  const { keyId } = cloud.addKey(account, 'svc-app', { createdAt: plus(start, { days: -100 }) });
  cloud.recordPastUse(keyId, {
    ...{ at: plus(start, { hours: -lastUsed.hours }), service: 's3', region },
    ...{ sourceIp: '203.0.113.7', userAgent: 'aws-cli/2.15', eventName: 'GetObject' },
  });
  const credentials = cloud.roleCredentials(account, 'operator', 'somebody');
  const place = { partition: 'aws', account: '', region } as const;
  return { cloud, reads: accountReads(cloud.connection({ region, credentials }), place, clock) };
}

async function asked(trail: TrailQuery, { cloud, reads }: ReturnType<typeof given>) {
  const settled = cloud.history.length;
  const patient = { names, documents: new Map<string, string>(), trail };
  const home = { ...bareReads, askTrail: reads.askTrail };
  const all = await keyAccountChecks(home, patient, account);
  const found = all.find(({ check }) => check === 'trail query');
  return { found, calls: cloud.history.slice(settled) };
}

describe.each([
  ['Logs Insights', inLogs, 'StartQuery'],
  ['Athena', inAthena, 'StartQueryExecution'],
] as const)('%s', (_, trail, operation) => {
  test('answers', async () => {
    const { found, calls } = await asked(trail, given({ hours: 1 }));
    expect(found).toMatchObject({ state: 'ok' });
    expect(calls.filter((call) => call.operation === operation)).toHaveLength(1);
  });

  test('of a trail that is no longer written is not well', async () => {
    const { found } = await asked(trail, given({ hours: 9 }));
    expect(found).toMatchObject({ state: 'unknown', says: expect.stringContaining('no event') });
    expect(found).toHaveProperty('todo', expect.stringContaining('A trail with data events'));
  });

  test('reads a day and no more', async () => {
    const { calls } = await asked(trail, given({ hours: 1 }));
    const input = JSON.stringify(calls.find((call) => call.operation === operation)?.input);
    expect(input).toMatch(/since 2026-11-09T12:00:00/);
    expect(input).not.toContain('AKIAIOSFODNN7EXAMPLE');
  });

  test('that these credentials may not ask is unknown, with the permission', async () => {
    const world = given({ hours: 1 });
    refuse(world.cloud, operation);
    const { found } = await asked(trail, world);
    expect(found).toMatchObject({ state: 'unknown' });
    expect(found).toHaveProperty('todo', expect.stringContaining(`:${operation}`));
  });

  test('the permissions that the doctor asks for are those that its calls need', async () => {
    const { calls } = await asked(trail, given({ hours: 1 }));
    const policy = doctorPolicy(names, 'aws', trail);
    const may = policy.Statement.flatMap(({ Action }) => Action);
    for (const { service, operation: made } of calls) expect(may).toContain(`${service}:${made}`);
  });
});

function refuse(cloud: Cloud, refused: string): void {
  cloud.setInterceptor(async ({ operation }, proceed) => {
    if (operation !== refused) return proceed();
    throw Object.assign(new Error('not you'), { name: 'AccessDeniedException' });
  });
}

test('a log group that is not there is not well', async () => {
  const world = given({ hours: 1 });
  const { found } = await asked({ ...inLogs, logGroup: 'trails/other' }, world);
  expect(found).toMatchObject({ state: 'unknown', says: expect.stringContaining('trails/other') });
});

test('nothing is asked where the stage names no trail', async () => {
  const patient = { names, documents: new Map<string, string>() };
  const all = await keyAccountChecks(bareReads, patient, account);
  expect(all.map(({ check }) => check)).not.toContain('trail query');
});

test('the parameters of a stage say which', () => {
  const none = { trailLogGroup: '', trailTable: '', trailDays: '90', trailCycleMinutes: '30' };
  expect(trailOf(none)).toBeUndefined();
  expect(trailOf({ ...none, trailLogGroup: 'trails/example' })).toEqual(inLogs);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as CloudFormation writes it
  const trailWorkgroup = 'keyturn-${AWS::AccountId}';
  expect(trailOf({ ...none, trailTable: 'trails.events', trailWorkgroup })).toEqual(inAthena);
});
