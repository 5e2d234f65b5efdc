/**
 * How old Active keys are, summed up so that sums of accounts can be added to one of all. A key of
 * unknown age is counted as such, and in no bucket.
 */

/** Each begins where the one before ends; the last has no end. In days. */
export const ageBuckets = [
  { name: 'Under30Days', from: 0 },
  { name: '30To59Days', from: 30 },
  { name: '60To89Days', from: 60 },
  { name: '90To179Days', from: 90 },
  { name: '180To364Days', from: 180 },
  { name: '365DaysAndMore', from: 365 },
] as const;

export type AgeBucket = (typeof ageBuckets)[number]['name'];

export interface AgeSums {
  /** Active keys, those of unknown age included. */
  readonly keys: number;
  readonly unknownAge: number;
  /** The ages of all others together. */
  readonly days: number;
  /** null if no age is known. */
  readonly oldestDays: number | null;
  readonly buckets: Readonly<Record<AgeBucket, number>>;
}

const emptyBuckets: AgeSums['buckets'] = {
  Under30Days: 0,
  '30To59Days': 0,
  '60To89Days': 0,
  '90To179Days': 0,
  '180To364Days': 0,
  '365DaysAndMore': 0,
};

export const noAges: AgeSums = {
  keys: 0,
  unknownAge: 0,
  days: 0,
  oldestDays: null,
  buckets: emptyBuckets,
};

/** Of keys by their ages in days, whole or not. */
export function ageSums(ages: readonly (number | 'unknown')[]): AgeSums {
  const known = ages.filter((age) => age !== 'unknown');
  const buckets = { ...emptyBuckets };
  for (const age of known) buckets[bucketOf(age)] += 1;
  return {
    keys: ages.length,
    unknownAge: ages.length - known.length,
    days: known.reduce((sum, age) => sum + age, 0),
    oldestDays: known.length === 0 ? null : known.reduce((most, age) => Math.max(most, age), 0),
    buckets,
  };
}

function bucketOf(days: number): AgeBucket {
  const found = ageBuckets.findLast(({ from }) => days >= from);
  return (found ?? ageBuckets[0]).name;
}

export function agesTogether(a: AgeSums, b: AgeSums): AgeSums {
  const buckets = { ...emptyBuckets };
  for (const { name } of ageBuckets) buckets[name] = a.buckets[name] + b.buckets[name];
  const oldest = [a.oldestDays, b.oldestDays].filter((days) => days !== null);
  return {
    keys: a.keys + b.keys,
    unknownAge: a.unknownAge + b.unknownAge,
    days: a.days + b.days,
    oldestDays: oldest.length === 0 ? null : Math.max(...oldest),
    buckets,
  };
}

/** null if no age is known. */
export function meanDays({ keys, unknownAge, days }: AgeSums): number | null {
  const known = keys - unknownAge;
  return known === 0 ? null : days / known;
}
