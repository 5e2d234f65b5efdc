/** The first state of a rotation and who is told of it. */
import { describe, expect, it } from 'vitest';
import { instant, plus } from '../../domain/instant.ts';
import { type Opening, opened } from '../../domain/opening.ts';
import { policyActor } from '../../domain/people.ts';
import { configFinding, nightWindow, owner, policyWith, staleKey, user } from '../builders.ts';

const now = instant('2026-11-02T09:00:00Z');

const facts: Opening = {
  id: '7f9c24e8-3b1a-5c4e-9f6d-2a8b1c0d3e4f',
  generation: 1,
  key: { ...staleKey, createdAt: plus(now, { days: -100, hours: -3 }) },
  region: 'eu-west-1',
  owner,
  policy: policyWith(),
  kind: 'replace',
  findings: [configFinding],
};

describe('opened', () => {
  it('given mode approve, then the rotation waits for approval and nothing is given', () => {
    const { rotation } = opened(facts, now);
    expect(rotation).toEqual({
      ...{ id: facts.id, generation: 1, version: 1, shownVersion: 1, kind: 'replace' },
      ...{ key: facts.key, region: 'eu-west-1', owner, policy: facts.policy },
      ...{ findings: [configFinding], openedAt: now, snoozedHours: 0 },
      notices: { running: null, halfTimeAt: null, missedAt: null },
      stage: {
        name: 'proposed',
        due: now,
        answerBy: '2026-11-09T09:00:00.000Z',
        approval: { given: false },
        plan: { kind: 'replace', attempts: 0, waitsFor: null },
      },
    });
  });

  it('given mode auto and a window, then the policy approves and the window is waited for', () => {
    const policy = policyWith({ mode: 'auto', window: nightWindow });
    const { rotation, effects } = opened({ ...facts, policy }, now);
    expect(rotation.stage).toMatchObject({
      due: '2026-11-03T01:00:00.000Z',
      approval: { given: true, by: policyActor, at: now },
    });
    expect(effects[0]).toEqual({
      type: 'update message',
      news:
        'New: access key …MPLE of 111122223333/svc-billing is 100 days old. Policy approves ' +
        'its rotation: a new key is issued at 2026-11-03 01:00 UTC.',
    });
  });

  it('given a key that nobody uses, then it is switched off after notice, in the window', () => {
    const policy = policyWith({ mode: 'auto', graceHours: 24 });
    const retirement = { ...facts, policy, kind: 'retire' } as const;
    const { rotation, effects } = opened(retirement, now);
    expect(rotation).toMatchObject({ kind: 'retire' });
    expect(rotation.stage).toEqual({
      name: 'proposed',
      due: plus(now, { hours: 24 }),
      answerBy: '2026-11-09T09:00:00.000Z',
      approval: { given: true, by: policyActor, at: now },
      plan: {
        kind: 'retire',
        nextProbeAt: now,
        authority: { kind: 'evidence' },
        evidence: null,
        statusBefore: null,
      },
    });
    expect(effects[0]).toEqual({
      type: 'update message',
      news:
        'New: access key …MPLE of 111122223333/svc-billing is 100 days old and unused. Policy ' +
        'approves its retirement: it is switched off at 2026-11-03 09:00 UTC if it is still ' +
        'unused.',
    });
    const night = policyWith({ window: nightWindow });
    expect(opened({ ...retirement, policy: night }, now).rotation.stage).toMatchObject({
      due: '2026-11-05T01:00:00.000Z',
    });
  });

  it('tells people, subscribers, machines and Security Hub, in that order', () => {
    const news =
      'New: access key …MPLE of 111122223333/svc-billing is 100 days old. Approve its ' +
      'rotation by 2026-11-09 09:00 UTC; until then nothing changes.';
    expect(opened(facts, now).effects).toEqual([
      { type: 'update message', news },
      { type: 'announce', news },
      { type: 'publish' },
      { type: 'record result', workflow: 'NOTIFIED', note: news },
    ]);
  });

  it('given the longest user name, then the note fits into Security Hub', () => {
    const key = { ...facts.key, user: { ...user, userName: 'n'.repeat(64) } };
    const note = opened({ ...facts, key }, now).effects.find((each) => 'note' in each);
    expect(note?.note.length).toBeLessThanOrEqual(512);
  });
});
