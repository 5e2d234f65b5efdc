/**
 * A shape of input, with cases of it and what must hold for each. Which case a seed and a path come
 * to depends on nothing else, and a case that fails is made as simple as it still fails.
 */
import fc from 'fast-check';
import { messageOf } from '../../domain/errors.ts';

/** What a case came to: rejected, ignored, claimed, joined, or a word that the shape explains. */
export type CameTo = string;

export interface Failure {
  readonly shape: string;
  readonly seed: number;
  /** With seed and shape it plays the simplest failing case again. */
  readonly path: string;
  readonly story: string;
}

export interface Played {
  readonly cases: number;
  readonly cameTo: Readonly<Record<CameTo, number>>;
  readonly failure: Failure | undefined;
}

export interface Shape {
  readonly name: string;
  /** So many of a thousand cases are of this shape. */
  readonly share: number;
  /** Plays cases until one fails. With a path, that case alone. */
  readonly play: (cases: number, seed: number, path?: string) => Promise<Played>;
}

/** A promise that a case broke, with what shows it. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

/** Throws Broken unless it holds. `what` says what should hold, `shown` what is there instead. */
export function must(holds: boolean, what: string, shown?: unknown): asserts holds {
  if (holds) return;
  const text = typeof shown === 'string' ? shown : (JSON.stringify(shown) ?? '');
  throw new Broken(`${what}: ${text.slice(0, 1000)}`);
}

export interface ShapeParts<Case> {
  readonly name: string;
  readonly share: number;
  readonly cases: fc.Arbitrary<Case>;
  /** What the case came to. Throws Broken, or whatever the code on trial throws. */
  readonly check: (given: Case) => CameTo | Promise<CameTo>;
  /** The case for people. */
  readonly tell: (given: Case) => string;
}

export function shapeOf<Case>(parts: ShapeParts<Case>): Shape {
  const { name, share, cases, check, tell } = parts;
  const play: Shape['play'] = async (count, seed, path) => {
    const cameTo: Record<CameTo, number> = {};
    let failed = false;
    const property = fc.asyncProperty(cases, async (given) => {
      try {
        const end = await check(given);
        must(
          nothingPolluted(),
          'objects have no fields but their own',
          'Object.prototype has more',
        );
        if (!failed) cameTo[end] = (cameTo[end] ?? 0) + 1;
      } catch (error) {
        failed = true;
        throw error;
      }
    });
    const run = path === undefined ? { numRuns: count } : { numRuns: 1, path };
    const details = await fc.check(property, { ...run, seed });
    const sum = Object.values(cameTo).reduce((all, each) => all + each, 0);
    return { cases: sum, cameTo, failure: failureIn(details) };
  };
  const failureIn = (details: fc.RunDetails<[Case]>): Failure | undefined => {
    const { failed, seed, counterexample, counterexamplePath, errorInstance } = details;
    if (!failed) return undefined;
    const [given] = counterexample ?? [];
    const story = `${told(errorInstance)}\n  ${given === undefined ? '' : tell(given)}`;
    return { shape: name, seed, path: counterexamplePath ?? '', story };
  };
  return { name, share, play };
}

/** Where an error comes from that nobody expected. */
function told(error: unknown): string {
  if (error instanceof Broken) return error.message;
  const stack =
    error instanceof Error ? (error.stack ?? '').split('\n').slice(1, 4).join('\n') : '';
  return `uncaught ${error instanceof Error ? error.name : ''}: ${messageOf(error)}\n${stack}`;
}

function nothingPolluted(): boolean {
  for (const _ in {}) return false;
  return !('polluted' in {});
}
