/**
 * One fault at every point of the main path that changes something: it ends as without. All other
 * stories, points and kinds are played by `npm run exhaust`.
 */
import { beforeAll, expect, test } from 'vitest';
import type { ExactFault, Point } from '../../../sandbox/exhaustive/exact-strikes.ts';
import { faultName, faultsAt, isChanging } from '../../../sandbox/exhaustive/fault-names.ts';
import { storyNamed } from '../../../sandbox/exhaustive/stories.ts';
import { tellStory } from '../../../sandbox/exhaustive/tell-story.ts';
import { verdictOnFaults } from '../../../sandbox/exhaustive/verdict.ts';
import type { FaultKind } from '../../../sandbox/simulation/strikes.ts';

const story = storyNamed('main path');
const changing: { points: readonly Point[]; end: string } = { points: [], end: '' };

beforeAll(async () => {
  const { points, end } = await tellStory(story, { faults: [] });
  Object.assign(changing, { points: points.filter(isChanging), end });
}, 60_000);

/** Asking a witness changes nothing, nobody heeds a step's progress, and what is shown is shown. */
function isHeeded({ effect }: Point): boolean {
  return !/keyturn-witness|Step Status|chat\.update/.test(effect);
}

/** Whoever dies and whose answer is lost differ where somebody goes on: in the vault and in IAM. */
function isNews(fault: ExactFault): boolean {
  const effect = changing.points.find(({ index }) => index === fault.index)?.effect ?? '';
  if (fault.kind === 'refused') return effect !== 'store:settle';
  return fault.kind !== 'reply lost' || /^(?:iam|ssm|secretsmanager|store:commit)/.test(effect);
}

async function violationsOf(faults: readonly ExactFault[]): Promise<readonly string[]> {
  const told = await tellStory(story, { faults });
  const { violations } = verdictOnFaults(story.name, faults, changing.end, told);
  return violations.map(({ fault, invariant, told: what }) => `${fault} ${invariant}: ${what}`);
}

// Being throttled is being refused for a little longer, and time-outs leave what cancelling leaves.
const kinds = ['refused', 'reply lost', 'died', 'lost', 'at once', 'cancelled'];

test.each(kinds as readonly FaultKind[])(
  '%s, at every point, is no reason to end otherwise',
  async (kind) => {
    const faults = changing.points
      .filter(isHeeded)
      .flatMap(faultsAt)
      .filter((fault) => fault.kind === kind && fault.reach === 'least' && isNews(fault));
    expect(faults.length).toBeGreaterThan(3);
    for (const fault of faults) expect(await violationsOf([fault]), faultName(fault)).toEqual([]);
  },
  300_000,
);
