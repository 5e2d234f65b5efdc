/**
 * The figures that CloudWatch keeps of all accounts together. Each metric, and each stage of one
 * that is told by stage, costs by itself: so nothing here is told by account or user. All are
 * gauges of a day, never sums of events: told twice, they say the same.
 */
import type { FleetSums } from './account-figures.ts';
import type { Instant } from './instant.ts';
import { ageBuckets, meanDays } from './key-ages.ts';
import { type OpenStage, openStages } from './line.ts';
import type { Hours, RotationFigures } from './rotation-figures.ts';

export type MetricUnit = 'Count' | 'None';

interface MetricDefinition {
  /** CloudWatch knows neither days nor hours as a unit: the name says them. */
  readonly unit: MetricUnit;
  /** Told for each stage at which a rotation may stand, as the dimension `Stage`. */
  readonly byStage?: true;
  readonly meaning: string;
}

/** Of keys, as the inventory saw them. */
export const keyMetrics = {
  ActiveKeys: count('Active keys of all accounts that could be read'),
  StaleKeys: count('at least as old as policy says'),
  NearingKeys: count('old enough to be warned of, and not stale'),
  UncoveredKeys: count('stale keys whose rotation was abandoned, or says that the key is gone'),
  MeanKeyAgeDays: { unit: 'None', meaning: 'the mean age, in days' },
  OldestKeyAgeDays: { unit: 'None', meaning: 'the age of the oldest key, in days' },
  KeysUnder30Days: count('keys of that age'),
  Keys30To59Days: count('keys of that age'),
  Keys60To89Days: count('keys of that age'),
  Keys90To179Days: count('keys of that age'),
  Keys180To364Days: count('keys of that age'),
  Keys365DaysAndMore: count('keys of that age'),
} as const satisfies Readonly<Record<string, MetricDefinition>>;

/** Of rotations, from their journals. */
export const rotationMetrics = {
  Rotations: { ...count('rotations that stand at the stage now'), byStage: true },
  HoursAtStage: {
    unit: 'None',
    byStage: true,
    meaning: 'of those that left the stage on the day: how long they were at it, the mean in hours',
  },
  RotationsOpened: count('claimed on the day'),
  RotationsRotated: count('ended on the day: the key was replaced'),
  RotationsRetired: count('ended on the day: nobody used the key, and it is gone'),
  RotationsAlreadyGone: count('ended on the day: somebody else had deleted the key'),
  RotationsExempt: count('ended on the day: nobody may touch the key'),
  RotationsAbandoned: count('ended on the day: a person gave it up'),
  MeanHoursToRotate: {
    unit: 'None',
    meaning: 'of those rotated on the day: from claim to end, the mean in hours',
  },
  Snoozes: count('deadlines that people moved on the day'),
  Holds: count('rotations that were put on hold on the day'),
  RollBacks: count('old keys that people had switched on again on the day'),
  FailedRuns: count('runs of runbooks that failed on the day, or never started'),
  RefusedRuns: count('runs that changed nothing on the day, since the witness did not say safe'),
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export const metricDefinitions: Readonly<Record<MetricName, MetricDefinition>> = {
  ...keyMetrics,
  ...rotationMetrics,
};

export type MetricName = keyof typeof keyMetrics | keyof typeof rotationMetrics;

/** Some figures that belong together: of one stage, or of none. What has no value is left out. */
export interface Measured {
  readonly stage: OpenStage | null;
  readonly values: Readonly<Partial<Record<MetricName, number>>>;
}

/** Takes figures of a moment. It never throws: what is measured is not what is done. */
export type Gauges = (measured: readonly Measured[], at: Instant) => void;

export interface CustomMetric {
  readonly name: MetricName;
  readonly stage: OpenStage | null;
}

/** Every metric that CloudWatch counts and charges for. */
export function customMetrics(): readonly CustomMetric[] {
  const names = Object.keys(metricDefinitions) as MetricName[];
  return names.flatMap((name): readonly CustomMetric[] =>
    metricDefinitions[name].byStage === true
      ? openStages.map((stage) => ({ name, stage }))
      : [{ name, stage: null }],
  );
}

/** `uncovered`: stale keys that no rotation takes care of, though policy wants it. */
export function keyFigures(
  { ages, stale, nearing }: FleetSums,
  uncovered: number,
): readonly Measured[] {
  const mean = meanDays(ages);
  const { buckets } = ages;
  const byAge = Object.fromEntries(ageBuckets.map(({ name }) => [`Keys${name}`, buckets[name]]));
  const values = {
    ...{ ActiveKeys: ages.keys, StaleKeys: stale, NearingKeys: nearing, UncoveredKeys: uncovered },
    ...(mean === null ? {} : { MeanKeyAgeDays: rounded(mean) }),
    ...(ages.oldestDays === null ? {} : { OldestKeyAgeDays: rounded(ages.oldestDays) }),
    ...byAge,
  };
  return [{ stage: null, values }];
}

export function dayFigures(figures: RotationFigures): readonly Measured[] {
  const { ended, standing, at, toRotate } = figures;
  const values = {
    RotationsOpened: figures.opened,
    RotationsRotated: ended.rotated,
    RotationsRetired: ended.retired,
    RotationsAlreadyGone: ended['already gone'],
    RotationsExempt: ended.exempt,
    RotationsAbandoned: ended.abandoned,
    ...meanAs('MeanHoursToRotate', toRotate),
    Snoozes: figures.snoozes,
    Holds: figures.holds,
    RollBacks: figures.rollBacks,
    FailedRuns: figures.failedRuns,
    RefusedRuns: figures.refusedRuns,
  };
  const byStage = openStages.map((stage) => ({
    stage,
    values: { Rotations: standing[stage], ...meanAs('HoursAtStage', at[stage]) },
  }));
  return [{ stage: null, values }, ...byStage];
}

function meanAs<Name extends MetricName>(name: Name, { count: of, hours }: Hours) {
  return of === 0 ? {} : { [name]: rounded(hours / of) };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function count(meaning: string) {
  return { unit: 'Count', meaning } as const;
}
