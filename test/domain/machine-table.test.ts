/** Every stage situation × event situation against the golden table that a reviewer reads. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { eventTypes } from '../../domain/event.ts';
import { decide } from '../../domain/rotation.ts';
import { stageNames } from '../../domain/stage.ts';
import { inShort } from './machine-in-short.ts';
import { eventSituations, type Situation, stageSituations } from './machine-situations.ts';

type Row = readonly [stage: string, event: string, expectation: string];

/** The rows of golden/machine.md: a `## stage` heading, then a line for each event. */
function rowsOf(markdown: string): readonly Row[] {
  return markdown.split('\n## ').flatMap((section, index) => {
    const [stage = '', ...lines] = section.split('\n');
    const cells = lines.map((line) => /^\| (.+?) \| (.+) \|$/.exec(line));
    return cells.flatMap((found) =>
      index === 0 || found?.[1] === undefined || found[1] === 'when'
        ? []
        : [[stage, found[1], found[2] ?? ''] as const],
    );
  });
}

const table = rowsOf(readFileSync(new URL('../golden/machine.md', import.meta.url), 'utf8'));

function outcome({ rotation, now }: Situation, event: Parameters<typeof decide>[1]): string {
  return inShort(rotation, decide(rotation, event, now));
}

describe('the golden table of the machine', () => {
  for (const [stage, situation] of Object.entries(stageSituations)) {
    describe(`given ${stage}`, () => {
      for (const [event, happen] of Object.entries(eventSituations)) {
        test(`when ${event}`, () => {
          const row = table.filter((each) => each[0] === stage && each[1] === event);
          expect(row.length, `${stage} × ${event} needs exactly one row`).toBe(1);
          expect(outcome(situation, happen(situation))).toBe(row[0]?.[2]);
        });
      }
    });
  }

  test('has no row for a situation that does not exist', () => {
    const unknown = table.filter(
      ([stage, event]) => !(stage in stageSituations) || !(event in eventSituations),
    );
    expect(unknown).toEqual([]);
  });

  test('covers every stage and every type of event', () => {
    const situations = Object.values(stageSituations);
    const stages = new Set(situations.map(({ rotation }) => rotation.stage.name));
    const types = situations.flatMap((each) =>
      Object.values(eventSituations).map((happen) => happen(each).type),
    );
    expect([...stages].sort()).toEqual([...stageNames].sort());
    expect([...new Set(types)].sort()).toEqual([...eventTypes].sort());
  });

  test('an ignored event leaves the rotation as it was and orders nothing', () => {
    for (const situation of Object.values(stageSituations)) {
      for (const happen of Object.values(eventSituations)) {
        const decision = decide(situation.rotation, happen(situation), situation.now);
        if (decision.ignored === undefined) continue;
        expect(decision.rotation).toEqual(situation.rotation);
        expect(decision.effects).toEqual([]);
      }
    }
  });
});
