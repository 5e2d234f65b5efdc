/** Who is told of keys that become findings soon, and what became of a key before anybody was. */
import { beforeEach, describe, expect, test } from 'vitest';
import { memoryStore } from '../../adapters/memory-store.ts';
import { slackLimits } from '../../adapters/slack-limits.ts';
import { warningMessage } from '../../adapters/slack-warnings.ts';
import {
  type EarlyWarner,
  tellApproaching,
  type WarningShell,
} from '../../app/tell-approaching.ts';
import { endless } from '../../app/time-left.ts';
import { keysAWarning } from '../../domain/early-warning.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { instant, plus } from '../../domain/instant.ts';
import type { ApproachingKey } from '../../domain/lists.ts';
import type { RotationStore } from '../../domain/ports.ts';
import type { Stage } from '../../domain/stage.ts';
import { done, held, owner, staleKey } from '../builders.ts';
import { commit, unopened } from '../contracts/committing.ts';
import { timeFor } from './time-for.ts';

const now = instant('2026-11-23T09:00:00Z');
const id = (end: string) => ['AKIA', 'IOSFODNN7', end].join('');

const key = (end: string, changes: Partial<ApproachingKey> = {}): ApproachingKey => ({
  ...{ partition: 'aws', account: '111122223333', userName: 'svc-billing', keyId: id(end) },
  ...{ createdAt: plus(now, { days: -81 }), staleAt: plus(now, { days: 9 }), owner },
  ...{ channel: 'default', noticedAt: plus(now, { hours: -4 }) },
  ...changes,
});

let store: RotationStore;
let shell: WarningShell;
let said: { readonly to: string; readonly ends: readonly string[] }[];
let failing: Partial<Record<string, Error>>;

beforeEach(() => {
  store = memoryStore();
  [said, failing] = [[], {}];
  const say = (to: string, keys: readonly ApproachingKey[]) => {
    const error = failing[to.split(' ')[0] ?? ''];
    if (error !== undefined) throw error;
    said.push({ to, ends: keys.map(({ keyId }) => keyId.slice(-4)) });
  };
  const warner: EarlyWarner = {
    person: async (slackUserId, keys) => say(`person ${slackUserId}`, keys),
    channel: async (channel, keys, _, whom) => say(`channel ${channel} ${whom ?? ''}`, keys),
  };
  const log = { info: () => undefined, error: () => undefined };
  shell = { store, warner, log, clock: { now: () => now, sleep: async () => undefined } };
});

const note = async (...keys: readonly ApproachingKey[]) => {
  for (const each of keys) await store.noteApproaching(each);
};
const tell = () => tellApproaching(shell, endless);
const left = async () => (await store.approachingUntold(99)).map(({ keyId }) => keyId.slice(-4));

describe('all keys of one owner stand together', () => {
  test('and those of nobody by the channel of their team', async () => {
    const other = { known: true, slackUserId: 'U0123OTHER', name: 'Oz' } as const;
    const nobody = { known: false } as const;
    await note(key('XXXXAAAA'), key('XXXXBBBB', { owner: other }), key('XXXXCCCC'));
    await note(key('XXXXDDDD', { owner: nobody, channel: 'C0PAY' }));
    await note(key('XXXXEEEE', { owner: nobody }));
    expect(await tell()).toBe(5);
    expect(said).toEqual([
      { to: 'person U0123OWNER', ends: ['AAAA', 'CCCC'] },
      { to: 'person U0123OTHER', ends: ['BBBB'] },
      { to: 'channel C0PAY ', ends: ['DDDD'] },
      { to: 'channel default ', ends: ['EEEE'] },
    ]);
    expect(await tell()).toBe(0);
    expect(said).toHaveLength(4);
  });

  test('who cannot be written to is called upon in the channel of each key', async () => {
    await note(key('XXXXAAAA', { channel: 'C0PAY' }), key('XXXXBBBB'));
    failing = { person: new Permanent('user_disabled') };
    expect(await tell()).toBe(2);
    expect(said).toEqual([
      { to: 'channel C0PAY U0123OWNER', ends: ['AAAA'] },
      { to: 'channel default U0123OWNER', ends: ['BBBB'] },
    ]);
  });

  test('what no way takes waits, and keeps nobody else from being told', async () => {
    const nobody = { known: false } as const;
    await note(key('XXXX0000', { owner: nobody }), key('XXXXBBBB'));
    failing = { channel: new Transient('Slack is down') };
    await expect(tell()).rejects.toThrow(Transient);
    expect(said).toEqual([{ to: 'person U0123OWNER', ends: ['BBBB'] }]);
    expect(await left()).toEqual(['0000']);
  });

  test('a defect in one way is told, although another way takes it', async () => {
    failing = { person: new TypeError('x is undefined') };
    await note(key('XXXXCCCC'));
    await expect(tell()).rejects.toThrow(TypeError);
    expect(said).toEqual([{ to: 'channel default U0123OWNER', ends: ['CCCC'] }]);
    expect(await left()).toEqual([]);
  });

  test('for want of time the rest waits, and another try is asked for', async () => {
    await note(key('XXXXAAAA'), key('XXXXBBBB'));
    const telling = tellApproaching(shell, { ...timeFor(0), millis: () => 5000 });
    await expect(telling).rejects.toThrow('there is no time left');
    expect(await left()).toEqual(['AAAA', 'BBBB']);
  });
});

