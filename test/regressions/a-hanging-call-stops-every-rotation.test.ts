/** One call that hung had Lambda end every tick at it, first in its queue, without a log line. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TickShell } from '../../app/ticking.ts';
import { Transient } from '../../domain/errors.ts';
import type { Examination } from '../../domain/examination.ts';
import { fromMillis, plus, toMillis } from '../../domain/instant.ts';
import type { Clock, Place } from '../../domain/ports.ts';
import { onTickHandler } from '../../functions/on-tick.ts';
import { type GivenShell, givenShell, otherKey } from '../app/given-shell.ts';
import { done, held, inUse, overlapping, soaking, staleKey, story, use } from '../builders.ts';

const start = plus(story.deactivated, { hours: 5 });
const lambdaMillis = 300_000;
const forever = () => new Promise<never>(() => undefined);
const after = (millis: number) => new Promise<void>((resolve) => setTimeout(resolve, millis));

/** Time that runs by itself, as outside of a sandbox. */
const clock: Clock = { now: () => fromMillis(Date.now()), sleep: after };

let given: GivenShell;
let logged: { readonly message: string; readonly facts?: unknown }[];

beforeEach(async () => {
  given = await givenShell(start);
  logged = [];
  vi.useFakeTimers({ now: toMillis(start) });
});
afterEach(() => {
  vi.useRealTimers();
});

const inUseNow = async () => {
  const at = clock.now();
  return inUse({ at, oldKey: 'Inactive', uses: [use(at)] });
};

function shellWith(changes: Partial<TickShell>): TickShell {
  const note = (message: string, facts?: unknown) => void logged.push({ message, facts });
  const log = { info: note, error: note };
  return { ...given.shell, clock, log, witness: { examine: inUseNow }, ...changes };
}

/** One tick as Lambda runs it: after 300 s it is gone. */
async function ticked(shell: TickShell): Promise<unknown> {
  const end = Date.now() + lambdaMillis;
  const killed = after(lambdaMillis).then(() => 'killed');
  const context = { getRemainingTimeInMillis: () => end - Date.now() };
  const tick = Promise.race([onTickHandler(shell)({}, context), killed]);
  await vi.advanceTimersByTimeAsync(lambdaMillis);
  return tick;
}

const letters = (index: number) =>
  [...String(index).padStart(8, '0')].map((digit) => 'BCDEFGHIJK'[Number(digit)]).join('');

const keyNumber = (index: number) => `AKIA${letters(index)}EXAMPLE`;

const neededKey = () => given.put(soaking({ nextProbeAt: start }));

describe('a call that never ends', () => {
  beforeEach(async () => {
    const finding = given.addFinding('F');
    await given.put(done(), [{ type: 'record result', workflow: 'NOTIFIED', note: 'n' }], {
      ...otherKey(),
      findings: [finding],
    });
    await neededKey();
  });

  test('keeps no key from being given back, and waits its turn like others', async () => {
    const recorder = { record: forever };
    expect(await ticked(shellWith({ recorder }))).toMatchObject({ woken: 1 });
    expect((await given.stageOf())?.name).toBe('restoring');
    const outstanding = await given.shell.store.outstanding(plus(start, { hours: 1 }), 10);
    const [effect] = outstanding.filter((each) => each.effect.type === 'record result');
    expect(effect?.attempts).toBe(1);
    expect(logged).toContainEqual({
      message: 'effect postponed',
      facts: expect.objectContaining({ problem: expect.stringContaining('longer than 60 s') }),
    });
  });

  test('leaves time to tell of accounts, or not to', async () => {
    const accountAlarm = { heed: forever };
    expect(await ticked(shellWith({ accountAlarm }))).toMatchObject({ woken: 1 });
  });
});

describe('Slack hangs, and 600 messages are owed', () => {
  const slack = async () => {
    await after(5100);
    throw new Transient('Slack: request_timeout');
  };
  const messenger = () => ({ ...given.shell.messenger, post: slack, update: slack, reply: slack });
  const oweMessages = async () => {
    for (let index = 0; index < 600; index += 1) {
      await given.put(done(), [{ type: 'update message', news: null }], otherKey(keyNumber(index)));
    }
  };

  test('a key that is needed is ordered back and its run started within one tick', async () => {
    await oweMessages();
    await neededKey();
    await ticked(shellWith({ messenger: messenger() }));
    expect(await given.stageOf()).toMatchObject({ name: 'restoring', run: { status: 'started' } });
  });

  test('what is held is counted, and that there was no time for all is said', async () => {
    await oweMessages();
    await given.put(held({ nextProbeAt: start }));
    await ticked(shellWith({ messenger: messenger() }));
    expect(logged.map(({ message }) => message)).toContain('messages left to the next tick');
    expect(logged.at(-1)).toMatchObject({ message: 'invocation done', facts: { held: 1 } });
  });
});

test('an account whose witness is slow each time holds up no other', async () => {
  const other = '444455556666';
  const key = { ...staleKey, user: { ...staleKey.user, account: other } };
  for (let index = 0; index < 20; index += 1) {
    const own = otherKey(keyNumber(index));
    const stage = overlapping({
      nextProbeAt: plus(start, { seconds: index - 1000 }),
      deactivateAt: plus(start, { days: 30 }),
    });
    await given.put(stage, [], { ...own, key: { ...key, keyId: own.key.keyId } });
  }
  await neededKey();
  const examine = async ({ account }: Place, _: Examination) => {
    if (account !== other) return inUseNow();
    await after(119_000);
    throw new Transient('no answer');
  };
  await ticked(shellWith({ witness: { examine } }));
  expect((await given.stageOf())?.name).toBe('restoring');
});

test('a wake that never ends has the rest wait, and the tick still says what it did', async () => {
  await neededKey();
  const end = await ticked(shellWith({ witness: { examine: forever } }));
  expect(end).toMatchObject({ woken: 1, held: 0 });
  expect(logged).toContainEqual({
    message: 'wake failed',
    facts: expect.objectContaining({ problem: expect.stringContaining('longer than 135 s') }),
  });
});
