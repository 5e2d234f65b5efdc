/** What every query over a trail must do, whatever it is asked of. */
import { beforeEach, describe, expect, test } from 'vitest';
import { Permanent, Transient } from '../../domain/errors.ts';
import { plus } from '../../domain/instant.ts';
import type { Cloud } from '../../sandbox/account/cloud.ts';
import {
  before,
  type QueriedWorld,
  type QueryUnderTest,
  queriedWorld,
  region,
  regions,
  start,
} from './queried-world.ts';

async function problemOf(asked: Promise<unknown>): Promise<unknown> {
  return asked.then(
    () => 'it answered',
    (error: unknown) => error,
  );
}

/** Answers that operation of AWS with something else. */
function answering(cloud: Cloud, operation: string, answer: (n: number) => unknown): void {
  let asked = 0;
  cloud.setInterceptor(async (call, proceed) => {
    if (call.operation !== operation) return proceed();
    const given = answer(asked++);
    return given ?? proceed();
  });
}

/** In which the other user works, so that the trail is not silent. */
let world: QueriedWorld;
const ask = (keyId = world.keyId) => world.fresh().uses(keyId, regions);

export function trailQueryContract(name: string, under: QueryUnderTest): void {
  describe(`${name}: a query over a trail`, () => {
    beforeEach(() => {
      world = queriedWorld(under);
      world.use(world.otherKeyId, before(1));
    });

    describe('shows', () => showsUses());
    describe('is asked', () => onceACycle(under));
    describe('is no answer', () => noAnswer(under));
  });
}

function showsUses(): void {
  test('a data event, which the event history never does', async () => {
    world.use(world.keyId, before(30), { service: 's3', eventName: 'GetObject' });
    const { uses, since } = await ask();
    expect(uses).toEqual([
      {
        use: {
          at: before(30),
          service: 's3',
          region,
          sourceIp: '203.0.113.7',
          userAgent: 'aws-cli/2.15',
          source: 'cloudtrail',
        },
        eventName: 'GetObject',
        requestId: 'unknown',
      },
    ]);
    expect(since).toBe(plus(start, { days: -90 }));
    const { trail } = world.sources();
    const question = { keyId: world.keyId, since, inRegions: regions };
    expect(await trail.uses(question)).toEqual({ complete: true, value: [] });
  });

  test('of each half day the first and the last use, of each program and address', async () => {
    // 30 to 26 hours before noon are one half day.
    for (const hours of [30, 29, 28, 26]) world.use(world.keyId, before(hours));
    world.use(world.keyId, before(20));
    world.use(world.keyId, before(20), { sourceIp: '198.51.100.9' });
    const at = (await ask()).uses.map(({ use }) => [use.sourceIp, use.at]);
    expect(at).toHaveLength(4);
    expect(at).toEqual(
      expect.arrayContaining([
        ['203.0.113.7', before(30)],
        ['203.0.113.7', before(26)],
        ['203.0.113.7', before(20)],
        ['198.51.100.9', before(20)],
      ]),
    );
  });

  test('and whether session tokens were asked for in it', async () => {
    const service = 'sts';
    world.use(world.keyId, before(30), { service, eventName: 'GetSessionToken' });
    world.use(world.keyId, before(29), { service, eventName: 'GetCallerIdentity' });
    const names = (await ask()).uses.map(({ eventName }) => eventName);
    expect(new Set(names)).toEqual(new Set(['GetSessionToken']));
  });

  test('nothing of other keys, nothing before its days, nothing not delivered yet', async () => {
    world.use(world.keyId, plus(start, { days: -90, hours: -1 }));
    world.use(world.keyId, plus(start, { minutes: -5 }));
    expect((await ask()).uses).toEqual([]);
  });
}

function onceACycle(under: QueryUnderTest): void {
  test('once a cycle, whoever asks for which key', async () => {
    const one = world.fresh();
    await one.uses(world.keyId, regions);
    await one.uses(world.otherKeyId, regions);
    await ask(world.otherKeyId);
    await world.clock.runUntil(plus(start, { minutes: 29 }));
    await ask();
    const started = new Set(
      world.cloud.history
        .filter(({ operation }) => operation === under.operations.start)
        .map(({ input }) => JSON.stringify(input)),
    );
    expect(started.size).toBe(1);
    await world.clock.runUntil(plus(start, { minutes: 30 }));
    await ask();
    const later = world.cloud.history.filter(({ operation, input }) => {
      return operation === under.operations.start && !started.has(JSON.stringify(input));
    });
    expect(later).toHaveLength(1);
  });

  test('again for what was delivered since, in the next cycle', async () => {
    expect((await ask()).uses).toEqual([]);
    world.use(world.keyId, plus(start, { minutes: 1 }));
    await world.clock.runUntil(plus(start, { minutes: 30 }));
    expect((await ask()).uses).toHaveLength(1);
  });
}

function noAnswer(under: QueryUnderTest): void {
  test('one that still runs when the time is up but is there later', async () => {
    let isSlow = true;
    answering(world.cloud, under.operations.look, () => (isSlow ? under.running : undefined));
    const problem = await problemOf(ask());
    expect(problem).toBeInstanceOf(Transient);
    expect(String(problem)).toContain('runs for more than 100 s');
    isSlow = false;
    expect((await ask()).uses).toEqual([]);
  });

  test('one that failed', async () => {
    answering(world.cloud, under.operations.look, () => under.failed);
    const problem = await problemOf(ask());
    expect(problem).toBeInstanceOf(Permanent);
    expect(String(problem)).toContain('the query ended as');
  });

  test('for good: who was refused asks again', async () => {
    let isFailing = true;
    answering(world.cloud, under.operations.look, () => (isFailing ? under.failed : undefined));
    const source = world.fresh();
    await problemOf(source.uses(world.keyId, regions));
    isFailing = false;
    expect((await source.uses(world.keyId, regions)).uses).toEqual([]);
  });

  test('one of more rows than are read', async () => {
    world.use(world.keyId, before(30));
    await ask();
    answering(world.cloud, under.operations.rows, () => under.fullPage);
    const problem = await problemOf(ask());
    expect(problem).toBeInstanceOf(Permanent);
    expect(String(problem)).toMatch(/cut at|more than/);
  });

  test('a trail that is not written any more', async () => {
    await ask();
    await world.clock.runUntil(plus(start, { days: 1 }));
    const silent = queriedWorld(under);
    const problem = await problemOf(silent.fresh().uses(silent.keyId, regions));
    expect(problem).toBeInstanceOf(Permanent);
    expect(String(problem)).toMatch(/shows no event/);
  });
}
