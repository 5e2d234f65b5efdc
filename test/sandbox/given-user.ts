/**
 * A sandbox with one user and any number of keys and programs, each key with a rotation of its own.
 * After everything that happens it is checked, on the account's truth, that every program's key is
 * Active, that AWSCURRENT is, and that nothing was deleted that had been used since it was off.
 */
import { expect } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import type { Rotation } from '../../domain/case.ts';
import { type Duration, instant, isDue, plus } from '../../domain/instant.ts';
import { chainProblems } from '../../domain/journal.ts';
import type { KeyStatus } from '../../domain/key.ts';
import { ownerTag } from '../../domain/owner.ts';
import type { Mode, Policy } from '../../domain/policy.ts';
import type { PolicyBook } from '../../domain/policy-book.ts';
import type { StageName } from '../../domain/stage.ts';
import { pressAs } from '../../sandbox/cast.ts';
import { buttonsOf } from '../../sandbox/clicker.ts';
import { applicationRole, readSecret } from '../../sandbox/consumer.ts';
import type { Interposed } from '../../sandbox/interposed.ts';
import { findingId, reportStaleUser } from '../../sandbox/reports.ts';
import type { people } from '../../sandbox/settings.ts';
import type { ShownMessage } from '../../sandbox/slack.ts';
import { createWorld, type World } from '../../sandbox/world.ts';
import { faultsIn } from './faults.ts';
import { type Habits, type Program, pastOf, startProgram, usual } from './programs.ts';
import { brokenPromises, currentKeyId, deletionProblems } from './promises.ts';

export const account = '111122223333';
export const region = 'us-east-1';
export const userName = 'svc-billing';
export const start = instant('2026-11-02T08:00:00Z');

export interface GivenKey {
  readonly ageDays: number;
  readonly status?: KeyStatus;
  /** What uses it; nothing unless said. */
  readonly program?: Partial<Habits>;
  /** Its last use, without a program; never unless said. */
  readonly usedDaysAgo?: number;
}

export interface Given {
  readonly keys?: readonly GivenKey[];
  readonly mode?: Mode;
  readonly book?: PolicyBook;
  readonly policy?: Partial<Policy>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly interposed?: Interposed;
  /** The findings are left to the test. */
  readonly unreported?: boolean;
}

export type GivenUser = Awaited<ReturnType<typeof givenUser>>;

/** The world just before the findings about its user arrive. */
export async function givenUser(given: Given = {}) {
  const { mode = 'auto', policy = {}, tags = { [ownerTag]: 'U0OLIVIA' } } = given;
  const world = await createWorld({
    start,
    place: { partition: 'aws', account, region },
    accounts: [account],
    mode,
    ...(given.book === undefined ? {} : { book: given.book }),
    ...(given.interposed === undefined ? {} : { interposed: given.interposed }),
    policy,
    seed: 'given user',
  });
  world.cloud.createRole(account, applicationRole);
  const createdAt = plus(start, { days: -900 });
  const user = world.cloud.addUser({ account, userName, createdAt, tags });
  const programs: Program[] = [];
  const settled = (given.keys ?? [{ ageDays: 400, program: {} }]).map((key) =>
    settle(world, user, key, programs),
  );
  if (given.unreported !== true) reportStaleUser(world, user, ['security hub', 'config']);
  const keyIds = settled.map(({ keyId }) => keyId);
  const told = { world, user, keyIds, programs };
  const watched = watching(told);
  const seen = facts(told);
  return {
    ...told,
    settled,
    faults: faultsIn(world.cloud),
    ...watched,
    ...seen,
    ...actors(told, seen, watched.step),
  };
}

type User = ReturnType<World['cloud']['addUser']>;

interface Told {
  readonly world: World;
  readonly user: User;
  /** Of the keys that it had before the story, in their order. */
  readonly keyIds: readonly string[];
  readonly programs: Program[];
}

function settle(world: World, user: User, key: GivenKey, programs: Program[]) {
  const { ageDays, status = 'Active', program, usedDaysAgo } = key;
  const createdAt = plus(start, { days: -ageDays });
  const made = world.cloud.addKey(account, user.userName, { createdAt, status });
  if (usedDaysAgo !== undefined) {
    const at = plus(start, { days: -usedDaysAgo });
    const { userAgent, sourceIp } = usual;
    const use = { at, service: 's3', region, userAgent, sourceIp, eventName: 'ListBuckets' };
    world.cloud.recordPastUse(made.keyId, use);
  }
  if (program !== undefined) {
    const habits = { ...usual, ...program };
    pastOf(world, made.keyId, habits);
    programs.push(startProgram(world, user, made, habits));
  }
  return made;
}

