/** What evidence says, as sentences for people. */

import { describeUse, type Evidence } from './evidence.ts';
import { inUtcWords } from './instant.ts';

/** The verdict as one sentence for people. */
export function reasonOf(evidence: Evidence): string {
  switch (evidence.verdict) {
    case 'safe':
      return evidence.basis === 'forced'
        ? `Forced, whatever the evidence; last known use: ${lastUseInWords(evidence)}.`
        : `Safe (${evidence.basis}): ${quietInWords(evidence)}.`;
    case 'in use': {
      const [last] = evidence.uses;
      const who = last === undefined ? 'by whom is not known' : describeUse(last);
      const quietAt = inUtcWords(evidence.quietAt);
      return `The old key is in use: ${who}. Quiet for long enough at ${quietAt} at the earliest.`;
    }
    case 'unknown':
      return `Unknown: ${evidence.gaps.map((gap) => gap.problem).join('; ')}.`;
  }
}

function quietInWords({ uses: [last], regionsAsked }: Evidence): string {
  const quiet = last === undefined ? 'no use is known' : `quiet since ${inUtcWords(last.at)}`;
  const regions = `${regionsAsked} ${regionsAsked === 1 ? 'Region' : 'Regions'}`;
  return `${quiet} (CloudTrail was read in ${regions})`;
}

function lastUseInWords({ uses: [last] }: Evidence): string {
  return last === undefined ? 'none' : describeUse(last);
}
