/**
 * Where a key stands in files, as `npm run discover --record` noted it: its rotation says so, and
 * both keys work for as long as there may be grace, since somebody has to change those files. It is
 * no evidence: that nothing was found says nothing.
 */
import type { Rotation } from './case.ts';
import { type Decision, ignore } from './decision.ts';
import { type Instant, latest, plus } from './instant.ts';
import type { AccessKey, Partition } from './key.ts';
import { policyBounds } from './policy.ts';
import type { Stage } from './stage.ts';

export interface FoundInFiles {
  /** When they were looked through. */
  readonly at: Instant;
  /** `deploy/.env:3`, so many at most; in outside words, and without any secret. */
  readonly places: readonly string[];
  /** How many there are beside these. */
  readonly more: number;
}

/** A key that was found in files. */
export interface KeyInFiles extends FoundInFiles, Pick<AccessKey, 'keyId'> {
  readonly partition: Partition;
  readonly account: string;
}

export const mostFound = 10;

/** The longest grace that a policy may give. */
const [, longestGrace] = policyBounds.graceHours;

/** Deadlines only ever move later. What was heard before changes nothing. */
export function heedFiles(rotation: Rotation, found: FoundInFiles, now: Instant): Decision {
  if (rotation.found !== undefined && rotation.found.at >= found.at) {
    return ignore(rotation, 'these files are known already');
  }
  const policy = { ...rotation.policy, graceHours: longestGrace };
  const stage = withLongestGrace(rotation, now);
  const news = `${inFiles(found)} ${advice}`;
  return {
    rotation: { ...rotation, policy, found, stage },
    effects: [{ type: 'update message', news }],
  };
}

/** What is unused has its whole notice from when the files were first heard of. */
function withLongestGrace({ stage, found }: Rotation, now: Instant): Stage {
  if (stage.name === 'overlapping') {
    const least = plus(stage.since, { hours: longestGrace });
    return { ...stage, deactivateAt: latest(stage.deactivateAt, least) };
  }
  if (stage.name !== 'proposed' || stage.plan.kind !== 'retire' || found !== undefined)
    return stage;
  return { ...stage, due: latest(stage.due, plus(now, { hours: longestGrace })) };
}

/** The files in a sentence. */
export function inFiles({ places, more }: FoundInFiles): string {
  const others = more === 0 ? '' : `, and ${more} more`;
  return `The key also stands in ${places.join(', ')}${others}.`;
}

const advice = 'Whoever uses these files has to read the secret instead.';
