/** Rings: nothing begins in one that is closed or unknown; what goes wrong is noted, then told. */
import { describe, expect, test } from 'vitest';
import { tick } from '../../app/tick.ts';
import type { TickShell } from '../../app/ticking.ts';
import { Transient } from '../../domain/errors.ts';
import { plus } from '../../domain/instant.ts';
import { cyclesToOpen } from '../../domain/rings.ts';
import {
  approvedProposal,
  held,
  overlapping,
  policyWith,
  retirement,
  safe,
  story,
} from '../builders.ts';
import { type GivenShell, givenShell } from './given-shell.ts';

const rings = ['sandbox', 'everything'];
const runs = ({ world }: GivenShell) => world.runner.list(world.place);

/** The user is in the last ring. Whoever is asked says that nobody uses the key. */
function ringed({ shell, world }: GivenShell, changes: Partial<TickShell> = {}): TickShell {
  const examine = async () => safe({ at: world.clock.now() });
  return { ...shell, rings, witness: { examine }, ...changes };
}

async function wentWell({ shell }: GivenShell, count: number): Promise<void> {
  for (let each = 0; each < count; each++) {
    const at = plus(story.opened, { days: -each - 1 });
    const what = 'It went well.';
    const about = { ring: 'sandbox', rotationId: `r${each}`, told: true };
    await shell.store.markRing({ ...about, is: 'clean', at, what });
  }
}

describe('in a closed ring', () => {
  test('no new key is issued, and it is asked again after six hours', async () => {
    const given = await givenShell();
    await given.put(approvedProposal({ due: story.opened }));
    await wentWell(given, cyclesToOpen - 1);
    await tick(ringed(given));
    expect(await given.eventsOf()).toEqual(['ring closed']);
    expect(await given.stageOf()).toMatchObject({
      name: 'proposed',
      due: plus(story.opened, { hours: 6 }),
      ringClosed: 'everything: closed, 4 of 5 clean rotations in sandbox',
    });
    expect(runs(given)).toEqual([]);
    await wentWell(given, cyclesToOpen);
    await given.later({ hours: 6 });
    await tick(ringed(given));
    expect(await given.eventsOf()).toEqual(['ring closed', 'admitted', 'run started']);
    expect(await given.stageOf()).not.toHaveProperty('proposal.ringClosed');
  });

  test('no unused key is switched off', async () => {
    const given = await givenShell(plus(story.opened, { hours: 48 }));
    const approval = approvedProposal({}).approval;
    const due = plus(story.opened, { hours: 48 });
    await given.put(retirement({ approval, due }), [], { kind: 'retire' });
    await tick(ringed(given));
    expect(await given.eventsOf()).toEqual(['ring closed']);
    expect(runs(given)).toEqual([]);
  });

  test('what is under way goes on', async () => {
    const given = await givenShell(story.deactivateAt);
    await given.put(overlapping());
    await tick(ringed(given));
    expect(await given.stageOf()).toMatchObject({ name: 'deactivating' });
  });
});

test('of a ring that cannot be read nobody knows that it is open', async () => {
  const given = await givenShell();
  await given.put(approvedProposal({ due: story.opened }));
  await wentWell(given, cyclesToOpen);
  const ringMarks = async () => {
    throw new Transient('the table did not answer');
  };
  await tick(ringed(given, { store: { ...given.shell.store, ringMarks } }));
  expect(await given.eventsOf()).toEqual(['look failed']);
  expect(runs(given)).toEqual([]);
});

describe('a rotation that went wrong', () => {
  const wrong = async (given: GivenShell) => {
    const reason = { code: 'issue failed', text: 'No key could be made.' } as const;
    const policy = policyWith({ ring: 'everything' });
    await given.put(approvedProposal({}), [], { policy });
    await given.moved(held({ reason }), [{ type: 'mark ring' }]);
  };
  const told = ({ world }: GivenShell) =>
    world.slack.messages().filter(({ text }) => text.includes('went wrong'));

  test('closes its ring, and the team is told once', async () => {
    const given = await givenShell();
    await wentWell(given, cyclesToOpen);
    await wrong(given);
    await tick(ringed(given));
    expect((await given.shell.store.ringMarks('everything')).bad?.told).toBe(true);
    expect(
      told(given)
        .map(({ text }) => text)
        .join(),
    ).toContain('Ring everything is closed now.');
    await given.moved(held(), [{ type: 'mark ring' }]);
    await tick(ringed(given));
    expect(told(given)).toHaveLength(1);
  });

  test('closes it also while nobody can be told, who is told later', async () => {
    const given = await givenShell();
    await wentWell(given, cyclesToOpen);
    await wrong(given);
    const tellTeam = async () => {
      throw new Transient('Slack did not answer');
    };
    await tick(ringed(given, { messenger: { ...given.shell.messenger, tellTeam } }));
    expect((await given.shell.store.ringMarks('everything')).bad?.told).toBe(false);
    await given.later({ hours: 1 });
    await tick(ringed(given));
    expect(
      told(given)
        .map(({ text }) => text)
        .join(),
    ).toContain('Ring everything is closed now.');
  });
});
