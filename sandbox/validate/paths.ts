/**
 * Which steps can lead to which: for runs in a circle, which CreateDocument refuses, and for what
 * can only come later.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-branch-condition.html
 * (2026-11)
 */
import { branchTargets, detour, isTrue, type WrittenStep } from './outline.ts';

/**
 * Steps that a run may go to next. Cancelling is no part of a circle: an execution is cancelled
 * once only.
 */
function successors(step: WrittenStep, byName: ReadonlyMap<string, WrittenStep>): WrittenStep[] {
  const names = [...branchTargets(step), detour(step, 'onFailure'), onwards(step)];
  return [...new Set(names)].flatMap((name) =>
    name === undefined ? [] : (byName.get(name) ?? []),
  );
}

function onwards(step: WrittenStep): string | undefined {
  const { nextStep, isEnd } = step.source;
  if (isTrue(isEnd)) return undefined;
  if (typeof nextStep === 'string') return nextStep;
  const decided = step.source.action === 'aws:branch' && typeof step.inputs.Default === 'string';
  return decided ? undefined : step.row[step.row.indexOf(step) + 1]?.name;
}

export interface Paths {
  /** Each circle as the steps on it, the first one repeated at the end. */
  readonly circles: readonly (readonly WrittenStep[])[];
  /** Whether a step can run only after another one, in no case before it. */
  isOnlyAfter(later: WrittenStep, earlier: WrittenStep): boolean;
}

export function pathsOf(
  steps: readonly WrittenStep[],
  byName: ReadonlyMap<string, WrittenStep>,
): Paths {
  const next = new Map(steps.map((step) => [step, successors(step, byName)]));
  const anyNext = new Map(
    steps.map((step) => {
      const cancelled = byName.get(detour(step, 'onCancel') ?? '');
      return [step, [...(next.get(step) ?? []), ...(cancelled === undefined ? [] : [cancelled])]];
    }),
  );
  const reached = new Map<WrittenStep, ReadonlySet<WrittenStep>>();
  const from = (step: WrittenStep) => {
    const known = reached.get(step) ?? reachable(step, anyNext);
    reached.set(step, known);
    return known;
  };
  return {
    circles: circlesIn(steps, next),
    isOnlyAfter: (later, earlier) => from(earlier).has(later) && !from(later).has(earlier),
  };
}

/** One mistake can make as many circles as there are steps; these are enough to see it. */
const mostCircles = 5;

type Graph = ReadonlyMap<WrittenStep, readonly WrittenStep[]>;

function reachable(start: WrittenStep, graph: Graph): ReadonlySet<WrittenStep> {
  const found = new Set<WrittenStep>();
  const open = [start];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    for (const each of graph.get(step) ?? []) {
      if (found.has(each)) continue;
      found.add(each);
      open.push(each);
    }
  }
  return found;
}

/** Depth first, with a stack of its own: a document may have thousands of steps. */
function circlesIn(steps: readonly WrittenStep[], graph: Graph): WrittenStep[][] {
  const circles: WrittenStep[][] = [];
  const finished = new Set<WrittenStep>();
  for (const start of steps) {
    if (finished.has(start)) continue;
    if (circles.length >= mostCircles) break;
    const path = [start];
    const on = new Set(path);
    const todo = [[...(graph.get(start) ?? [])]];
    for (let here = path.at(-1); here !== undefined; here = path.at(-1)) {
      const each = todo.at(-1)?.shift();
      if (each === undefined) {
        finished.add(here);
        on.delete(here);
        path.pop();
        todo.pop();
      } else if (on.has(each)) {
        if (circles.length < mostCircles) circles.push([...path.slice(path.indexOf(each)), each]);
      } else if (!finished.has(each)) {
        path.push(each);
        on.add(each);
        todo.push([...(graph.get(each) ?? [])]);
      }
    }
  }
  return circles;
}
