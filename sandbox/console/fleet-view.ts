/** The users of a world as rows. Each row remembers the version at which it last changed. */
import { deadlineOf } from '../../domain/at-a-glance.ts';
import type { Rotation } from '../../domain/case.ts';
import { ownerTag } from '../../domain/owner.ts';
import type { UserRecord } from '../account/directory.ts';
import { nameOf } from '../shown-text.ts';
import { type Scene, staleDays } from './scenes.ts';
import type { FleetView, Row } from './view.ts';
import type { Watched } from './watched.ts';

export interface FleetRows {
  /** Rows that changed after that version. */
  since(version: number, world: number, now: number): FleetView;
}

export function fleetRows(scene: Scene, watched: Watched): FleetRows {
  const known = new Map<string, { readonly text: string; readonly version: number }>();
  return {
    since: (version, world, now) => {
      const rows: Row[] = [];
      for (const account of scene.accounts) {
        for (const user of scene.world.cloud.truth(account).users) {
          const row = rowOf(scene, watched, user);
          const text = JSON.stringify(row);
          const before = known.get(row.id);
          if (before?.text !== text) known.set(row.id, { text, version: now });
          if ((known.get(row.id)?.version ?? 0) > version) rows.push(row);
        }
      }
      return { world, version: now, staleDays, rows };
    },
  };
}

function rowOf(scene: Scene, watched: Watched, user: Readonly<UserRecord>): Row {
  const { account, userId, userName, tags, deletedAt } = user;
  const rotation = watched.latestOf(userId);
  return {
    id: `${account}/${userId}`,
    account,
    userName,
    gone: deletedAt !== null,
    owner: tags[ownerTag] === undefined ? null : nameOf(tags[ownerTag]),
    about: scene.about.get(userId) ?? '',
    forgetful: scene.programs.isForgetful(userId),
    keys: user.keys.map(({ keyId, createdAt, status, lastUse }) => ({
      keyId,
      createdAt,
      status,
      lastUsedAt: lastUse?.at ?? null,
    })),
    rotation: rotation?.id ?? null,
    stage: rotation?.stage.name ?? null,
    note: rotation === undefined ? null : noteOf(rotation),
    deadline: rotation === undefined ? null : deadlineOf(rotation),
  };
}

function noteOf({ stage }: Rotation): string | null {
  if (stage.name === 'held') return stage.reason.code;
  return stage.name === 'done' ? stage.outcome : null;
}
