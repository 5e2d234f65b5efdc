/** Status changes of runs through the handler that Lambda invokes. */
import { describe, expect, it } from 'vitest';
import { advance } from '../../app/advance.ts';
import { runParameters } from '../../app/run-parameters.ts';
import type { RunReport } from '../../domain/ports.ts';
import { runInFlight } from '../../domain/wake.ts';
import { onFindingHandler } from '../../functions/on-finding.ts';
import { onRunbookFinishedHandler } from '../../functions/on-runbook-finished.ts';
import { company } from '../app/company.ts';
import { approver, executionId, issued } from '../builders.ts';
import { eventOf } from '../fixtures/events.ts';

const where = { partition: 'aws', account: '111122223333', region: 'us-east-1' } as const;

/** A company in which a run for ci-runner is under way. */
async function running(state: RunReport['state']) {
  const deps = company();
  await onFindingHandler(deps)(eventOf('hub-fsbp'));
  const claim = await deps.store.claimOn('aws', '111122223333', 'AKIAIOSFODNN7EXAMPLE');
  const rotationId = claim?.rotationId ?? '';
  await advance(deps, rotationId, { type: 'approved', by: approver });
  const { rotation } = await advance(deps, rotationId, { type: 'admitted' });
  const effectId = runInFlight(rotation)?.effectId ?? '';
  await advance(deps, rotationId, { type: 'run started', effectId, executionId });
  deps.runs.set(`111122223333/us-east-1/${executionId}`, {
    executionId,
    rotationId,
    effectId,
    parameters: runParameters(deps, rotation, where, effectId),
    state,
  });
  return deps;
}

const event = eventOf('ssm-execution-success');

describe('a status change', () => {
  it('given the run has ended, then its rotation moves on', async () => {
    const deps = await running({ ended: true, result: { status: 'issued', issued } });
    expect(await onRunbookFinishedHandler(deps)(event)).toMatchObject({
      outcome: 'joined',
      rotations: [{ userName: 'ci-runner', stage: 'overlapping' }],
    });
  });

  it('given the event comes again, then nothing waits for it', async () => {
    const deps = await running({ ended: true, result: { status: 'issued', issued } });
    await onRunbookFinishedHandler(deps)(event);
    expect(await onRunbookFinishedHandler(deps)(event)).toMatchObject({ outcome: 'ignored' });
  });

  it('given the run goes on, then that is said', async () => {
    const deps = await running({ ended: false });
    expect(await onRunbookFinishedHandler(deps)(event)).toEqual({
      outcome: 'ignored',
      reason: `the run ${executionId} is still going`,
      problems: [],
      rotations: [],
    });
  });

  it('given nobody waits for it, then that is said', async () => {
    expect(await onRunbookFinishedHandler(company())(event)).toMatchObject({
      outcome: 'ignored',
      reason: `SSM knows no execution ${executionId} in 111122223333 us-east-1`,
    });
  });
});
