/**
 * Effects leave the journal: each performed, twice without harm, tried again for as long as it
 * takes, and none holding up another.
 */
import { describe, expect, test } from 'vitest';
import { performOutstanding } from '../../app/perform.ts';
import { backoffMinutes } from '../../app/settle.ts';
import type { Effect } from '../../domain/effect.ts';
import { Bug, Transient } from '../../domain/errors.ts';
import { millisBetween, plus } from '../../domain/instant.ts';
import type { Pager } from '../../domain/ports.ts';
import { held, issuing, overlapping, proposed, rotationId } from '../builders.ts';
import { type GivenShell, givenShell, orderedAtOpening, otherKey } from './given-shell.ts';

const page: Effect = { type: 'page', about: 'held', severity: 'warning', summary: 'It is held.' };
const clear: Effect = { type: 'clear page', about: 'held' };
const announce: Effect = { type: 'announce', news: 'News for subscribers.' };
const publish: Effect = { type: 'publish' };
const update: Effect = { type: 'update message', news: 'News for the thread.' };
const record: Effect = { type: 'record result', workflow: 'NOTIFIED', note: 'News for the hub.' };
const start: Effect = { type: 'start runbook', runbook: 'issue-replacement-key' };

const incidents = ({ world }: GivenShell) =>
  world.pagerDuty.incidents().map(({ dedupKey, status, triggers }) => [dedupKey, status, triggers]);

const heldKey = `rot/${rotationId}/held`;

/** What is still to be done, and how often it was tried. */
async function waiting({ shell, world }: GivenShell) {
  const ever = plus(world.clock.now(), { days: 365 });
  return (await shell.store.outstanding(ever, 100)).map(({ id, attempts }) => [id, attempts]);
}

/** The ends of effects, as the log has them. */
const ends = ({ world }: GivenShell) =>
  world.log
    .filter(({ message }) => message.startsWith('effect'))
    .map(({ message, facts }) => [facts.effectId, message, facts.end ?? facts.problem]);

describe('an effect is performed', () => {
  test('start runbook: SSM runs it', async () => {
    const given = await givenShell();
    await given.put(issuing({ run: orderedAtOpening() }), [start]);
    await performOutstanding(given.shell);
    const [run, ...more] = given.world.runner.list({ ...given.world.place });
    expect(run).toMatchObject({ DocumentName: 'Keyturn-IssueReplacementKey' });
    expect(more).toEqual([]);
    expect(await given.stageOf()).toMatchObject({ run: { status: 'started' } });
  });

  test('update message: the message stands in the channel, the news in its thread', async () => {
    const given = await givenShell();
    await given.put(proposed(), [update]);
    await performOutstanding(given.shell);
    expect(given.heads().map(({ text }) => text)).toEqual([
      expect.stringContaining('Approval wanted'),
    ]);
    expect(given.replies().map(({ text }) => text)).toEqual(['News for the thread.']);
  });

  test('page and clear page: an incident is opened and closed', async () => {
    const given = await givenShell();
    await given.put(held(), [page]);
    await performOutstanding(given.shell);
    expect(incidents(given)).toEqual([[heldKey, 'triggered', 1]]);
    await given.moved(overlapping(), [clear]);
    await performOutstanding(given.shell);
    expect(incidents(given)).toEqual([[heldKey, 'resolved', 1]]);
  });

  test('announce and publish: the fact is about the version that ordered it', async () => {
    const given = await givenShell();
    await given.put(proposed(), [announce, publish]);
    await given.moved(overlapping());
    await performOutstanding(given.shell);
    const [published] = given.world.cloud.published;
    expect(JSON.parse(published?.message ?? '')).toMatchObject({
      factId: `${rotationId}/1/0`,
      news: 'News for subscribers.',
      stage: 'proposed',
    });
    expect(given.world.cloud.busEvents).toMatchObject([{ detailType: 'Rotation Proposed' }]);
  });

  test('record result: Security Hub has status and note', async () => {
    const given = await givenShell();
    await given.put(proposed(), [record], { findings: [given.addFinding('f1')] });
    await performOutstanding(given.shell);
    expect(given.recorded()).toEqual({ f1: { workflow: 'NOTIFIED', note: 'News for the hub.' } });
  });

  test('and each leaves one line in the log, with its id', async () => {
    const given = await givenShell();
    await given.put(proposed(), [update, announce, publish, page]);
    expect(await performOutstanding(given.shell)).toMatchObject({ tried: 4, unexpected: [] });
    expect(ends(given)).toEqual(
      [0, 1, 2, 3].map((index) => [`${rotationId}/1/${index}`, 'effect', 'performed']),
    );
    expect(await waiting(given)).toEqual([]);
    expect((await performOutstanding(given.shell)).tried).toBe(0);
  });
});

