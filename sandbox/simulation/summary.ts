/** What is left of a simulated world when it goes from a worker to whoever asked for it. */
import type { Outcome } from './simulated-world.ts';

export interface Violation {
  readonly seed: number;
  readonly invariant: string;
  /** What happened, line by line, to the violation and what it was; the seed gives all of it. */
  readonly story: string;
}

export interface Summary {
  readonly seed: number;
  readonly simulatedDays: number;
  readonly effects: number;
  readonly faults: readonly (readonly [string, number])[];
  /** Every fault that each effect that came up could have had. */
  readonly seen: readonly (readonly [effect: string, kinds: readonly string[]])[];
  readonly violations: readonly Violation[];
}

/** Lines of the story before a violation. */
const linesBefore = 60;

export function summaryOf(outcome: Outcome): Summary {
  const { seed, simulatedDays, effects, faults, seen, broken, story } = outcome;
  return {
    seed,
    simulatedDays,
    effects,
    faults: [...faults],
    seen: [...seen].map(([effect, kinds]) => [effect, [...kinds]] as const),
    violations: broken.map(({ invariant, problem }) => {
      const line = story.findIndex((each) =>
        each.includes(`VIOLATION of ${invariant}: ${problem}`),
      );
      const told = story.slice(Math.max(0, line - linesBefore), line + 1);
      return { seed, invariant, story: [problem, ...told].join('\n') };
    }),
  };
}

/** A world that could not be simulated to its end is a violation too. */
export function crashOf(seed: number, error: unknown): Summary {
  const story = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const violations = [{ seed, invariant: 'crash', story }];
  return { seed, simulatedDays: 0, effects: 0, faults: [], seen: [], violations };
}
