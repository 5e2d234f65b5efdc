/** That a planned fault strikes where it is planned, and a press falls where it is to. */
import { describe, expect, test } from 'vitest';
import { offers } from '../../../domain/press.ts';
import { readOptions } from '../../../sandbox/exhaust.ts';
import { exactStrikes, type Moment } from '../../../sandbox/exhaustive/exact-strikes.ts';
import { faultNames, faultsAt, readFaults } from '../../../sandbox/exhaustive/fault-names.ts';
import { type Order, ordersOf, secondsAfter } from '../../../sandbox/exhaustive/orders.ts';
import { pressingName, pressingsAt, readPressing } from '../../../sandbox/exhaustive/pressing.ts';
import { storyNamed } from '../../../sandbox/exhaustive/stories.ts';
import { storyDice } from '../../../sandbox/exhaustive/story-dice.ts';
import { type ToldStory, tellStory } from '../../../sandbox/exhaustive/tell-story.ts';
import { verdictOnFaults, verdictOnPress } from '../../../sandbox/exhaustive/verdict.ts';
import type { FaultKind } from '../../../sandbox/simulation/strikes.ts';
import { story } from '../../builders.ts';

const mutation: readonly FaultKind[] = ['refused', 'throttled', 'reply lost', 'died'];
const quiet = () => undefined;