describe('given that the hub died after performing, before noting it', () => {
  test('then performing everything again changes nothing twice', async () => {
    const given = await givenShell();
    const { store } = given.shell;
    const { settle } = store;
    store.settle = async () => {
      throw new Transient('the function ran out of time');
    };
    const effects = [start, update, page, announce, publish, record];
    const finding = given.addFinding('f1');
    await given.put(issuing({ run: orderedAtOpening() }), effects, { findings: [finding] });
    await performOutstanding(given.shell);
    expect(await waiting(given)).toHaveLength(effects.length);
    store.settle = settle;
    await given.later({ minutes: 1 });
    expect((await performOutstanding(given.shell)).tried).toBe(effects.length);
    expect(await waiting(given)).toEqual([]);

    const { world } = given;
    expect(world.runner.list(world.place)).toHaveLength(1);
    expect(given.heads()).toHaveLength(1);
    expect(incidents(given)).toEqual([[heldKey, 'triggered', 2]]);
    const facts = world.cloud.published.map(({ message }) => JSON.parse(message).factId);
    expect(facts).toEqual([`${rotationId}/1/3`, `${rotationId}/1/3`]);
    const onBus = world.cloud.busEvents.map(({ detail }) => JSON.stringify(detail));
    expect(new Set(onBus).size).toBe(1);
    expect(given.recorded()).toEqual({ f1: { workflow: 'NOTIFIED', note: 'News for the hub.' } });
  });

  test('then a cleared page stays cleared', async () => {
    const given = await givenShell();
    const { store } = given.shell;
    const { settle } = store;
    await given.put(held(), [page]);
    await given.moved(overlapping(), [clear]);
    store.settle = async () => {
      throw new Transient('the function ran out of time');
    };
    await performOutstanding(given.shell);
    store.settle = settle;
    await given.later({ minutes: 1 });
    await performOutstanding(given.shell);
    expect(incidents(given).filter(([, status]) => status !== 'resolved')).toEqual([]);
    expect(await waiting(given)).toEqual([]);
  });
});

describe('given what passes by itself', () => {
  test('then it is tried after 1, 2, 4, … minutes, at last every six hours, for ever', async () => {
    const given = await givenShell();
    const { clock, pagerDuty } = given.world;
    pagerDuty.fail({ kind: 'status', status: 503 });
    await given.put(held(), [page]);
    const minutes: number[] = [];
    for (let attempt = 0; attempt < 100; attempt++) {
      const before = clock.now();
      await performOutstanding(given.shell);
      const next = await nextTry(given);
      minutes.push(millisBetween(before, next) / 60_000);
      await given.later({ milliseconds: millisBetween(before, next) - 1 });
      expect((await performOutstanding(given.shell)).tried).toBe(0);
      await given.later({ milliseconds: 1 });
    }
    expect(minutes.slice(0, 11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]);
    expect(minutes.at(-1)).toBe(360);
    expect(await waiting(given)).toEqual([[`${rotationId}/1/0`, 100]]);
    pagerDuty.fail(null);
    await performOutstanding(given.shell);
    expect(incidents(given)).toEqual([[heldKey, 'triggered', 1]]);
  });

  const nextTry = async ({ shell, world }: GivenShell) => {
    const [first] = await shell.store.outstanding(plus(world.clock.now(), { days: 365 }), 1);
    if (first === undefined) throw new Error('it was given up');
    return first.notBefore;
  };

  test('then the others are performed all the same', async () => {
    const given = await givenShell();
    given.world.slack.fail({ kind: 'error', error: 'service_unavailable' });
    given.faults.fail({ service: 'sns', operation: 'Publish' }, 'throttled');
    await given.put(proposed(), [update, announce, publish, page]);
    expect((await performOutstanding(given.shell)).unexpected).toEqual([]);
    expect(await waiting(given)).toEqual([
      [`${rotationId}/1/0`, 1],
      [`${rotationId}/1/1`, 1],
    ]);
    expect(given.world.cloud.busEvents).toHaveLength(1);
    expect(incidents(given)).toHaveLength(1);
  });

  test('then the pause never overflows', () => {
    expect(backoffMinutes({ type: 'page' }, 0)).toBe(1);
    expect(backoffMinutes({ type: 'page' }, 5000)).toBe(360);
    expect(backoffMinutes({ type: 'start runbook' }, 5000)).toBe(15);
  });
});

