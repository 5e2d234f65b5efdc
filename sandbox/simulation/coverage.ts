/**
 * Whether a campaign struck everything that there is to strike: every fault on every effect that
 * worlds without faults show, and every effect that only shows when something goes wrong.
 */
import { deedNames } from './meddlers.ts';
import { pairName } from './strikes.ts';

/** Every fault that an effect can have, by effect. */
export type Strikable = ReadonlyMap<string, ReadonlySet<string>>;

/** From so many seeds on, each pair has to have come up. */
export const seedsForCoverage = 1000;
/** Worlds without faults that are looked at to see what there is. */
export const quietSeeds = 12;

/** What is never struck in a fault-free world's terms, but by outsiders and long outages. */
const always: readonly string[] = [
  ...deedNames.map((deed) => pairName('meddled', `outsider: ${deed}`)),
  pairName('down', 'iam:GetAccessKeyLastUsed'),
  pairName('down', 'sns:Publish'),
  pairName('down', 'events:PutEvents'),
  pairName('down', 'securityhub:BatchUpdateFindings'),
  pairName('down', 'slack:chat.postMessage'),
  pairName('down', 'slack:chat.update'),
  pairName('down', 'pagerduty:trigger'),
  pairName('down', 'pagerduty:resolve'),
];

/** Every pair that was never struck, as sentences. */
export function neverStruck(
  strikable: readonly Strikable[],
  struck: ReadonlyMap<string, number>,
): readonly string[] {
  const pairs = strikable.flatMap((each) =>
    [...each].flatMap(([effect, kinds]) => [...kinds].map((kind) => `${kind} × ${effect}`)),
  );
  return [...new Set([...pairs, ...always])]
    .filter((pair) => (struck.get(pair) ?? 0) === 0)
    .sort()
    .map((pair) => `coverage: ${pair} was never struck`);
}
