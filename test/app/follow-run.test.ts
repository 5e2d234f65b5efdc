/** Runs followed to their rotation: by an event, by the tick, and by strangers. */
import { describe, expect, it } from 'vitest';
import { advance } from '../../app/advance.ts';
import { followRun } from '../../app/follow-run.ts';
import { open } from '../../app/open.ts';
import { runParameters } from '../../app/run-parameters.ts';
import { Transient } from '../../domain/errors.ts';
import type { RunResult } from '../../domain/event.ts';
import { plus } from '../../domain/instant.ts';
import type { Place, RunReport } from '../../domain/ports.ts';
import { runInFlight } from '../../domain/wake.ts';
import { approver, configFinding, executionId, issued, otherExecutionId } from '../builders.ts';
import { ciRunner, company, now } from './company.ts';

const here: Place = { partition: 'aws', account: '111122223333', region: 'us-east-1' };
const elsewhere: Place = { ...here, account: '444455556666' };
const done: RunResult = { status: 'issued', issued };

/** A rotation whose issue runbook has been ordered. */
async function ordered() {
  const deps = company();
  const [answer] = await open(deps, {
    partition: 'aws',
    account: ciRunner.user.account,
    user: { by: 'id', userId: ciRunner.user.userId },
    finding: configFinding,
    asked: false,
    sentAt: now,
  });
  if (answer?.outcome !== 'claimed') throw new Error('it was not claimed');
  const { id } = answer.rotation;
  await advance(deps, id, { type: 'approved', by: approver });
  const { rotation } = await advance(deps, id, { type: 'admitted' });
  const effectId = runInFlight(rotation)?.effectId ?? '';
  const run = (state: RunReport['state'], changes: Partial<RunReport> = {}, where = here) => {
    const parameters = runParameters(deps, rotation, here, effectId);
    const report = { executionId, rotationId: id, effectId, parameters, state, ...changes };
    deps.runs.set(`${where.account}/${where.region}/${report.executionId}`, report);
  };
  return { deps, id, effectId, run };
}

async function started() {
  const world = await ordered();
  const { deps, id, effectId } = world;
  await advance(deps, id, { type: 'run started', effectId, executionId });
  return world;
}

const stageOf = async ({ deps, id }: Awaited<ReturnType<typeof ordered>>) =>
  (await deps.store.load(id))?.stage;

describe('following a run that ended', () => {
  it('given the rotation waits for it, then the rotation moves on, once', async () => {
    const world = await started();
    world.run({ ended: true, result: done });
    const followed = await followRun(world.deps, here, executionId);
    expect(followed).toMatchObject({
      status: 'finished',
      rotation: { stage: { name: 'overlapping' } },
    });
    const again = await followRun(world.deps, here, executionId);
    expect(again.status).toBe('not awaited');
  });

  it('given its start was never confirmed, then the effect id tells whose it is', async () => {
    const world = await ordered();
    world.run({ ended: true, result: done });
    const followed = await followRun(world.deps, here, executionId);
    expect(followed.status).toBe('finished');
    const events = (await world.deps.store.journal(world.id)).map(({ event }) => event.type);
    expect(events.slice(-2)).toEqual(['run started', 'run finished']);
  });

  it.each<[string, Partial<RunReport>, Place]>([
    ['started by somebody else', { rotationId: undefined, effectId: undefined }, here],
    ['of an unknown rotation', { rotationId: '00000000-0000-5000-8000-000000000000' }, here],
    ['with the right ids in another account', {}, elsewhere],
    ['with the right ids in another Region', {}, { ...here, region: 'eu-west-1' }],
    ['with another execution id', { executionId: otherExecutionId }, here],
  ])('given it was %s, then nothing changes', async (_, changes, where) => {
    const world = await started();
    world.run({ ended: true, result: done }, changes, where);
    const followed = await followRun(world.deps, where, changes.executionId ?? executionId);
    expect(followed.status).toBe('not awaited');
    expect((await stageOf(world))?.name).toBe('issuing');
  });

  it('given another order than the one in flight, then nothing changes', async () => {
    const world = await ordered();
    world.run({ ended: true, result: done }, { effectId: `${world.id}/1/0` });
    expect((await followRun(world.deps, here, executionId)).status).toBe('not awaited');
    expect(await stageOf(world)).toMatchObject({ run: { status: 'ordered' } });
  });
});

describe('a run that says it is the one ordered, whose start was never confirmed', () => {
  const changed = (
    given: Readonly<Record<string, string>>,
    changes: Readonly<Record<string, string>>,
  ) => ({ parameters: { ...given, ...changes } });
  it.each<[string, (given: Readonly<Record<string, string>>) => Partial<RunReport>]>([
    ['drives another function', () => ({ parameters: undefined })],
    ['has another role', (given) => changed(given, { AutomationAssumeRole: 'arn:x' })],
    ['is about another key', (given) => changed(given, { OldKeyId: 'AKIAI44QH8DHBEXAMPLE' })],
    ['has one parameter more', (given) => changed(given, { Note: 'x' })],
    ['lacks one', ({ Vault: _vault, ...given }) => ({ parameters: given })],
  ])('given it %s, then it is not followed, and the log says so', async (_what, change) => {
    const world = await ordered();
    const rotation = await world.deps.store.load(world.id);
    if (rotation === undefined) throw new Error('it is there');
    const given = runParameters(world.deps, rotation, here, world.effectId);
    world.run({ ended: true, result: done }, change(given));
    const followed = await followRun(world.deps, here, executionId);
    expect(followed.status).toBe('not awaited');
    expect(await stageOf(world)).toMatchObject({ run: { status: 'ordered' } });
    const lines = world.deps.logged.filter(({ level }) => level === 'error');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.message).toContain('find out who started it');
  });
});

describe('following a run that goes on', () => {
  it('given a status event, then the rotation is left as it is', async () => {
    const world = await started();
    const before = await world.deps.store.load(world.id);
    world.run({ ended: false });
    expect(await followRun(world.deps, here, executionId)).toEqual({ status: 'still going' });
    expect(await world.deps.store.load(world.id)).toEqual(before);
  });

  it('given the tick asks, then it is asked about again later', async () => {
    const world = await started();
    world.run({ ended: false });
    await world.deps.clock.runUntil(plus(now, { minutes: 20 }));
    await followRun(world.deps, here, executionId, world.id);
    expect(await stageOf(world)).toMatchObject({
      run: { status: 'started', pollAt: plus(now, { minutes: 35 }) },
    });
  });
});

describe('a run that SSM does not know', () => {
  it('given an event, then it is nothing of ours', async () => {
    const world = await started();
    expect(await followRun(world.deps, here, executionId)).toEqual({
      status: 'not awaited',
      reason: `SSM knows no execution ${executionId} in 111122223333 us-east-1`,
    });
  });

  it('given the tick asks, then the run has failed: nothing waits for ever', async () => {
    const world = await started();
    const followed = await followRun(world.deps, here, executionId, world.id);
    expect(followed).toMatchObject({ status: 'finished' });
    expect(await stageOf(world)).toMatchObject({ name: 'issuing', run: { status: 'waiting' } });
  });
});

it('given SSM cannot be asked, then the error goes through', async () => {
  const { deps } = await started();
  const read = async () => {
    throw new Transient('SSM throttled the call');
  };
  const runbooks = { ...deps.runbooks, read };
  await expect(followRun({ ...deps, runbooks }, here, executionId)).rejects.toThrow(Transient);
});
