/** What rotations come to in a day, counted from journals: each event on its day, and once. */
import { describe, expect, test } from 'vitest';
import type { RotationEvent } from '../../domain/event.ts';
import { instant, plus } from '../../domain/instant.ts';
import type { JournalEntry } from '../../domain/journal.ts';
import { dayFigures, metricDefinitions } from '../../domain/metrics.ts';
import { dayBefore, rotationTally } from '../../domain/rotation-figures.ts';
import type { Outcome, Stage } from '../../domain/stage.ts';
import { done, held, overlapping, proposed, rotationAt, soaking } from '../builders.ts';

const now = instant('2026-11-23T05:00:00Z');
const day = dayBefore(now);
const at = (hours: number) => plus(day.from, { hours });
const sam = { kind: 'person', id: 'U0SAM', name: 'Sam Oncall' } as const;

interface Step {
  readonly hours: number;
  readonly to: Stage;
  readonly event?: RotationEvent;
  readonly ignored?: string;
}

/** A journal whose hashes nobody looks at. */
function journal(...steps: readonly Step[]): readonly JournalEntry[] {
  return steps.map(({ hours, to, event, ignored = null }, index) => ({
    ...{ schema: 1, rotationId: 'a', version: index + 1, previousHash: '', hash: '' },
    ...{ at: at(hours), actor: sam, effects: [], ignored, to: to.name },
    event: index === 0 ? { type: 'opened' } : (event ?? { type: 'admitted' }),
    from: steps[index - 1]?.to.name ?? null,
    state: rotationAt(to, { id: 'a', version: index + 1 }),
  }));
}

function figuresOf(...journals: readonly (readonly JournalEntry[])[]) {
  const tally = rotationTally(day);
  for (const each of journals) tally.add(each);
  return tally.figures();
}

const ended = (hours: number, outcome: Outcome = 'rotated'): Step => ({
  hours,
  to: done({ outcome, at: at(hours) }),
});

test.each(['2026-11-23T00:00:00Z', '2026-11-23T05:00:00Z', '2026-11-23T23:59:59Z'])(
  'the day before %s',
  (moment) => {
    expect(dayBefore(instant(moment))).toEqual({
      from: '2026-11-22T00:00:00.000Z',
      to: '2026-11-23T00:00:00.000Z',
    });
  },
);

describe('where rotations stand', () => {
  test('is told of now, whenever they came there', () => {
    const { standing } = figuresOf(
      journal({ hours: -500, to: held() }),
      journal({ hours: -5, to: proposed() }, { hours: 25, to: held() }),
      journal({ hours: 26, to: proposed() }),
      journal({ hours: -50, to: proposed() }, ended(-40)),
      [],
    );
    expect(standing).toMatchObject({ held: 2, proposed: 1, overlapping: 0 });
  });
});

describe('on a day', () => {
  const whole = () =>
    journal(
      { hours: -60, to: proposed() },
      { hours: -50, to: overlapping() },
      { hours: 2, to: soaking() },
      ended(10),
    );

  test('what ended counts by its outcome, and how long it took from its claim', () => {
    const other = journal({ hours: 1, to: proposed() }, ended(3, 'abandoned'));
    const { ended: ends, toRotate, opened } = figuresOf(whole(), other);
    expect(ends).toMatchObject({ rotated: 1, abandoned: 1, retired: 0 });
    expect(toRotate).toEqual({ count: 1, hours: 70 });
    expect(opened).toBe(1);
  });

  test('what left a stage was at it since it came there, be it days ago', () => {
    const { at: stays } = figuresOf(whole());
    expect(stays).toMatchObject({
      proposed: { count: 0, hours: 0 },
      overlapping: { count: 1, hours: 52 },
      soaking: { count: 1, hours: 8 },
    });
  });

  test('a stage that is come back to counts each time', () => {
    const { at: stays, holds } = figuresOf(
      journal(
        { hours: 0, to: overlapping() },
        { hours: 2, to: held() },
        { hours: 3, to: overlapping() },
        { hours: 4, to: overlapping() },
        { hours: 7, to: soaking() },
      ),
    );
    expect(stays.overlapping).toEqual({ count: 2, hours: 6 });
    expect(stays.held).toEqual({ count: 1, hours: 1 });
    expect(holds).toBe(1);
  });

  test('what people did and what failed counts, unless it changed nothing', () => {
    const of = (event: RotationEvent, ignored?: string): Step => ({
      ...{ hours: 5, to: overlapping(), event },
      ...(ignored === undefined ? {} : { ignored }),
    });
    const run = (status: 'failed' | 'refused') =>
      of({ type: 'run finished', executionId: 'x', result: { status, problem: 'no' } });
    const figures = figuresOf(
      journal(
        { hours: 0, to: overlapping() },
        of({ type: 'snoozed', by: sam, hours: 4 }),
        of({ type: 'snoozed until', by: sam, until: at(9) }),
        of({ type: 'snoozed', by: sam, hours: 4 }, 'too late'),
        of({ type: 'rolled back', by: sam }),
        run('failed'),
        of({ type: 'run not started', effectId: 'a/1/0', problem: 'no room' }),
        run('refused'),
      ),
    );
    expect(figures).toMatchObject({ snoozes: 2, rollBacks: 1, failedRuns: 2, refusedRuns: 1 });
  });

  test.each([
    ['just before it', -0.001, 0],
    ['at its beginning', 0, 1],
    ['at its end', 23.999, 1],
    ['just after it', 24, 0],
  ])('an end %s', (_, hours, count) => {
    const { ended: ends, at: stays } = figuresOf(
      journal({ hours: -9, to: soaking() }, ended(hours)),
    );
    expect([ends.rotated, stays.soaking.count]).toEqual([count, count]);
  });
});

describe('as metrics', () => {
  test('a mean is left out where nothing was measured, a count never', () => {
    const measured = dayFigures(figuresOf(journal({ hours: 1, to: proposed() })));
    const [plain, ...stages] = measured;
    expect(plain?.values).not.toHaveProperty('MeanHoursToRotate');
    expect(plain?.values).toMatchObject({ RotationsOpened: 1, Holds: 0 });
    expect(stages).toHaveLength(8);
    expect(stages).toContainEqual({ stage: 'proposed', values: { Rotations: 1 } });
    for (const { stage, values } of measured) {
      for (const name of Object.keys(values) as (keyof typeof metricDefinitions)[]) {
        expect(metricDefinitions[name].byStage === true).toBe(stage !== null);
      }
    }
  });
});
