/**
 * A roll-out in two rings: the second waits until five rotations of the first went well, a rotation
 * that is rolled back closes it again, and what cannot be read opens nothing.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { advance } from '../../app/advance.ts';
import { Transient } from '../../domain/errors.ts';
import { instant, plus } from '../../domain/instant.ts';
import { ownerTag } from '../../domain/owner.ts';
import type { Actor } from '../../domain/people.ts';
import type { PolicyBook } from '../../domain/policy-book.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { people } from '../../sandbox/settings.ts';
import { createWorld } from '../../sandbox/world.ts';

const [first, second] = ['111122223333', '444455556666'] as const;
const start = instant('2026-11-02T08:00:00Z');
const sam: Actor = { kind: 'person', id: people.sam.slackUserId, name: people.sam.name };

const book: PolicyBook = {
  defaults: { mode: 'auto' },
  rules: [{ index: 0, scope: { accounts: [first] }, changes: { ring: 'sandbox' } }],
  exemptions: [],
  people: Object.values(people),
  rings: ['sandbox', 'everything'],
};

async function givenRings() {
  const accounts = [first, second];
  const place = { partition: 'aws', account: first, region: 'us-east-1' } as const;
  const world = await createWorld({ start, place, accounts, mode: 'auto', book, seed: 'rings' });
  const createdAt = plus(start, { days: -200 });
  /** Of a user whose key nobody uses, the stage and how the rotation stands. */
  const stale = (account: string, userName: string) => {
    const tags = { [ownerTag]: people.olivia.slackUserId };
    const user = world.cloud.addUser({ account, userName, createdAt, tags });
    const { keyId } = world.cloud.addKey(account, userName, { createdAt });
    return {
      report: () => reportStaleUser(world, user, ['security hub']),
      rotation: async () => {
        const held = await world.store.claimOn('aws', account, keyId);
        const found = held && (await world.store.load(held.rotationId));
        if (found === undefined) throw new Error(`the key of ${userName} was not claimed`);
        return found;
      },
    };
  };
  const told = (text: string) => world.slack.messages().filter((each) => each.text.includes(text));
  const pass = (days: number) => world.runUntil(plus(world.clock.now(), { days }));
  return { world, stale, told, pass };
}

describe('five keys of the first ring and one of the second', async () => {
  const given = await givenRings();
  const { world, stale, told, pass } = given;
  const firsts = [1, 2, 3, 4, 5].map((each) => stale(first, `svc-sandbox-${each}`));
  const late = stale(second, 'svc-late');
  beforeAll(async () => {
    for (const each of [...firsts, late]) await each.report();
  });

  test('the second waits, its key untouched, and its message says for what', async () => {
    await pass(3);
    const { stage, policy } = await late.rotation();
    expect(policy.ring).toBe('everything');
    expect(stage).toMatchObject({
      name: 'proposed',
      ringClosed: /* none is over yet */ expect.any(String),
    });
    expect(told('waits for its ring').length).toBeGreaterThan(0);
    expect(told('0 of 5 clean rotations in sandbox').length).toBeGreaterThan(0);
    const acts = world.cloud.truth(second).keys.map(({ status }) => status);
    expect(acts).toEqual(['Active']);
  });

  test('once the five went well it opens, the team is told, and the key is retired', async () => {
    await pass(8);
    for (const each of firsts) {
      expect((await each.rotation()).stage).toMatchObject({ name: 'done', outcome: 'retired' });
    }
    expect(told('Ring everything is open now.')).toHaveLength(1);
    expect((await late.rotation()).stage).toMatchObject({ name: 'done', outcome: 'retired' });
  });

  test('one that is rolled back closes it, the team is told, and the next key waits', async () => {
    const bad = stale(second, 'svc-bad');
    await bad.report();
    await pass(3);
    const { id, stage } = await bad.rotation();
    expect(stage.name).toBe('soaking');
    await advance(world.hub.tick, id, { type: 'rolled back', by: sam });
    await pass(1);
    expect(told('Ring everything is closed now.')).toHaveLength(1);
    const next = stale(second, 'svc-next');
    await next.report();
    await pass(4);
    const { stage: waits } = await next.rotation();
    expect(waits).toMatchObject({
      name: 'proposed',
      ringClosed: expect.stringContaining('0 of 5'),
    });
  });
});

test('while nobody can tell how a ring stands nothing begins in it', async () => {
  const { world, stale, pass } = await givenRings();
  const unreadable = async () => {
    throw new Transient('the table did not answer');
  };
  Object.assign(world.store, { ringMarks: unreadable });
  const [one, late] = [stale(first, 'svc-first'), stale(second, 'svc-late')];
  await one.report();
  await late.report();
  await pass(3);
  expect((await one.rotation()).stage.name).toBe('soaking');
  const { stage } = await late.rotation();
  expect(['proposed', 'held']).toContain(stage.name);
  expect(world.cloud.truth(second).keys.map(({ status }) => status)).toEqual(['Active']);
});
