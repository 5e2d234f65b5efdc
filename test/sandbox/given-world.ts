/**
 * A sandbox with one user and one stale key, for tests that tell how one rotation ends when
 * something goes wrong. While it runs, what must always hold is checked on the account's truth
 * after each thing that happens; what Keyturn believes is never asked for that.
 */
import type { Rotation } from '../../domain/case.ts';
import { type Duration, instant, isDue, plus } from '../../domain/instant.ts';
import { ownerTag } from '../../domain/owner.ts';
import type { Mode, Policy } from '../../domain/policy.ts';
import type { PolicyBook } from '../../domain/policy-book.ts';
import { secretNameOf } from '../../domain/secret-name.ts';
import type { StageName } from '../../domain/stage.ts';
import { runInFlight } from '../../domain/wake.ts';
import { pressAs } from '../../sandbox/cast.ts';
import { buttonsOf } from '../../sandbox/clicker.ts';
import { applicationRole, type Habit, pastUses, startConsumer } from '../../sandbox/consumer.ts';
import { findingId, reportStaleUser } from '../../sandbox/reports.ts';
import type { people } from '../../sandbox/settings.ts';
import type { ShownMessage } from '../../sandbox/slack.ts';
import { createWorld, type World, type WorldOptions } from '../../sandbox/world.ts';
import { faultsIn } from './faults.ts';
import { brokenPromises } from './promises.ts';

export const account = '111122223333';
const userName = 'svc-billing';
const start = instant('2026-11-02T08:00:00Z');

export interface Given {
  readonly mode?: Mode;
  /** Instead of one mode for everything. */
  readonly book?: PolicyBook;
  readonly policy?: Partial<Policy>;
  /** What uses the key; the first changes over 8 hours after it was told, unless said otherwise. */
  readonly apps?: readonly Partial<Habit>[];
  /** Nobody ever used the key. */
  readonly unused?: boolean;
  /** Where an outsider's act breaks what would always hold otherwise. */
  readonly outsiderInterferes?: boolean;
  /** What the world itself is made with otherwise. */
  readonly made?: Pick<WorldOptions, 'store' | 'interposed' | 'heartbeat'>;
}

export type GivenWorld = Awaited<ReturnType<typeof givenWorld>>;

const app: Habit = {
  service: 's3',
  operation: 'ListBuckets',
  everyHours: 6,
  region: 'us-east-1',
  sourceIp: '203.0.113.17',
  userAgent: 'aws-sdk-js/3',
  changesOverAfterHours: 8,
};

/** The world, just before the findings about its user arrive. */
export async function givenWorld(given: Given = {}) {
  const { mode = 'auto', policy = {}, outsiderInterferes = false } = given;
  const world = await createWorld({
    start,
    place: { partition: 'aws', account, region: 'us-east-1' },
    accounts: [account],
    mode,
    ...(given.book === undefined ? {} : { book: given.book }),
    policy,
    seed: 'faults',
    ...given.made,
  });
  world.cloud.createRole(account, applicationRole);
  const { user, key, consumers } = settle(world, given);
  const faults = faultsIn(world.cloud);
  const steps = stepper(world, user, outsiderInterferes);
  const rotation = () => rotationOf(world, user.userId);
  return {
    world,
    user,
    oldKeyId: key.keyId,
    consumers,
    faults,
    rotation,
    ...steps,
    ...actors(world, rotation, steps.step),
    ...facts(world, { ...user, keyId: key.keyId }),
  };
}

function settle(world: World, { apps = [{}], unused = false }: Given) {
  const createdAt = plus(start, { days: -400 });
  const tags = { [ownerTag]: 'U0OLIVIA' };
  const user = world.cloud.addUser({ account, userName, createdAt, tags });
  const key = world.cloud.addKey(account, userName, { createdAt });
  const habits = apps.map((changes) => ({ ...app, ...changes }));
  // Once at least, a month ago: a key that nobody uses is retired instead.
  const { service, region, sourceIp, userAgent, operation: eventName } = app;
  const at = plus(start, { days: -30 });
  if (habits.length === 0 && !unused) {
    world.cloud.recordPastUse(key.keyId, { at, service, region, sourceIp, userAgent, eventName });
  }
  pastUses(world, key.keyId, habits, 14);
  const consumers = habits.map((habit) => startConsumer(world, user, key, habit));
  reportStaleUser(world, user, ['security hub', 'config']);
  return { user, key, consumers };
}

type User = ReturnType<typeof settle>['user'];

async function rotationOf(world: World, userId: string): Promise<Rotation> {
  const [id, ...others] = await world.store.ofUser(account, userId);
  const rotation = id === undefined ? undefined : await world.store.load(id);
  if (rotation === undefined) throw new Error('there is no rotation yet');
  if (others.length > 0) throw new Error('there is more than one rotation');
  return rotation;
}