describe('nobody is told any more, ever', () => {
  const rotation = (stage: Stage, account = '111122223333') => {
    const user = { ...staleKey.user, account };
    return unopened('a', { key: { ...staleKey, user, keyId: id('XXXXAAAA') } }, stage);
  };

  test.each([
    ['of a key that is a finding by now', undefined, { staleAt: now }],
    ['while a rotation takes care of the key', held(), {}],
    ['of a key that was rotated', done(), {}],
  ])('%s', async (_, stage, changes) => {
    await note(key('XXXXAAAA', changes));
    if (stage !== undefined) await commit(store, rotation(stage));
    expect([await tell(), said, await left()]).toEqual([0, [], []]);
  });

  test('of a key that a person has exempted, as long as that holds', async () => {
    const until = (days: number) => ({ reason: 'Freeze.', by: 'Sam', until: plus(now, { days }) });
    await note(key('XXXXAAAA'));
    await commit(store, rotation(done({ outcome: 'exempt', exemption: until(1) })));
    expect([await tell(), await left()]).toEqual([0, []]);
  });

  test('but of one that was given up, and of one of another account, they are', async () => {
    await note(key('XXXXAAAA'));
    await commit(store, rotation(done({ outcome: 'abandoned' })));
    expect(await tell()).toBe(1);
    store = memoryStore();
    shell = { ...shell, store };
    await note(key('XXXXAAAA'));
    await commit(store, rotation(held(), '444455556666'));
    expect(await tell()).toBe(1);
  });
});

describe('the message', () => {
  const many = Array.from({ length: keysAWarning }, (_, index) =>
    key(`XXXX${1000 + index}`, { userName: `<!channel>&${'x'.repeat(53)}` }),
  );

  test.each([undefined, 'owner wanted', { whom: 'U0123OWNER' }] as const)(
    'of as many keys as one tells of is within what Slack takes (%j)',
    (calling) => {
      const message = warningMessage(many, now, calling);
      const { text, blocks } = message;
      expect(text.length).toBeLessThanOrEqual(slackLimits.text);
      expect(JSON.stringify(blocks).length).toBeLessThan(slackLimits.allBlocks);
      const shown = JSON.stringify(blocks);
      expect(shown).not.toMatch(/<!channel>/);
      expect(text).not.toMatch(/<!channel>/);
      for (const { keyId } of many) expect(shown).toContain(`…${keyId.slice(-4)} of`);
    },
  );

  test('names key, age, the day on which it is a finding, and what can be done', () => {
    const { text } = warningMessage([key('XXXXAAAA')], now);
    expect(text).toContain(
      '…AAAA of 111122223333/svc-billing: 81 days old, a finding on 2026-12-02',
    );
    expect(text).toMatch(/find out which programs use it.*replace it yourself.*delete it/);
  });
});
