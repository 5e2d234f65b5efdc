/**
 * The machine against the reference model, over stories by chance. A failure prints its seed, and
 * the shortest story found that still fails; how to play more, or one again, stands in
 * docs/simulation.md.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventTypes } from '../../../domain/event.ts';
import { type Act, actInWords } from './acts.ts';
import { anyAct, anyBeginning } from './any-acts.ts';
import { begin, nothingReached, type Play, play } from './playing.ts';
import { holdCodes, moves, outcomes } from './table.ts';

const seed = Number(process.env.KEYTURN_STORY_SEED ?? 6);
const stories = Number(process.env.KEYTURN_STORIES ?? 4000);
const path = process.env.KEYTURN_STORY_PATH;

const reached = nothingReached();

class Happens implements fc.Command<object, Play> {
  readonly act: Act;
  constructor(act: Act) {
    this.act = act;
  }
  check(): boolean {
    return true;
  }
  run(_: object, real: Play): void {
    play(real, this.act, reached);
  }
  toString(): string {
    return `\n  - ${actInWords(this.act)}`;
  }
}

const acts = fc.commands([anyAct.map((act) => new Happens(act))], {
  maxCommands: 60,
  size: 'max',
});

test('every story goes as the reference model says', { timeout: 600_000 }, () => {
  const property = fc.property(anyBeginning, acts, (beginning, story) => {
    fc.modelRun(() => ({ model: {}, real: begin(beginning) }), story);
  });
  const replay = path === undefined ? {} : { path };
  fc.assert(property, { seed, numRuns: stories, ...replay });
});

// A few stories reach less.
const many = test.skipIf(stories < 2000 || path !== undefined);

many('the stories make every move of the table, and no other', () => {
  expect([...reached.moves.keys()].toSorted()).toEqual([...moves].toSorted());
});

many('the stories see every reason to hold, every end, every kind of event', () => {
  expect([...reached.holds.keys()].toSorted()).toEqual([...holdCodes].toSorted());
  expect([...reached.outcomes.keys()].toSorted()).toEqual([...outcomes].toSorted());
  // What is said in PagerDuty moves nothing: incident.test.ts has it.
  const unmoving = ['press refused', 'incident answered'];
  const changing = eventTypes.filter((type) => !unmoving.includes(type));
  expect([...reached.events.keys()].toSorted()).toEqual([...changing].toSorted());
});
