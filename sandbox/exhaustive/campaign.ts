/** An exhaustive campaign over the machine's cores: everything of some stories, added up. */
import { workThrough } from '../simulation/pool.ts';
import { type Order, ordersOf, type Plan, type Share, type What } from './orders.ts';
import { storyNamed } from './stories.ts';
import { tellStory } from './tell-story.ts';
import type { Violation } from './verdict.ts';
import type { Answer } from './worker.ts';

export interface StorySums {
  /** Questions whether something is struck, in the story as it is without faults. */
  points: number;
  /** Worlds that were played. */
  runs: number;
  /** Of those, worlds in which it came to nothing, or in which another end is right. */
  skipped: number;
  /** How many of what, by why. */
  readonly why: Record<string, Record<string, number>>;
}

export interface Sums {
  readonly stories: Record<string, StorySums>;
  runs: number;
  seconds: number;
  effects: number;
  simulatedDays: number;
  violations: Violation[];
}

export interface CampaignOptions {
  readonly what: What;
  readonly stories: readonly string[];
  readonly share: Share;
  readonly workers?: number;
  readonly onProgress?: (orders: number, sums: Sums) => void;
  /** Told of each violation as it is found. */
  readonly onViolation?: (violation: Violation) => void;
  /** Told of each story before it is played: how many orders in this share, and in all. */
  readonly onStory?: (story: string, orders: number, all: number) => void;
}

/** Plays all of it. */
export async function runExhaustive(options: CampaignOptions): Promise<Sums> {
  const { what, share, onStory, onProgress, onViolation, workers } = options;
  const sums: Sums = newSums();
  const started = performance.now();
  const plans: Plan[] = [];
  for (const story of options.stories) {
    const { points, end, broken, effects, simulatedDays } = await tellStory(storyNamed(story), {
      faults: [],
    });
    const told = broken.map(({ invariant, problem }) => ({ invariant, told: problem }));
    sums.violations.push(...told.map((each) => ({ story, fault: 'none', ...each })));
    sums.stories[story] = { points: points.length, runs: 1, skipped: 0, why: {} };
    Object.assign(sums, addTo(sums, { runs: 1, effects, simulatedDays }));
    const plan = { story, points, end };
    plans.push(plan);
    const count = (of: Share): number => [...ordersOf(plan, what, of)].length;
    onStory?.(story, count(share), count({ number: 1, of: 1 }));
  }
  let orders = 0;
  await workThrough<Order, Answer>({
    worker: new URL('./worker.ts', import.meta.url),
    orders: ordersOfAll(plans, what, share),
    workers,
    onAnswer: (answer) => {
      orders += 1;
      add(sums, answer);
      for (const violation of answer.violations) onViolation?.(violation);
      sums.seconds = Math.round((performance.now() - started) / 100) / 10;
      onProgress?.(orders, sums);
    },
  });
  return { ...sums, violations: inOrder(sums.violations) };
}

function* ordersOfAll(plans: readonly Plan[], what: What, share: Share): Generator<Order> {
  for (const plan of plans) yield* ordersOf(plan, what, share);
}

function newSums(): Sums {
  return { stories: {}, runs: 0, seconds: 0, effects: 0, simulatedDays: 0, violations: [] };
}

type Counted = Pick<Sums, 'runs' | 'effects' | 'simulatedDays'>;

function addTo(sums: Counted, more: Counted): Counted {
  return {
    runs: sums.runs + more.runs,
    effects: sums.effects + more.effects,
    simulatedDays: Math.round(10 * (sums.simulatedDays + more.simulatedDays)) / 10,
  };
}

function add(sums: Sums, answer: Answer): void {
  const { story, runs, skipped, violations } = answer;
  Object.assign(sums, addTo(sums, answer));
  sums.violations.push(...violations);
  const ofStory = sums.stories[story];
  if (ofStory === undefined) return;
  ofStory.runs += runs;
  ofStory.skipped += skipped.length;
  for (const { why, what } of skipped) {
    const counts = ofStory.why[why] ?? {};
    ofStory.why[why] = { ...counts, [what]: (counts[what] ?? 0) + 1 };
  }
}

/** Whoever was ready first. */
function inOrder(violations: readonly Violation[]): Violation[] {
  const collator = new Intl.Collator('en', { numeric: true });
  const name = ({ story, fault, invariant }: Violation) => `${story} ${fault} ${invariant}`;
  return violations.toSorted((one, other) => collator.compare(name(one), name(other)));
}
