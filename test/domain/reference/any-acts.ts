/** Acts by chance: fit often enough to get far, and unfit often enough to matter. */
import fc from 'fast-check';
import { presses } from '../../../domain/press.ts';
import type { Act, Look, Which } from './acts.ts';
import type { Beginning } from './beginning.ts';
import { people } from './people-here.ts';

const which: fc.Arbitrary<Which> = fc.oneof(
  { weight: 8, arbitrary: fc.constant('the awaited' as const) },
  { weight: 1, arbitrary: fc.constant('an older' as const) },
  { weight: 1, arbitrary: fc.constant("a stranger's" as const) },
);

const mostly = <const T>(usual: T, ...other: readonly T[]) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(usual) },
    { weight: 2, arbitrary: fc.constantFrom(...other) },
  );

const look: fc.Arbitrary<Look> = fc.record({
  verdict: fc.constantFrom('safe', 'in use', 'unknown'),
  oldKey: fc.oneof(
    { weight: 20, arbitrary: fc.constant('as believed' as const) },
    { weight: 3, arbitrary: fc.constantFrom('switched' as const, 'unread' as const) },
    { weight: 1, arbitrary: fc.constantFrom('gone' as const, 'user gone' as const) },
  ),
  age: mostly(0, -2, -1, 10, 15, 16, 60, 600),
  usedAgo: fc.constantFrom(null, 0, 1, 12, 30, 60),
  pickedAgo: fc.constantFrom(null, 1, 20, 50),
  quietHours: fc.constantFrom(24, 37, 100, 800),
  basis: mostly('evidence', 'attested', 'forced'),
  gap: fc.constantFrom('last-used', 'cloudtrail', 'pickup', 'standing', 'deadline'),
});

const earliness = mostly(0, 1, 60_000);

const status = fc.constantFrom(
  'issued' as const,
  'deactivated' as const,
  'deleted' as const,
  'restored' as const,
  'refused' as const,
  'failed' as const,
);

const press = fc.record({
  does: fc.constant('press' as const),
  who: fc.nat(people.length),
  press: fc.constantFrom(
    ...presses,
    { type: 'resume' } as const,
    { type: 'resume' } as const,
    { type: 'roll back' } as const,
    ...[-1, 0, 90, 1801, 10_079, 10_080, 10_081].map(
      (minutes) => ({ type: 'snooze until', minutes }) as const,
    ),
    ...[null, null, 0, 1, 2, 3, 4].map((whom) => ({ type: 'not mine', whom }) as const),
    ...[-1, 1, 29, 31].map((days) => ({ type: 'exempt', days, reason: 'It is a test.' }) as const),
    { type: 'exempt', days: 2, reason: '  ' } as const,
    ...[-5, 0, Number.NaN, 1000].map((hours) => ({ type: 'snooze', hours }) as const),
  ),
  message: fc.oneof(
    { weight: 5, arbitrary: fc.constant('current' as const) },
    { weight: 1, arbitrary: fc.constant('outdated' as const) },
  ),
});

const plain = fc.constantFrom(
  'admit' as const,
  'deadline' as const,
  'deadline' as const,
  'crowded' as const,
  'no room' as const,
  'look failed' as const,
  'native' as const,
  'native' as const,
);

const ofOneRun = fc.constantFrom(
  'start' as const,
  'still going' as const,
  'not started' as const,
  'withdraw' as const,
);

/** By an admin. */
const force: Act = { does: 'press', who: 2, press: { type: 'force' }, message: 'current' };
const goesWrong: Act = { does: 'finish', which: 'the awaited', status: 'failed' };

export const anyAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 30, arbitrary: earliness.map((early) => ({ does: 'as planned', early }) as const) },
  {
    weight: 6,
    arbitrary: fc.oneof(
      fc.nat(400).map((minutes) => ({ does: 'wait', minutes }) as const),
      fc.constantFrom(1, 3, 8, 35).map((days) => ({ does: 'wait', minutes: days * 1440 }) as const),
    ),
  },
  { weight: 5, arbitrary: earliness.map((early) => ({ does: 'wait until due', early }) as const) },
  { weight: 14, arbitrary: look.map((each) => ({ does: 'look', look: each }) as const) },
  { weight: 8, arbitrary: fc.record({ does: ofOneRun, which }) },
  {
    weight: 8,
    arbitrary: fc.record({
      does: fc.constant('finish' as const),
      which,
      status: fc.oneof(fc.constant('as hoped' as const), status),
    }),
  },
  { weight: 4, arbitrary: fc.constant<Act>(goesWrong) },
  { weight: 3, arbitrary: fc.constant<Act>(force) },
  { weight: 18, arbitrary: press },
  { weight: 6, arbitrary: plain.map((does) => ({ does })) },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constantFrom('ring closed' as const, 'files' as const),
      clean: fc.nat(1),
    }),
  },
  { weight: 1, arbitrary: fc.nat(1).map((spare) => ({ does: 'room awaited', spare }) as const) },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('finding' as const),
      which: fc.nat(2),
      updated: fc.nat(2),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom<Act>({ does: 'stop' }) },
  { weight: 2, arbitrary: fc.constantFrom<Act>(...endings()) },
);

function endings(): readonly Act[] {
  return [
    { does: 'key gone', what: 'key' },
    { does: 'key gone', what: 'user' },
    { does: 'exempt' },
  ];
}

export const anyBeginning: fc.Arbitrary<Beginning> = fc.record({
  how: fc.constantFrom('replace', 'replace', 'retire', 'retire', 'retire, found off', 'natively'),
  auto: fc.boolean(),
  grace: fc.constantFrom(24, 48),
  soak: fc.constantFrom(24, 72),
  snoozeCap: fc.constantFrom(0, 30, 168),
  answerDays: fc.constantFrom(1, 7),
  overlapLimitDays: fc.constantFrom(3, 30),
  window: fc.constantFrom('any time', 'any time', 'small hours', 'midweek nights'),
  selfApproval: fc.boolean(),
  exemptDays: fc.constantFrom(0, 30),
  approvers: fc.constantFrom('any', 'any', 'Ada alone'),
});
