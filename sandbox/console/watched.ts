/**
 * What the console notices of a world while it runs, so that nothing large has to be searched when
 * somebody looks: rotations by user, runs by rotation and order, calls by key.
 */
import type { Rotation } from '../../domain/case.ts';
import type { CallRecord } from '../account/door.ts';
import type { Interposed } from '../interposed.ts';

export interface Watched {
  readonly interposed: Interposed;
  /** Calls that went out so far. */
  readonly calls: { readonly slack: () => number; readonly pagerDuty: () => number };
  /** Decisions that were committed so far. */
  commits(): number;
  /** The rotation as it was last committed. */
  rotation(id: string): Rotation | undefined;
  rotations(): Iterable<Rotation>;
  /** All of a user, by unique id, the first first. */
  ofUser(userId: string): readonly Rotation[];
  /** The latest of a user, by unique id. */
  latestOf(userId: string): Rotation | undefined;
}

export function watch(): Watched {
  const rotations = new Map<string, Rotation>();
  const byUser = new Map<string, string[]>();
  let commits = 0;
  const out = { slack: 0, pagerDuty: 0 };
  return {
    interposed: {
      wires: (wires) => ({
        ...wires,
        slackFetch: (...asked) => {
          out.slack += 1;
          return wires.slackFetch(...asked);
        },
        pagerDutyFetch: (...asked) => {
          out.pagerDuty += 1;
          return wires.pagerDutyFetch(...asked);
        },
        store: {
          ...wires.store,
          commit: async (change) => {
            await wires.store.commit(change);
            commits += 1;
            const { id, key } = change.rotation;
            const { userId } = key.user;
            if (!rotations.has(id)) byUser.set(userId, [...(byUser.get(userId) ?? []), id]);
            rotations.set(id, change.entry.state);
          },
        },
      }),
    },
    calls: { slack: () => out.slack, pagerDuty: () => out.pagerDuty },
    commits: () => commits,
    rotation: (id) => rotations.get(id),
    rotations: () => rotations.values(),
    ofUser: (userId) => (byUser.get(userId) ?? []).flatMap((id) => rotations.get(id) ?? []),
    latestOf: (userId) => rotations.get(byUser.get(userId)?.at(-1) ?? ''),
  };
}

/** Calls by the key that signed them. Each call of the history is read once. */
export function callsByKey(
  history: readonly CallRecord[],
): (keyId: string) => readonly CallRecord[] {
  const byKey = new Map<string, CallRecord[]>();
  let read = 0;
  return (keyId) => {
    for (; read < history.length; read++) {
      const call = history[read];
      if (call === undefined || !call.accessKeyId.startsWith('AKIA')) continue;
      const known = byKey.get(call.accessKeyId);
      if (known === undefined) byKey.set(call.accessKeyId, [call]);
      else known.push(call);
    }
    return byKey.get(keyId) ?? [];
  };
}
