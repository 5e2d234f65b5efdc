/**
 * The stop switch in a whole world: pulled at any stage it lets nothing start and no stage change,
 * and lifted, everything goes on where it was.
 */
import { describe, expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import type { StageName } from '../../domain/stage.ts';
import { names } from '../../sandbox/settings.ts';
import { expectRotated, startedRun } from './endings.ts';
import { type GivenWorld, givenWorld } from './given-world.ts';

const stages: readonly StageName[] = [
  'proposed',
  'issuing',
  'overlapping',
  'deactivating',
  'soaking',
  'deleting',
];

/** Everything that Keyturn could have done. Findings that join do nothing. */
async function deeds(given: GivenWorld) {
  const { world } = given;
  const { id } = await given.rotation();
  const journal = await world.store.journal(id);
  return {
    journal: journal.filter(({ event }) => event.type !== 'finding reported').length,
    runs: world.runner.list(world.place).length,
    keys: given.keys().map(({ changes }) => changes.length),
    messages: world.slack.messages().length,
    incidents: world.pagerDuty.incidents().length,
  };
}

/** The runs that were started before may end; nothing else happens. */
async function stopped(given: GivenWorld): Promise<void> {
  await given.world.stop('incident 42');
  await given.pass({ seconds: 31 });
}

describe.each(stages)('stopped while %s', (stage) => {
  test('nothing starts, no stage changes; lifted, it goes on', async () => {
    const given = await givenWorld();
    await given.until(stage);
    await stopped(given);
    const { stage: then } = await given.rotation();
    const before = await deeds(given);
    await given.pass({ days: 12 });
    expect((await given.rotation()).stage).toEqual(then);
    const { runs, journal, messages, incidents } = before;
    expect(await deeds(given)).toMatchObject({ runs, journal, messages, incidents });
    await given.world.go();
    await expectRotated(given);
  });
});

describe('stopped while a run is under way', () => {
  test.each(['deactivating', 'deleting'] as const)(
    '%s: the run ends by itself, and is taken up after lifting',
    async (stage) => {
      const given = await givenWorld();
      await given.until(stage);
      await startedRun(given);
      const executionId = await given.executionId();
      // The news of its end arrives once the switch is heeded.
      given.world.setCourier(async (_event, onwards) => {
        given.world.clock.at(plus(given.world.clock.now(), { minutes: 2 }), onwards);
      });
      await stopped(given);
      await given.pass({ hours: 3 });
      const run = given.world.runner.get(executionId, given.world.place);
      expect(run?.AutomationExecutionStatus).toBe('Success');
      expect((await given.rotation()).stage.name).toBe(stage);
      const { runs } = await deeds(given);
      await given.world.go();
      await given.pass({ hours: 1 });
      expect((await given.rotation()).stage.name).not.toBe(stage);
      expect((await deeds(given)).runs).toBe(runs);
      await expectRotated(given);
    },
  );

  test('issuing: no key is made, and lifting lets another attempt make it', async () => {
    const given = await givenWorld();
    await given.until('issuing');
    await startedRun(given);
    const executionId = await given.executionId();
    await stopped(given);
    await given.pass({ hours: 3 });
    const run = given.world.runner.get(executionId, given.world.place);
    expect(run?.AutomationExecutionStatus).toBe('Failed');
    expect(given.keys()).toHaveLength(1);
    await given.world.go();
    await expectRotated(given);
  });
});

test('a switch that cannot be read stops too, says so in the log, and pages', async () => {
  const given = await givenWorld();
  await given.until('overlapping');
  const which = { service: 'ssm', operation: 'GetParameter' };
  const fault = given.faults.fail(which, 'denied');
  await given.pass({ days: 3 });
  expect((await given.rotation()).stage.name).toBe('overlapping');
  expect(given.incidents()).toMatchObject([{ status: 'triggered', severity: 'critical' }]);
  const line = given.world.log.findLast(({ facts }) => 'stopped' in facts);
  expect(line?.facts.stopped).toContain(`${names.stopParameter} cannot be read`);
  fault.mend();
  await given.pass({ hours: 1 });
  expect(given.incidents()).toMatchObject([{ status: 'resolved' }]);
  await expectRotated(given);
});

test('findings are claimed all the same; what follows waits', async () => {
  const given = await givenWorld();
  await given.world.stop();
  await given.pass({ days: 2 });
  expect((await given.rotation()).stage.name).toBe('proposed');
  expect(await deeds(given)).toMatchObject({ runs: 0, messages: 0 });
  await given.world.go();
  await expectRotated(given);
});

test('a press is refused, journalled, and told why', async () => {
  const given = await givenWorld({ mode: 'approve' });
  await given.until('proposed');
  await given.pass({ minutes: 5 });
  await stopped(given);
  await expect(given.press('ada', 'Approve')).rejects.toThrow();
  const rotation = await given.rotation();
  const entry = (await given.world.store.journal(rotation.id)).at(-1);
  expect(entry?.event).toMatchObject({
    type: 'press refused',
    why: expect.stringContaining('Keyturn is stopped: parameter'),
  });
  expect(rotation.stage).toMatchObject({ name: 'proposed' });
  await given.world.go();
  await given.pass({ minutes: 2 });
  await given.press('ada', 'Approve');
  await expectRotated(given);
});