/** Lets time pass, one thing after the other, looking at the truth after each. */
function watching({ world, user, keyIds, programs }: Told) {
  const { clock, cloud } = world;
  const cut = (): readonly string[] => {
    const { keys, users } = cloud.truth(account);
    const isGone = users.some((each) => each.userId === user.userId && each.deletedAt !== null);
    if (isGone) return [];
    return programs.flatMap((program) => {
      const id = program.keyId();
      const key = keys.find(({ keyId }) => keyId === id);
      const works = id === null || (key?.deletedAt === null && key.status === 'Active');
      return works ? program.failures : [`a program uses ${id}, which does not work`];
    });
  };
  const hasNamesake = () => cloud.truth(account).users.length > 1;
  const check = (): void => {
    const old = cloud.truth(account).keys.filter(({ keyId }) => keyIds.includes(keyId));
    const broken = [
      ...cut(),
      // An unused key may go without another one in its place.
      ...brokenPromises(
        world,
        user,
        programs.length === 0 && currentKeyId(world, user) === null,
      ).filter((promise) => promise !== 'a key of nobody was made' || !hasNamesake()),
      ...old.flatMap(deletionProblems),
    ];
    if (broken.length > 0) throw new Error(`${clock.now()}: ${broken.join('; ')}`);
  };
  const step = async (): Promise<void> => {
    await clock.step();
    check();
  };
  const runUntil = async (end: ReturnType<typeof clock.now>, is: () => Promise<boolean>) => {
    await world.wake();
    while (!(await is())) {
      const next = clock.next();
      if (next === undefined || next > end) return false;
      await step();
    }
    return true;
  };
  return {
    step,
    check,
    pass: async (time: Duration): Promise<void> => {
      const end = plus(clock.now(), time);
      await runUntil(end, async () => false);
      await world.runUntil(end);
    },
    /** Until that is so; throws if it is not within ten days, or so long. */
    untilSo: async (is: () => Promise<boolean>, within: Duration = { days: 10 }): Promise<void> => {
      if (await runUntil(plus(clock.now(), within), is)) return;
      throw new Error(`it has not come to be so by ${clock.now()}`);
    },
    /** Until the rotation of the key (the first, unless said) is at that stage. */
    until: async (
      stage: StageName,
      keyId = keyIds[0] ?? '',
      within: Duration = { days: 10 },
    ): Promise<void> => {
      const name = async () => (await rotationOn(world, keyId))?.stage;
      const is = async () => (await name())?.name === stage;
      if (await runUntil(plus(clock.now(), within), is)) return;
      const now = JSON.stringify(await name());
      throw new Error(`by ${clock.now()} it has not come to be ${stage}: ${now}`);
    },
  };
}

async function rotationOn(world: World, keyId: string): Promise<Rotation | undefined> {
  const held = await world.store.claimOn('aws', account, keyId);
  return held === undefined ? undefined : world.store.load(held.rotationId);
}

/** What is true in the account, and what everybody outside has been told. */
function facts({ world, user, keyIds }: Told) {
  const own = () => world.cloud.truth(account).keys.filter(({ userId }) => userId === user.userId);
  const keyOf = (id: string) => {
    const key = own().find(({ keyId }) => keyId === id);
    if (key === undefined) throw new Error(`there never was a key ${id}`);
    return key;
  };
  const rotation = async (keyId = keyIds[0] ?? ''): Promise<Rotation> => {
    const found = await rotationOn(world, keyId);
    if (found === undefined) throw new Error(`no rotation of ${keyId}`);
    return found;
  };
  const message = async (keyId = keyIds[0] ?? ''): Promise<ShownMessage> => {
    const place = await world.store.messageOf((await rotation(keyId)).id);
    const found = world.slack.messages().find(({ ts }) => ts === place?.ts);
    if (found === undefined) throw new Error('Slack shows no message yet');
    return found;
  };
  return {
    rotation,
    message,
    isClaimed: async (keyId: string) => (await rotationOn(world, keyId)) !== undefined,
    stage: async (keyId = keyIds[0] ?? '') => (await rotation(keyId)).stage,
    /** Everything that ever became of a key. */
    changes: (keyId = keyIds[0] ?? '') => keyOf(keyId).changes.map(({ to }) => to),
    /** Keys made since the story began, in the order in which they were made. */
    made: () => own().filter(({ keyId }) => !keyIds.includes(keyId)),
    /** The keys that still exist, as `id Status`. */
    left: () =>
      own()
        .filter(({ deletedAt }) => deletedAt === null)
        .map(({ keyId, status }) => `${keyId} ${status}`),
    current: () => currentKeyId(world, user),
    workflow: () => {
      const id = findingId(world, user);
      const findings = world.cloud.findings.list(account, region);
      const found = findings.find((each) => each.Id === id);
      return (found?.Workflow as { readonly Status?: string } | undefined)?.Status;
    },
    runs: (document: string) =>
      world.runner
        .list(world.place)
        .filter(({ DocumentName }) => DocumentName === `Keyturn-${document}`),
    /** What was said in threads of the key's rotation: two who post at once make two messages. */
    thread: async (keyId = keyIds[0] ?? ''): Promise<string> => {
      const { ts } = await message(keyId);
      const { id } = await rotation(keyId);
      const messages = world.slack.messages();
      const isOfIt = (each: ShownMessage) =>
        each.ts === ts || JSON.stringify(each.blocks).includes(id);
      const heads = new Set(messages.filter(isOfIt).map((each) => each.ts));
      const replies = messages.filter(({ threadTs }) => threadTs !== null && heads.has(threadTs));
      return replies.map(({ text }) => text).join('\n');
    },
    /** Pages that nobody has cleared yet. */
    ringing: () => world.pagerDuty.incidents().filter(({ status }) => status === 'triggered'),
    pages: () => world.pagerDuty.incidents().map(({ summary }) => summary),
  };
}

