/** All shapes played in blocks, each of its own seed, and what they came to added up. */
import type { Failure, Played, Shape } from './shape.ts';

export interface Hunt {
  readonly cases: number;
  readonly seconds: number;
  readonly shapes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly failures: readonly Failure[];
}

export interface HuntOptions {
  readonly cases: number;
  readonly seed: number;
  readonly shapes: readonly Shape[];
  /** Told after each block. */
  readonly onProgress?: (done: number, failures: number) => void;
}

const blockSize = 1000;

/** So many failures of one shape are enough to look at. */
const mostFailures = 5;

/** Plays the cases, shared out over the shapes by their shares. */
export async function hunt({ cases, seed, shapes, onProgress }: HuntOptions): Promise<Hunt> {
  const start = performance.now();
  const shares = shapes.reduce((sum, { share }) => sum + share, 0);
  const sums: Record<string, Record<string, number>> = {};
  const failures: Failure[] = [];
  let done = 0;
  for (const [index, shape] of shapes.entries()) {
    const sum: Record<string, number> = { cases: 0 };
    sums[shape.name] = sum;
    let left = Math.ceil((cases * shape.share) / shares);
    for (let block = 0; left > 0; block++) {
      const size = Math.min(left, blockSize);
      const played = await shape.play(size, seedOf(seed, index, block));
      left -= size;
      done += size;
      add(sum, played);
      if (played.failure !== undefined) failures.push(played.failure);
      onProgress?.(done, failures.length);
      if (failures.filter((each) => each.shape === shape.name).length >= mostFailures) break;
    }
  }
  const count = Object.values(sums).reduce((all, each) => all + (each.cases ?? 0), 0);
  const seconds = Math.round((performance.now() - start) / 100) / 10;
  return { cases: count, seconds, shapes: sums, failures };
}

function add(sum: Record<string, number>, { cases, cameTo }: Played): void {
  sum.cases = (sum.cases ?? 0) + cases;
  for (const [end, count] of Object.entries(cameTo)) sum[end] = (sum[end] ?? 0) + count;
}

/** Seeds of neighbouring blocks have nothing in common. */
function seedOf(seed: number, shape: number, block: number): number {
  let mixed = (seed ^ Math.imul(shape + 1, 0x9e3779b1) ^ Math.imul(block + 1, 0x85ebca6b)) | 0;
  for (const [shift, factor] of [
    [16, 0x7feb352d],
    [15, 0x846ca68b],
  ] as const) {
    mixed = Math.imul(mixed ^ (mixed >>> shift), factor);
  }
  return (mixed ^ (mixed >>> 16)) & 0x7fffffff;
}
