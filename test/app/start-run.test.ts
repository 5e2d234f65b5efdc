/** Runs are started once, however often it is tried, and only while something waits for them. */
import { describe, expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { startRun } from '../../app/start-run.ts';
import { Conflict, Permanent, Transient } from '../../domain/errors.ts';
import { effectId } from '../../domain/journal.ts';
import { attemptName } from '../../domain/runbook-order.ts';
import type { Stage } from '../../domain/stage.ts';
import {
  deactivating,
  deleting,
  issuing,
  oldKeyId,
  overlapping,
  proposed,
  restoring,
  rotationId,
  user,
} from '../builders.ts';
import { type GivenShell, givenShell, orderedAtOpening } from './given-shell.ts';

const run = orderedAtOpening();
const order = effectId(rotationId, 1, 0);

const start = ({ shell }: GivenShell, id = order) =>
  startRun(
    shell,
    {
      id,
      rotationId,
      version: 1,
      effect: { type: 'start runbook', runbook: 'issue-replacement-key' },
      attempts: 0,
      notBefore: shell.clock.now(),
    },
    'issue-replacement-key',
  );

const runs = ({ world }: GivenShell) => world.runner.list(world.place);

describe('the run that a rotation waits for', () => {
  test('is started with everything that the runbook asks for, and noted', async () => {
    const given = await givenShell();
    await given.put(issuing({ run, attempt: 2 }));
    expect(await start(given)).toBe('performed');
    const [started] = runs(given);
    expect(started?.Parameters).toEqual({
      AutomationAssumeRole: [
        `arn:aws:iam::${user.account}:role/keyturn-runbook-issue-replacement-key`,
      ],
      CustodianFunction: ['keyturn-custodian'],
      RotationId: [rotationId],
      EffectId: [order],
      UserName: [user.userName],
      UserId: [user.userId],
      OldKeyId: [oldKeyId],
      SecretId: [`keyturn/${user.userName}`],
      ClientRequestToken: [cryptoIds.uuid(attemptName(rotationId, 2))],
      Attempt: ['2'],
      Vault: ['secrets-manager'],
      HealthCheck: ['none'],
      Copies: ['none'],
    });
    expect(await given.stageOf()).toMatchObject({
      run: { status: 'started', executionId: started?.AutomationExecutionId },
    });
  });

  test('is started once, although it is tried again and again', async () => {
    const given = await givenShell();
    await given.put(issuing({ run }));
    for (let attempt = 0; attempt < 3; attempt++) expect(await start(given)).toBe('performed');
    expect(runs(given)).toHaveLength(1);
    expect(await given.eventsOf()).toEqual(['run started']);
  });

  test('is started once, although the reply was lost', async () => {
    const given = await givenShell();
    await given.put(issuing({ run }));
    const which = { service: 'ssm', operation: 'StartAutomationExecution' };
    given.faults.fail(which, 'reply lost', 2);
    await expect(start(given)).rejects.toThrow(Transient);
    await expect(start(given)).rejects.toThrow(Transient);
    expect(await given.stageOf()).toMatchObject({ run: { status: 'ordered' } });
    expect(await start(given)).toBe('performed');
    expect(runs(given)).toHaveLength(1);
  });

  test('is started once, although the hub died before it noted the start', async () => {
    const given = await givenShell();
    await given.put(issuing({ run }));
    const { commit } = given.shell.store;
    given.shell.store.commit = async () => {
      throw new Transient('the function ran out of time');
    };
    await expect(start(given)).rejects.toThrow(Transient);
    given.shell.store.commit = commit;
    expect(await start(given)).toBe('performed');
    expect(runs(given)).toHaveLength(1);
    expect(await given.eventsOf()).toEqual(['run started']);
  });

  test('is started in the user’s own account and Region, with the role that is there', async () => {
    const given = await givenShell();
    const elsewhere = { ...user, account: '444455556666' };
    const key = {
      user: elsewhere,
      keyId: oldKeyId,
      createdAt: given.shell.clock.now(),
      foundAs: 'Active' as const,
    };
    await given.put(issuing({ run }), [], { key, region: 'us-east-1' });
    await start(given);
    const place = { partition: 'aws', account: '444455556666', region: 'us-east-1' } as const;
    const [started] = given.world.runner.list(place);
    expect(started?.Parameters?.AutomationAssumeRole).toEqual([
      'arn:aws:iam::444455556666:role/keyturn-runbook-issue-replacement-key',
    ]);
  });
});

describe('an order is superseded', () => {
  test.each<[string, Stage]>([
    ['nothing is waited for', overlapping()],
    ['it has not come to that yet', proposed()],
    ['another run is waited for', issuing({ run: orderedAtOpening('another') })],
    ['the next attempt waits', issuing({ run: { status: 'waiting', retryAt: run.pollAt } })],
  ])('when %s', async (_, stage) => {
    const given = await givenShell();
    await given.put(stage);
    expect(await start(given)).toEqual({ superseded: 'that run is no longer awaited' });
    expect(runs(given)).toEqual([]);
    expect(await given.eventsOf()).toEqual([]);
  });
});

describe('a run that can never be started', () => {
  test.each<[string, Stage, object]>([
    ['issuing', issuing({ run }), { name: 'issuing', run: { status: 'waiting' } }],
    ['deactivating', deactivating({ run }), { name: 'held', oldKey: 'unknown' }],
    ['deleting', deleting({ run }), { name: 'held', oldKey: 'unknown' }],
    ['restoring', restoring({ run }), { name: 'held', oldKey: 'unknown' }],
  ])('is the machine’s to decide on: %s', async (_, stage, then) => {
    const given = await givenShell();
    await given.put(stage);
    given.faults.fail({ service: 'ssm', operation: 'StartAutomationExecution' }, 'denied');
    await expect(start(given)).rejects.toThrow(Permanent);
    expect(await given.eventsOf()).toEqual(['run not started']);
    expect(await given.stageOf()).toMatchObject(then);
    expect(await start(given)).toEqual({ superseded: 'that run is no longer awaited' });
  });

  test('is told, not lost, although the rotation keeps moving meanwhile', async () => {
    const given = await givenShell();
    await given.put(deactivating({ run }));
    given.faults.fail({ service: 'ssm', operation: 'StartAutomationExecution' }, 'denied');
    const { commit } = given.shell.store;
    given.shell.store.commit = async () => {
      throw new Conflict('somebody else was first');
    };
    await expect(start(given)).rejects.toThrow(Conflict);
    given.shell.store.commit = commit;
    await expect(start(given)).rejects.toThrow(Permanent);
    expect(await given.stageOf()).toMatchObject({ name: 'held' });
  });
});

test('what passes by itself is thrown as such and tells the machine nothing', async () => {
  const given = await givenShell();
  await given.put(issuing({ run }));
  given.faults.fail({ service: 'ssm', operation: 'StartAutomationExecution' }, 'throttled');
  await expect(start(given)).rejects.toThrow(Transient);
  expect(await given.eventsOf()).toEqual([]);
});
