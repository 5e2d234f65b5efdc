/**
 * What is to be played of a story: every fault, every fault where something changes (for those in
 * a hurry), every pair of faults, or every press.
 */
import type { ExactFault, Point } from './exact-strikes.ts';
import { faultsAt, isChanging } from './fault-names.ts';
import { isPressable, type Pressing, pressingsAt } from './pressing.ts';

export const campaigns = ['faults', 'changes', 'pairs', 'people'] as const;

export type What = (typeof campaigns)[number];

/** A story as it is without faults: what there is to strike, and how it ends. */
export interface Plan {
  readonly story: string;
  readonly points: readonly Point[];
  readonly end: string;
}

/** What one worker does in one go. */
export type Order = { readonly story: string; readonly end: string } & (
  | { readonly what: 'faults'; readonly faults: readonly ExactFault[] }
  /** That fault first, and then every other one at every later point. */
  | { readonly what: 'pairs'; readonly first: ExactFault }
  | { readonly what: 'people'; readonly pressing: Pressing }
);

/** A part of all: the i-th of n. */
export interface Share {
  readonly number: number;
  readonly of: number;
}

/** Everything of a story; only what changes something is struck twice, or pressed beside. */
export function* ordersOf(
  { story, points, end }: Plan,
  what: What,
  share: Share,
): Generator<Order> {
  let index = 0;
  for (const point of points) {
    for (const one of ordersAt(point, what)) {
      index += 1;
      if (scattered(index) % share.of === share.number - 1) yield { story, end, ...one };
    }
  }
}

/** So that no share has the same few presses of every point. */
function scattered(index: number): number {
  return Math.imul(index, 0x9e3779b1) >>> 8;
}

type AtAPoint =
  | { readonly what: 'faults'; readonly faults: readonly ExactFault[] }
  | { readonly what: 'pairs'; readonly first: ExactFault }
  | { readonly what: 'people'; readonly pressing: Pressing };

function ordersAt(point: Point, what: What): readonly AtAPoint[] {
  switch (what) {
    case 'changes':
      return isChanging(point) ? ordersAt(point, 'faults') : [];
    case 'faults':
      return faultsAt(point).map((fault) => ({ what, faults: [fault] }));
    case 'pairs':
      return isChanging(point) ? secondsAt(point).map((first) => ({ what, first })) : [];
    case 'people':
      return isPressable(point) ? pressingsAt(point).map((pressing) => ({ what, pressing })) : [];
  }
}

/** In a pair each fault goes as far as it least does: how far it may go is what singles are for. */
function secondsAt(point: Point): readonly ExactFault[] {
  return faultsAt(point).filter(({ reach }) => reach === 'least');
}

/** Every second fault of a world that has had its first one. */
export function secondsAfter(first: ExactFault, points: readonly Point[]): readonly ExactFault[] {
  return points
    .filter((point) => point.index > first.index && isChanging(point))
    .flatMap(secondsAt);
}
