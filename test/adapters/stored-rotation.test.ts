/** What is read back from the store: whatever the machine makes comes back; nothing else passes. */
import { describe, expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import {
  parseStoredEffect,
  parseStoredEntry,
  parseStoredPlace,
} from '../../adapters/stored-journal.ts';
import { parseStoredRotation } from '../../adapters/stored-rotation.ts';
import { eventTypes } from '../../domain/event.ts';
import { actorOf, chained, effectId, type JournalEntry } from '../../domain/journal.ts';
import type { Parsed } from '../../domain/parsed.ts';
import { decide } from '../../domain/rotation.ts';
import { stageNames } from '../../domain/stage.ts';
import {
  configFinding,
  hubFinding,
  nightWindow,
  policyWith,
  proposed,
  rotationAt,
} from '../builders.ts';
import { eventSituations, stageSituations } from '../domain/machine-situations.ts';

const again = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const problemsIn = (read: Parsed<unknown>) => (read.ok ? [] : read.problems);

/** Every entry that the machine makes of every stage and event. */
function entries(): JournalEntry[] {
  return Object.values(stageSituations).flatMap((situation) =>
    Object.values(eventSituations).map((happens) => {
      const event = happens(situation);
      const before = situation.rotation;
      const decision = decide(before, event, situation.now);
      const state = { ...decision.rotation, version: before.version + 1 };
      const effects = decision.effects.map((effect, index) => ({
        id: effectId(state.id, state.version, index),
        effect,
      }));
      const [from, to] = [before.stage.name, state.stage.name];
      const ignored = decision.ignored ?? null;
      const { id: rotationId, version } = state;
      const actor = actorOf(event);
      const about = { rotationId, version, at: situation.now, actor, event };
      const whole = { ...about, from, to, ignored, effects, state };
      return chained(whole, '0'.repeat(64), cryptoIds.digest);
    }),
  );
}

describe('what the machine makes', () => {
  test('every stage comes back', () => {
    const rotations = Object.values(stageSituations).map(({ rotation }) => rotation);
    expect(new Set(rotations.map(({ stage }) => stage.name))).toEqual(new Set(stageNames));
    for (const rotation of rotations) {
      expect(parseStoredRotation(again(rotation))).toEqual({ ok: true, value: rotation });
    }
  });

  test('every entry and effect comes back, to the letter that was hashed', () => {
    const all = entries();
    expect(new Set(all.map(({ event }) => event.type))).toEqual(new Set(eventTypes));
    const effects = all.flatMap((entry) => entry.effects);
    expect(new Set(effects.map(({ effect }) => effect.type)).size).toBe(8);
    for (const entry of all) {
      const read = parseStoredEntry(again(entry));
      expect(read).toEqual({ ok: true, value: again(entry) });
      const { hash, ...unsigned } = read.ok ? read.value : entry;
      expect(cryptoIds.digest(unsigned)).toBe(hash);
    }
    for (const { effect } of effects) {
      expect(parseStoredEffect(again(effect))).toEqual({ ok: true, value: effect });
    }
  });

  test('so do findings of every kind, windows and a first entry', () => {
    const { account, region } = configFinding;
    const inventoried = { source: 'inventory', account, region, userName: 'svc-app' } as const;
    const hubV2 = {
      source: 'security hub v2',
      account: configFinding.account,
      region: 'eu-west-1',
      findingUid: 'f',
      productUid: 'p',
      control: 'IAM.3',
      updatedAt: proposed().due,
    } as const;
    const rotation = rotationAt(proposed(), {
      findings: [configFinding, hubFinding, hubV2, inventoried],
      owner: { known: false },
      policy: policyWith({
        window: nightWindow,
        approvers: ['Ada Approver'],
        healthCheck: 'check',
        copies: [
          { kind: 'secrets-manager', region: 'eu-central-1' },
          { kind: 'parameter-store', region: 'eu-central-1' },
          { kind: 'github-actions', repository: 'acme/web' },
          { kind: 'github-actions', repository: 'acme/web', accessKeyId: 'ID' },
        ],
      }),
    });
    expect(parseStoredRotation(again(rotation))).toEqual({ ok: true, value: rotation });
  });
});

describe('what is refused, with every problem', () => {
  const rotation = rotationAt(proposed());

  test.each<[string, object, string]>([
    ['a missing field', { region: undefined }, 'region: '],
    ['a field that nobody knows', { quiet: true }, 'quiet: '],
    ['a stage that nobody knows', { stage: { name: 'paused' } }, 'stage.name: '],
    ['a field of another stage', { stage: { ...rotation.stage, run: null } }, 'stage.run: '],
    ['a moment in another form', { openedAt: '2026-11-02T09:00:00Z' }, 'openedAt: is not a moment'],
    ['a version that is no number', { version: '4' }, 'version: '],
    ['a count below zero', { generation: -1 }, 'generation: '],
  ])('%s', (_, changes, problem) => {
    expect(problemsIn(parseStoredRotation({ ...rotation, ...changes }))).toEqual([
      expect.stringMatching(new RegExp(`^${problem}`)),
    ]);
  });

  test('several at once', () => {
    const wrong = { ...rotation, version: 'x', kind: 'renew', findings: [{ source: 'nobody' }] };
    expect(problemsIn(parseStoredRotation(wrong))).toHaveLength(3);
  });

  test.each([null, undefined, 'text', 7, []])('%j', (value) => {
    for (const parse of [parseStoredRotation, parseStoredEntry, parseStoredEffect]) {
      expect(problemsIn(parse(value)).length).toBeGreaterThan(0);
    }
    expect(parseStoredPlace(value).ok).toBe(false);
  });

  test('a message without a place, an effect of another kind', () => {
    expect(problemsIn(parseStoredPlace({ channel: 'C0123' }))).toHaveLength(1);
    expect(problemsIn(parseStoredEffect({ type: 'send mail' }))).toHaveLength(1);
    expect(problemsIn(parseStoredEffect({ type: 'publish', to: 'all' }))).toHaveLength(1);
  });
});