/** What people and outsiders do. */
function actors(
  { world, user, keyIds }: Told,
  { rotation, message }: ReturnType<typeof facts>,
  step: () => Promise<void>,
) {
  const buttons = async (keyId = keyIds[0] ?? '') =>
    buttonsOf(await message(keyId)).map(({ label }) => label);
  return {
    buttons,
    /** Throws if the press changed nothing. The message may take a minute to offer the button. */
    press: async (who: keyof typeof people, button: string, keyId = keyIds[0] ?? '') => {
      const patience = plus(world.clock.now(), { minutes: 2 });
      const offers = async () =>
        (await buttons(keyId).catch(() => [])).some((label) => label.startsWith(button));
      await world.wake();
      while (!(await offers()) && !isDue(patience, world.clock.now())) await step();
      const { id, version } = await rotation(keyId);
      const status = await pressAs(world, who, await message(keyId), button);
      const entry = (await world.store.journal(id)).find((each) => each.version > version);
      if (status !== 200 || entry === undefined || entry.ignored !== null) {
        throw new Error(`${who} pressed ${button} in vain (${status}): ${entry?.ignored}`);
      }
    },
    readSecret: () => readSecret(world, user),
    /** Somebody with an administrator's role acts by hand. */
    outsider: (service: string, operation: string, input: object, where = region) =>
      world.cloud.call({
        service,
        operation,
        input,
        region: where,
        credentials: world.cloud.roleCredentials(account, 'operator', 'somebody'),
      }),
  };
}

/** Nothing ordered is left undone, nothing was given up, and the journals are whole. */
export async function expectSettled({ world, user, check }: GivenUser): Promise<void> {
  check();
  const { store, clock, log, undelivered } = world;
  const next = await store.nextWake();
  expect(next === undefined || next > clock.now(), 'nothing waits').toBe(true);
  const bad = ['effect given up', 'tick failed'];
  expect(log.filter(({ message }) => bad.includes(message))).toEqual([]);
  expect(undelivered).toEqual([]);
  for (const id of await store.ofUser(account, user.userId)) {
    expect(chainProblems(await store.journal(id), cryptoIds.digest)).toEqual([]);
  }
}

/** Replaced: the one key that is left is the one that programs read; everybody has been told. */
export async function expectReplaced(given: GivenUser): Promise<void> {
  await given.until('done', given.keyIds[0], { days: 40 });
  await given.pass({ hours: 1 });
  expect(await given.stage()).toMatchObject({ outcome: 'rotated', remaining: [] });
  expect(given.changes().slice(-2)).toEqual(['Inactive', 'Gone']);
  expect(given.left()).toEqual([`${given.current()} Active`]);
  expect(given.workflow()).toBe('RESOLVED');
  expect(given.ringing()).toEqual([]);
  const thread = await given.thread();
  for (const part of ['Issuing a new key', 'New key …', 'is off', 'Done']) {
    expect(thread).toContain(part);
  }
  await expectSettled(given);
}

/** On hold at a key that works; Slack, PagerDuty and Security Hub say so. */
export async function expectHeld(
  given: GivenUser,
  code: string,
  keyId = given.keyIds[0] ?? '',
): Promise<void> {
  await given.until('held', keyId);
  await given.pass({ hours: 1 });
  expect(await given.stage(keyId)).toMatchObject({ name: 'held', reason: { code } });
  expect(given.changes(keyId).at(-1)).toBe('Active');
  expect(given.ringing().some(({ summary }) => summary.includes(keyId.slice(-4)))).toBe(true);
  expect((await given.message(keyId)).text).toContain('On hold');
  expect(await given.thread(keyId)).toContain('On hold');
  expect(given.workflow()).toBe('NOTIFIED');
  await expectSettled(given);
}
