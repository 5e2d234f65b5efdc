/** `npm run cost`: everything counted has a price, and the sums are those of the lines. */
import { expect, test } from 'vitest';
import { type Cost, costCommand, idleLines, rotationLines, sumOf } from '../../commands/cost.ts';
import { prices } from '../../commands/prices.ts';

test('a rotation is counted from the finding to the end', async () => {
  const { status, out } = await costCommand(['--rotations', '2', '--json']);
  expect(status).toBe(0);
  const cost: Cost = JSON.parse(out[0] ?? '');
  const { calls, automationSteps } = cost.counted;
  // One key is made, switched and deleted in each, by three runbooks.
  expect(calls['iam:CreateAccessKey']).toBe(2);
  expect(calls['iam:DeleteAccessKey']).toBe(2);
  expect(calls['ssm:StartAutomationExecution']).toBe(6);
  const steps = cost.perThousand.find(({ price }) => price === 'automationStep');
  expect(steps?.count).toBe(automationSteps * 500);
  expect(steps?.dollars).toBeCloseTo(automationSteps * 500 * 0.002);
  expect(sumOf(cost.perIdleMonth)).toBeLessThan(20);
});

test('twice the rotations cost the same by the thousand', async () => {
  const one = { rotations: 10, days: 3, automationSteps: 150, invocations: { onTick: 10 } };
  const more = { calls: {}, writeUnits: 100, readUnits: 100, slackCalls: 0 };
  const once = rotationLines({ ...one, ...more });
  const twice = rotationLines({
    ...{ ...one, ...more, rotations: 20, automationSteps: 300, writeUnits: 200, readUnits: 200 },
    invocations: { onTick: 20 },
  });
  expect(twice).toEqual(once);
});

test('an idle month grows with what a tick reads', () => {
  const of = (readUnitsATick: number) => sumOf(idleLines({ readUnitsATick, callsATick: {} }));
  expect(of(100) - of(0)).toBeCloseTo((43_200 * 100 * 0.125) / 1e6);
});

test('every price says where it is from', () => {
  for (const { source, dollars, per } of Object.values(prices)) {
    expect(source).toMatch(/^https:\/\/aws\.amazon\.com\//);
    expect(dollars / per).toBeGreaterThan(0);
  }
});

test.each([[['--rotations', '0']], [['--rotations', 'many']], [['--what']]])(
  '%j is wrong usage',
  async (args) => {
    expect((await costCommand(args)).status).toBe(2);
  },
);