describe('given what a person has to mend first', () => {
  test('then telling goes on for a month before it is given up, and the log says so', async () => {
    const given = await givenShell();
    const { clock, slack, log } = given.world;
    slack.fail({ kind: 'error', error: 'invalid_auth' });
    await given.put(proposed(), [update]);
    const began = clock.now();
    for (let tries = 0; tries < 200 && (await waiting(given)).length > 0; tries++) {
      await performOutstanding(given.shell);
      const [next] = await given.shell.store.outstanding(plus(clock.now(), { days: 1 }), 1);
      if (next !== undefined) {
        await given.later({ milliseconds: millisBetween(clock.now(), next.notBefore) });
      }
    }
    expect(clock.now() > plus(began, { days: 28 })).toBe(true);
    expect(log.filter(({ message }) => message === 'effect given up')).toHaveLength(1);
    expect(log.at(-1)?.facts.problem).toContain('bot token');
  });

  test('then it is done as soon as that is mended', async () => {
    const given = await givenShell();
    given.world.slack.fail({ kind: 'error', error: 'not_in_channel' });
    await given.put(proposed(), [update]);
    await performOutstanding(given.shell);
    given.world.slack.fail(null);
    await given.later({ minutes: 1 });
    await performOutstanding(given.shell);
    expect(given.heads()).toHaveLength(1);
  });

  test('then a run that cannot be started is the machine’s to decide on, at once', async () => {
    const given = await givenShell();
    given.faults.fail({ service: 'ssm', operation: 'StartAutomationExecution' }, 'denied');
    await given.put(issuing({ run: orderedAtOpening() }), [start]);
    await performOutstanding(given.shell);
    expect(await given.eventsOf()).toEqual(['run not started']);
    const ofStart = ends(given).filter(([id]) => id === `${rotationId}/1/0`);
    expect(ofStart).toMatchObject([[`${rotationId}/1/0`, 'effect given up', expect.anything()]]);
  });
});

describe('given a failure that nobody expected', () => {
  const broken: Pager = {
    trigger: async () => {
      throw new TypeError('undefined is not a pager');
    },
    resolve: async () => {
      throw new Bug('a promise of this code is broken');
    },
    acknowledge: async () => undefined,
    reportChange: async () => undefined,
  };

  test('then it is handed on after the others had their turn, and tried again', async () => {
    const given = await givenShell();
    await given.put(held(), [page, announce]);
    const { unexpected } = await performOutstanding({ ...given.shell, pager: broken });
    expect(unexpected).toEqual([new TypeError('undefined is not a pager')]);
    expect(given.world.cloud.published).toHaveLength(1);
    expect(await waiting(given)).toEqual([[`${rotationId}/1/0`, 1]]);
  });

  test('then a store that cannot even note it holds up no other effect', async () => {
    const given = await givenShell();
    const { store } = given.shell;
    await given.put(held(), [page, announce]);
    const postpone = async () => {
      throw new Transient('the table does not answer');
    };
    const shell = { ...given.shell, pager: broken, store: { ...store, postpone } };
    const { unexpected } = await performOutstanding(shell);
    expect(unexpected).toHaveLength(1);
    expect(given.world.cloud.published).toHaveLength(1);
  });
});

describe('pages and their ends out of order', () => {
  const pagerDutyDown = async (given: GivenShell) => {
    given.world.pagerDuty.fail({ kind: 'unreachable' });
    await performOutstanding(given.shell);
    given.world.pagerDuty.fail(null);
    await given.later({ minutes: 1 });
  };

  test('given a page that was cleared before it could be sent, then it is never sent', async () => {
    const given = await givenShell();
    await given.put(held(), [page]);
    await pagerDutyDown(given);
    await given.moved(overlapping(), [clear]);
    await performOutstanding(given.shell);
    expect(incidents(given)).toEqual([]);
    expect(ends(given)).toContainEqual([
      `${rotationId}/1/0`,
      'effect',
      { superseded: 'it was cleared meanwhile' },
    ]);
  });

  test('given a page after an end that could not be sent, then the page stands', async () => {
    const given = await givenShell();
    await given.put(held(), [page]);
    await performOutstanding(given.shell);
    await given.moved(overlapping(), [clear]);
    given.world.pagerDuty.fail({ kind: 'unreachable' });
    await performOutstanding(given.shell);
    given.world.pagerDuty.fail(null);
    await given.moved(held(), [page]);
    await performOutstanding(given.shell);
    await given.later({ hours: 1 });
    await performOutstanding(given.shell);
    expect(incidents(given)).toEqual([
      [heldKey, 'resolved', 1],
      [`${heldKey}/2`, 'triggered', 1],
    ]);
    expect(await waiting(given)).toEqual([]);
  });

  test('given another concern, or another rotation, then neither supersedes', async () => {
    const given = await givenShell();
    const other = otherKey();
    await given.put(held(), [page]);
    await given.put(held(), [page], other);
    await pagerDutyDown(given);
    await given.moved(overlapping(), [{ type: 'clear page', about: 'old-key-used' }]);
    await given.moved(overlapping(), [clear], other.id);
    await performOutstanding(given.shell);
    expect(incidents(given)).toEqual([[heldKey, 'triggered', 1]]);
  });
});

test('an effect of a rotation that the store does not have says so', async () => {
  const given = await givenShell();
  await given.put(held(), [page, update, record]);
  const load = async () => undefined;
  const shell = { ...given.shell, store: { ...given.shell.store, load } };
  await performOutstanding(shell);
  const problems = ends(given).map(([, , problem]) => problem);
  expect(problems).toEqual(Array(3).fill(`there is no rotation ${rotationId}`));
});
