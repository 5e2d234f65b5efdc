/** The campaign against a mutated tree: a world that does not end is told of; the hunt goes on. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { hunt } from '../../../sandbox/mutants/hunt.ts';

/** Seed 2 never answers, not even to be told to stop; seed 3 breaks S2. */
const simulator = `
import { parentPort } from 'node:worker_threads';
parentPort.on('message', ({ seed }) => {
  while (seed === 2);
  const violations = seed === 3 ? [{ seed, invariant: 'S2', story: 'a key went' }] : [];
  parentPort.postMessage({ violations });
});
`;

test('given a world that does not end, then it breaks L1 and the next are played', async () => {
  const tree = mkdtempSync(join(tmpdir(), 'keyturn-hunt-'));
  onTestFinished(() => rmSync(tree, { recursive: true }));
  mkdirSync(join(tree, 'sandbox/simulation'), { recursive: true });
  writeFileSync(join(tree, 'sandbox/simulation/worker.ts'), simulator);
  const isIt = ({ invariant }: { readonly invariant: string }) => invariant === 'S2';
  const hunted = await hunt({ tree, seeds: [1, 2, 3, 4], isIt, mostMillis: 2000 });
  expect(hunted).toEqual({
    worlds: 3,
    found: [{ seed: 3, invariant: 'S2', story: 'a key went' }],
    others: [{ seed: 2, invariant: 'L1', story: 'the world does not end' }],
  });
});