/** Lets time pass, one thing after the other, looking at the truth after each. */
function stepper(world: World, user: User, outsiderInterferes: boolean) {
  const { clock } = world;
  const step = async (): Promise<void> => {
    await clock.step();
    const broken = brokenPromises(world, user, outsiderInterferes);
    if (broken.length > 0) throw new Error(`${clock.now()}: ${broken.join('; ')}`);
  };
  const stageNow = async (): Promise<StageName | undefined> => {
    const [id] = await world.store.ofUser(account, user.userId);
    return id === undefined ? undefined : (await world.store.load(id))?.stage.name;
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
    /** Until the rotation is at that stage. Throws if it is not within ten days, or so long. */
    until: async (stage: StageName, within: Duration = { days: 10 }): Promise<void> => {
      const end = plus(clock.now(), within);
      if (await runUntil(end, async () => (await stageNow()) === stage)) return;
      const now = await stageNow();
      throw new Error(`it is ${now} at ${clock.now()} and has not come to be ${stage}`);
    },
    pass: async (time: Duration): Promise<void> => {
      const end = plus(clock.now(), time);
      await runUntil(end, async () => false);
      await world.runUntil(end);
    },
    /** One thing more happens. */
    step,
  };
}

/** What people and outsiders do. */
function actors(world: World, rotation: () => Promise<Rotation>, step: () => Promise<void>) {
  const message = (): ShownMessage => {
    const found = world.slack.messages().findLast(({ threadTs }) => threadTs === null);
    if (found === undefined) throw new Error('Slack shows no message yet');
    return found;
  };
  /** Somebody with an administrator's role acts by hand. */
  const outsider = (service: string, operation: string, input: object) =>
    world.cloud.call({
      service,
      operation,
      input,
      region: world.place.region,
      credentials: world.cloud.roleCredentials(account, 'operator', 'somebody'),
    });
  const buttons = () => buttonsOf(message()).map(({ label }) => label);
  return {
    message,
    buttons,
    /** Throws if the press changed nothing. The message may take a minute to offer the button. */
    press: async (who: keyof typeof people, button: string): Promise<void> => {
      const patience = plus(world.clock.now(), { minutes: 2 });
      await world.wake();
      while (!buttons().some((label) => label.startsWith(button))) {
        if (isDue(patience, world.clock.now())) break;
        await step();
      }
      const { version } = await rotation();
      const status = await pressAs(world, who, message(), button);
      const after = await rotation();
      const entry = (await world.store.journal(after.id)).find((each) => each.version > version);
      if (status !== 200 || entry === undefined || entry.ignored !== null) {
        throw new Error(`${who} pressed ${button} in vain (${status}): ${entry?.ignored}`);
      }
    },
    outsider,
    outsiderUpdatesKey: (keyId: string, to: 'Active' | 'Inactive') =>
      outsider('iam', 'UpdateAccessKey', { UserName: userName, AccessKeyId: keyId, Status: to }),
  };
}

/** What is true in the account, and what everybody outside has been told. */
function facts(world: World, { userId, keyId, ...user }: User & { keyId: string }) {
  const keys = () => world.cloud.truth(account).keys.filter((each) => each.userId === userId);
  const statusOf = (id: string): string => {
    const key = keys().find((each) => each.keyId === id);
    if (key === undefined) throw new Error(`there never was a key ${id}`);
    return key.deletedAt === null ? key.status : 'Deleted';
  };
  const secret = () =>
    world.cloud.truth(account).secrets.find(({ name }) => name === secretNameOf(user));
  return {
    keys,
    statusOf,
    oldKey: () => statusOf(keyId),
    /** Everything that ever became of the old key. */
    oldKeyChanges: () =>
      keys()
        .find((each) => each.keyId === keyId)
        ?.changes.map(({ to }) => to),
    /** Keys made besides the old one, in the order in which they were made. */
    newKeys: () => keys().filter((each) => each.keyId !== keyId),
    secret,
    workflow: () => {
      const id = findingId(world, { ...user, userId });
      const findings = world.cloud.findings.list(account, world.place.region);
      const found = findings.find((each) => each.Id === id);
      return (found?.Workflow as { readonly Status?: string } | undefined)?.Status;
    },
    /** Runs of a document, as SSM shows them, oldest first. */
    runs: (document: string) =>
      world.runner
        .list(world.place)
        .filter(({ DocumentName }) => DocumentName === `Keyturn-${document}`)
        .toReversed(),
    /** The run that the rotation waits for now. */
    executionId: async (): Promise<string> => {
      const [id = ''] = await world.store.ofUser(account, userId);
      const rotation = await world.store.load(id);
      const run = rotation === undefined ? null : runInFlight(rotation);
      if (run?.status !== 'started') throw new Error('no run has been started');
      return run.executionId;
    },
    thread: () =>
      world.slack
        .messages()
        .filter(({ threadTs }) => threadTs !== null)
        .map(({ text }) => text),
    incidents: () => world.pagerDuty.incidents(),
    calls: (operation: string) =>
      world.cloud.history.filter((each) => each.operation === operation),
  };
}
