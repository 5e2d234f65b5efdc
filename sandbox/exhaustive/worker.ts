/** A worker of an exhaustive campaign: plays what it is told to, one story after the other. */
import { parentPort } from 'node:worker_threads';
import type { ExactFault } from './exact-strikes.ts';
import { faultName } from './fault-names.ts';
import { type Order, secondsAfter } from './orders.ts';
import { pressingName } from './pressing.ts';
import { storyNamed } from './stories.ts';
import { type Changes, type ToldStory, tellStory } from './tell-story.ts';
import { type Verdict, verdictOnFaults, verdictOnPress } from './verdict.ts';

/** What an order came to. */
export interface Answer extends Verdict {
  readonly story: string;
  readonly runs: number;
  readonly simulatedDays: number;
  readonly effects: number;
}

/** Exported for whoever plays without workers. */
export async function carriedOut(order: Order): Promise<Answer> {
  const { story, end } = order;
  const sum = newSum(story);
  const play = async (changes: Changes, judge: (told: ToldStory) => Verdict) => {
    const told = await tellStory(storyNamed(story), changes);
    sum.add(told, judge(told));
    return told;
  };
  const strike = (faults: readonly ExactFault[]) =>
    play({ faults }, (told) => verdictOnFaults(story, faults, end, told));
  switch (order.what) {
    case 'faults':
      await strike(order.faults);
      break;
    case 'pairs': {
      const { first } = order;
      const { points } = await tellStory(storyNamed(story), { faults: [first] });
      for (const second of secondsAfter(first, points)) await strike([first, second]);
      break;
    }
    case 'people': {
      const { pressing } = order;
      await play({ faults: [], pressing }, (told) => verdictOnPress(story, pressing, end, told));
    }
  }
  return sum.answer();
}

function newSum(story: string) {
  const verdicts: Verdict[] = [];
  let [days, effects] = [0, 0];
  return {
    add: (told: ToldStory, verdict: Verdict) => {
      verdicts.push(verdict);
      days += told.simulatedDays;
      effects += told.effects;
    },
    answer: (): Answer => ({
      story,
      runs: verdicts.length,
      simulatedDays: days,
      effects,
      violations: verdicts.flatMap(({ violations }) => violations),
      skipped: verdicts.flatMap(({ skipped }) => skipped),
    }),
  };
}

/** A story that could not be played to its end is a violation too. */
function crashOf(order: Order, error: unknown): Answer {
  const { story } = order;
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const violations = [{ story, fault: nameOf(order), invariant: 'crash', told }];
  return { story, runs: 1, simulatedDays: 0, effects: 0, violations, skipped: [] };
}

function nameOf(order: Order): string {
  switch (order.what) {
    case 'faults':
      return order.faults.map(faultName).join(',');
    case 'pairs':
      return `${faultName(order.first)} and others`;
    case 'people':
      return pressingName(order.pressing);
  }
}

parentPort?.on('message', async (order: Order | 'enough') => {
  if (order === 'enough') {
    parentPort?.close();
    return;
  }
  parentPort?.postMessage(await carriedOut(order).catch((error) => crashOf(order, error)));
});
