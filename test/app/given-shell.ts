/**
 * The hub's shell over the sandbox: real adapters, with stand-ins at the far ends of the network. A
 * test puts rotations into the store as some decision left them, with the effects that it ordered.
 */
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { advance } from '../../app/advance.ts';
import type { TickShell } from '../../app/ticking.ts';
import type { Rotation } from '../../domain/case.ts';
import type { Effect } from '../../domain/effect.ts';
import { type Duration, type Instant, millisOf, plus } from '../../domain/instant.ts';
import { chained, effectId } from '../../domain/journal.ts';
import type { Owner } from '../../domain/people.ts';
import type { Run, Stage } from '../../domain/stage.ts';
import { createWorld, type World } from '../../sandbox/world.ts';
import {
  hubFinding,
  oldKeyId,
  rotationAt,
  rotationId,
  staleKey,
  story,
  user,
} from '../builders.ts';
import { faultsIn } from '../sandbox/faults.ts';

export type GivenShell = Awaited<ReturnType<typeof givenShell>>;

/** A world with the user of the builders and their stale key, at the moment of the opening. */
export async function givenShell(start: Instant = story.opened) {
  const world = await createWorld({
    start,
    place: { partition: 'aws', account: user.account, region: 'eu-west-1' },
    accounts: [user.account, '444455556666'],
    mode: 'approve',
    seed: 'shell',
  });
  const { account, userName, userId, path } = user;
  const createdAt = plus(story.opened, { days: -400 });
  world.cloud.addUser({ account, userName, userId, path, createdAt });
  world.cloud.addKey(account, userName, { keyId: oldKeyId, createdAt });
  const shell: TickShell = world.hub.tick;
  return {
    world,
    shell,
    faults: faultsIn(world.cloud),
    /** Time passes, and nothing happens by itself: no tick, no event, no step of a run. */
    later: (time: Duration) => world.clock.sleep(millisOf(time)),
    ...writers(shell),
    ...tellings(world),
  };
}

type Given = Partial<Omit<Rotation, 'stage' | 'version'>>;

function writers(shell: TickShell) {
  const known = async (id: string): Promise<Rotation> => {
    const rotation = await shell.store.load(id);
    if (rotation === undefined) throw new Error(`there is no rotation ${id}`);
    return rotation;
  };
  const commit = async (rotation: Rotation, effects: readonly Effect[]): Promise<Rotation> => {
    const { id, version, stage } = rotation;
    const before = await shell.store.load(id);
    const entry = chained(
      {
        rotationId: id,
        version,
        at: shell.clock.now(),
        actor: { kind: 'keyturn' },
        event: version === 1 ? { type: 'opened' } : { type: 'admitted' },
        from: before?.stage.name ?? null,
        to: stage.name,
        ignored: null,
        effects: effects.map((effect, index) => ({ id: effectId(id, version, index), effect })),
        state: rotation,
      },
      await shell.store.lastHash(id),
      shell.ids.digest,
    );
    await shell.store.commit({ onVersion: version - 1, rotation, entry });
    return rotation;
  };
  return {
    /** Puts a new rotation into the store, version 1. */
    put: (stage: Stage, effects: readonly Effect[] = [], changes: Given = {}) =>
      commit({ ...rotationAt(stage, { version: 1, shownVersion: 1, ...changes }) }, effects),
    /** The rotation has moved on, with further effects. */
    moved: async (stage: Stage, effects: readonly Effect[] = [], id = rotationId) => {
      const before = await known(id);
      return commit({ ...before, version: before.version + 1, stage }, effects);
    },
    /** Somebody else is its owner from then on. */
    givenTo: async (owner: Owner, effects: readonly Effect[]) => {
      const before = await known(rotationId);
      return commit({ ...before, version: before.version + 1, owner }, effects);
    },
    stageOf: async (id = rotationId) => (await shell.store.load(id))?.stage,
    /** What the journal says happened, but for the opening. */
    eventsOf: async (id = rotationId) =>
      (await shell.store.journal(id)).slice(1).map(({ event }) => event.type),
    abandon: (id = rotationId) =>
      advance(shell, id, { type: 'abandoned', by: { kind: 'person', id: 'U0SAM', name: 'Sam' } }),
  };
}

/** What everybody outside has been told. */
function tellings(world: World) {
  const messages = () => world.slack.messages();
  return {
    heads: () => messages().filter(({ threadTs }) => threadTs === null),
    replies: () => messages().filter(({ threadTs }) => threadTs !== null),
    /** Puts a finding of that name into Security Hub; it is as the builders' one. */
    addFinding: (name: string) => {
      const finding = { ...hubFinding, region: 'eu-west-1', id: `${name}` };
      if (finding.source !== 'security hub') throw new Error('it is a Security Hub finding');
      world.cloud.findings.add(finding.account, finding.region, {
        Id: finding.id,
        ProductArn: finding.productArn,
        Workflow: { Status: 'NEW' },
      });
      return finding;
    },
    /** Workflow and note of every finding in Security Hub. */
    recorded: () =>
      Object.fromEntries(
        world.cloud.findings.list(user.account, 'eu-west-1').map(({ Id, Workflow, Note }) => {
          const { Status } = Workflow as { readonly Status: string };
          const { Text = null } = (Note ?? {}) as { readonly Text?: string };
          return [Id, { workflow: Status, note: Text }];
        }),
      ),
  };
}

/** Another stale key of the same user, as the changes that make a rotation of its own. */
export function otherKey(keyId = 'AKIAI44QH8DHBEXAMPLE', changes: Given = {}) {
  const { generation = 1 } = changes;
  const id = cryptoIds.uuid(`${keyId}/${generation}`);
  return { key: { ...staleKey, keyId }, ...changes, id };
}

/** A run that the first effect of version 1 orders. */
export function orderedAtOpening(id = rotationId): Run {
  return {
    status: 'ordered',
    effectId: effectId(id, 1, 0),
    since: story.opened,
    pollAt: plus(story.opened, { minutes: 15 }),
  };
}