describe('exact strikes', () => {
  const fault = { kind: 'died', index: 1, reach: 'most' } as const;

  test('strike one point alone, and tell how far', () => {
    const strikes = exactStrikes([fault], undefined, quiet);
    expect(strikes.decide('sns:Publish', mutation)).toBeUndefined();
    expect(strikes.reach()).toBe('least');
    expect(strikes.decide('sns:Publish', mutation)).toBe('died');
    expect(strikes.reach()).toBe('most');
    expect(strikes.decide('sns:Publish', mutation)).toBeUndefined();
    expect(strikes.points.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  test('count as landed once they made a difference', () => {
    const strikes = exactStrikes([fault], undefined, quiet);
    for (const effect of ['store:load', 'sns:Publish']) strikes.decide(effect, mutation);
    expect(strikes.landed.size).toBe(0);
    strikes.struck('died', 'store:load');
    expect(strikes.landed.size).toBe(0);
    strikes.struck('died', 'sns:Publish');
    expect(strikes.landed.has(fault)).toBe(true);
  });

  test('count one by one, also two of a kind at the same effect', () => {
    const faults = [fault, { ...fault, index: 2 }];
    const strikes = exactStrikes(faults, undefined, quiet);
    for (const landed of [0, 1, 2]) {
      if (strikes.decide('sns:Publish', mutation) === 'died') strikes.struck('died', 'sns:Publish');
      expect([...strikes.landed]).toEqual(faults.slice(0, landed));
    }
  });

  test('strike nothing that cannot have that fault', () => {
    const strikes = exactStrikes([{ ...fault, index: 0 }], undefined, quiet);
    expect(strikes.decide('store:load', ['refused'])).toBeUndefined();
  });

  test.each([
    ['before', ['press', 'effect']],
    ['after', ['effect', 'press']],
    ['later', ['effect', 'press']],
    ['at once', ['effect', 'press']],
  ] as const)('have somebody press %s', async (moment: Moment, order) => {
    const heard: string[] = [];
    const act = async () => {
      heard.push('press');
    };
    const { decide, around } = exactStrikes([], { index: 1, moment, act }, quiet);
    for (const effect of ['one', 'two', 'three']) {
      decide(effect, mutation);
      await around?.(async () => heard.push(effect === 'two' ? 'effect' : effect));
    }
    expect(heard).toEqual(['one', ...order, 'three']);
  });
});

test('options say what to play, or what is wrong with them', () => {
  expect(readOptions(['--what', 'pairs', '--share', '2/3'])).toMatchObject({
    ...{ do: 'campaign', what: 'pairs', stories: ['main path'] },
    share: { number: 2, of: 3 },
  });
  expect(readOptions(['--story', 'room', '--fault', 'died@3,late@7/most'])).toMatchObject({
    do: 'one',
    changes: {
      faults: [
        { kind: 'died', index: 3 },
        { kind: 'late', reach: 'most' },
      ],
    },
  });
  expect(() => readOptions([])).toThrow('say what to play: --what, or --story');
  expect(() => readOptions(['--what', 'all'])).toThrow('give faults, changes, pairs, people');
  expect(() => readOptions(['--what', 'pairs', '--share', '4/3'])).toThrow('from 1 to 3');
  expect(() => readOptions(['--what', 'pairs', '--share', '1/3/4'])).toThrow('give I/N');
  expect(() => readOptions(['--story', 'nothing'])).toThrow('there is no story "nothing"');
});

describe('what is played', () => {
  const read = { index: 0, effect: 'iam:ListAccessKeys', kinds: ['refused', 'stale'] } as const;
  const change = { index: 1, effect: 'sns:Publish', kinds: mutation };
  const event = { index: 2, effect: 'event:x', kinds: ['lost', 'twice', 'late'] } as const;
  const plan = { story: 'main path', points: [read, change, event], end: '' };
  const all = { number: 1, of: 1 };
  const count = (what: Order['what'] | 'changes') => [...ordersOf(plan, what, all)].length;

  test('is every fault, in each of its reaches; pairs start where something changes', () => {
    expect(count('faults')).toBe(3 + 4 + 5);
    expect(count('changes')).toBe(4 + 5);
    expect(count('pairs')).toBe(4 + 3);
    const [first] = faultsAt(change);
    expect(first && secondsAfter(first, plan.points).map(({ index }) => index)).toEqual([2, 2, 2]);
  });

  test('is every press by two people at four moments, and twice at once', () => {
    expect(count('people')).toBe(offers.length * (2 * 4 + 1));
  });

  test('is shared out without a rest', () => {
    const shares = [1, 2, 3].flatMap((number) => [...ordersOf(plan, 'faults', { number, of: 3 })]);
    expect(new Set(shares.map((each) => JSON.stringify(each))).size).toBe(12);
  });

  test('is written as it is read', () => {
    const faults = [read, change, event].flatMap(faultsAt);
    expect(readFaults(faultNames(faults))).toEqual(faults);
    expect(() => readFaults('dead@7')).toThrow('"dead@7" is no fault: write KIND@INDEX');
    const pressings = pressingsAt(change);
    expect(pressings.map((each) => readPressing(pressingName(each)))).toEqual(pressings);
    expect(() => readPressing('approve@1')).toThrow('"approve@1" is no press');
  });
});

test('dice of a story fall low, but where the reach of a fault is drawn', () => {
  let reach: 'least' | 'most' = 'least';
  const dice = storyDice(() => reach);
  reach = 'most';
  expect(dice.between(3, 10)).toBe(3);
  expect(dice.split('aws').between(3, 10)).toBe(10);
  expect(dice.split('people').between(3, 10)).toBe(3);
});

describe('a verdict', () => {
  const told = async (): Promise<ToldStory> =>
    tellStory(storyNamed('deleted outside'), { faults: [] });
  const invariants = ({ violations }: ReturnType<typeof verdictOnFaults>) =>
    violations.map(({ invariant }) => invariant);

  test('is against another end, and against a fault that never struck', async () => {
    const fault = { kind: 'died', index: 3, reach: 'least' } as const;
    const without = await told();
    const missed = { ...without, missed: [fault] };
    expect(invariants(verdictOnFaults('x', [fault], without.end, without))).toEqual([]);
    expect(invariants(verdictOnFaults('x', [fault], 'otherwise', without))).toEqual(['end']);
    expect(invariants(verdictOnFaults('x', [fault], without.end, missed))).toEqual(['reached']);
    const stale = { ...without, missed: [{ ...fault, kind: 'stale' } as const] };
    expect(verdictOnFaults('x', [fault], without.end, stale)).toMatchObject({
      violations: [],
      skipped: [{ what: expect.stringContaining('stale × ') }],
    });
  });

  test('excuses one other end: what could not be read is not retired', async () => {
    const without = await told();
    const fault = { kind: 'refused', index: 3, reach: 'least' } as const;
    const ended = (end: string, kind: FaultKind = 'refused') =>
      verdictOnFaults('x', [{ ...fault, kind }], 'retire done retired', { ...without, end });
    expect(ended('replace held not picked up')).toMatchObject({
      violations: [],
      skipped: [{ why: expect.stringContaining('could not be read') }],
    });
    expect(invariants(ended('retire held still in use'))).toEqual(['end']);
    expect(invariants(ended('replace held not picked up', 'died'))).toEqual(['end']);
  });

  test('is against a press that was refused and moved something, or was never made', async () => {
    const without = await told();
    const [pressing] = pressingsAt({ index: 1, effect: '', kinds: [] });
    if (pressing === undefined) throw new Error('there are no presses');
    const { action, slackUserId } = pressing;
    const moved = (changes: number) => {
      const press = { at: story.deleteAt, action, slackUserId, changes, genuine: true };
      const where = { rotationId: '', shownVersion: 1, ts: '' };
      const ledger = { ...without.ledger, presses: new Map([['', { ...press, ...where }]]) };
      return verdictOnPress('x', pressing, without.end, { ...without, ledger, end: 'otherwise' });
    };
    expect(invariants(moved(1))).toEqual([]);
    expect(invariants(moved(0))).toEqual(['end']);
    const never = { ...without, unpressed: 'the point never came' };
    expect(invariants(verdictOnPress('x', pressing, without.end, never))).toEqual(['reached']);
  });
});
