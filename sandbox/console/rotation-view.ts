/** Everything about one rotation: where it stands, its keys and who used them, its journal. */
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { deadlineOf, keptStage } from '../../domain/at-a-glance.ts';
import type { Rotation } from '../../domain/case.ts';
import { issuedKeyOf } from '../../domain/ending.ts';
import { earliest, type Instant, plus } from '../../domain/instant.ts';
import { chainProblems, type JournalEntry } from '../../domain/journal.ts';
import { secretNameOf } from '../../domain/secret-name.ts';
import type { CallRecord } from '../account/door.ts';
import type { LogLine } from '../memory-log.ts';
import { reasonOfStage } from '../reason.ts';
import { journalView } from './journal-view.ts';
import { runsIn } from './run-view.ts';
import type { Scene } from './scenes.ts';
import type { FindingView, KeyView, RotationView, SecretView, UseView } from './view.ts';
import type { Watched } from './watched.ts';

/** Uses beyond these are counted, and not drawn. */
const mostMoments = 400;

const daysAfterEnd = 2;

export interface Looking {
  readonly scene: Scene;
  readonly watched: Pick<Watched, 'ofUser'>;
  readonly callsOf: (keyId: string) => readonly CallRecord[];
  readonly ends: () => ReadonlyMap<string, LogLine>;
}

export async function rotationView(
  { scene, callsOf, ends, watched }: Looking,
  rotation: Rotation,
): Promise<RotationView> {
  const { world } = scene;
  const { id, kind, key, owner, stage, openedAt } = rotation;
  const { account, userName } = key.user;
  const journal = await world.store.journal(id);
  const keys = keysOf(scene, rotation, journal);
  const until = shownUntil(rotation, journal, world.clock.now());
  const calls = keys.flatMap(({ keyId }) => callsOf(keyId)).filter(({ at }) => at <= until);
  const runs = runsIn(scene).filter((run) => run.rotation === id);
  return {
    id,
    version: rotation.version,
    kind,
    account,
    userName,
    owner: owner.known ? owner.name : 'nobody known',
    stage: stage.name,
    kept: keptStage(rotation).name,
    reason: reasonOfStage(rotation),
    openedAt,
    deadline: deadlineOf(rotation),
    keys,
    uses: usesIn(calls),
    until,
    moments: calls
      .slice(-mostMoments)
      .map(({ accessKeyId, at, error }) => ({ keyId: accessKeyId, at, refused: !!error })),
    secrets: secretsOf(scene, rotation),
    findings: findingsOf(scene, rotation),
    journal: journalView(journal, runs, ends()),
    chainProblems: chainProblems(journal, cryptoIds.digest),
    messageTs: (await world.store.messageOf(id))?.ts ?? null,
    others: watched
      .ofUser(key.user.userId)
      .filter((other) => other.id !== id)
      .map((other) => ({ id: other.id, keyId: other.key.keyId, stage: other.stage.name }))
      .toReversed(),
  };
}

/** What came long after the end says nothing of the rotation, and would push out what does. */
function shownUntil({ stage }: Rotation, journal: readonly JournalEntry[], now: Instant): Instant {
  const last = journal.at(-1);
  if (stage.name !== 'done' || last === undefined) return now;
  return earliest(now, plus(last.at, { days: daysAfterEnd }));
}

function keysOf(
  { world }: Scene,
  rotation: Rotation,
  journal: readonly JournalEntry[],
): readonly KeyView[] {
  const { user, keyId: oldKeyId } = rotation.key;
  const newKeyId = issuedKeyOf(rotation) ?? issuedKeyOf(journal.at(-1)?.state ?? rotation);
  return world.cloud
    .truth(user.account)
    .keys.filter(({ userId }) => userId === user.userId)
    .map(({ keyId, createdAt, status, deletedAt, changes }) => ({
      keyId,
      role: keyId === oldKeyId ? 'old key' : keyId === newKeyId ? 'new key' : 'other key',
      status: deletedAt === null ? status : 'Deleted',
      createdAt,
      changes: changes.map(({ at, to, by }) => ({ at, to, by: by.split('/').slice(1).join('/') })),
    }));
}

/** What each program did with each key, and from where; the latest first. */
function usesIn(calls: readonly CallRecord[]): readonly UseView[] {
  const uses = new Map<string, UseView>();
  for (const call of calls) {
    const { accessKeyId, service, operation, at, error, region, sourceIp, userAgent } = call;
    const what = `${service}:${operation}`;
    const place = [accessKeyId, what, region, sourceIp, userAgent].join();
    const known = uses.get(place);
    uses.set(place, {
      keyId: accessKeyId,
      region,
      what,
      sourceIp,
      userAgent,
      times: (known?.times ?? 0) + 1,
      refused: (known?.refused ?? 0) + (error === undefined ? 0 : 1),
      firstAt: known?.firstAt ?? at,
      lastAt: at,
    });
  }
  return [...uses.values()].toSorted((a, b) => b.lastAt.localeCompare(a.lastAt));
}

function secretsOf({ world }: Scene, { key }: Rotation): readonly SecretView[] {
  const name = secretNameOf(key.user);
  return world.cloud
    .truth(key.user.account)
    .secrets.filter((secret) => secret.name === name)
    .map(({ region, versions }) => ({
      name,
      region,
      versions: [...versions].map(([id, { createdAt, stages }]) => ({
        id,
        createdAt,
        labels: [...stages],
      })),
    }));
}

interface HubFinding {
  readonly Id: string;
  readonly Title: string;
  readonly Workflow: { readonly Status: string };
  readonly Note?: { readonly Text?: string };
  readonly Resources: readonly { readonly Id: string }[];
}

function findingsOf({ world }: Scene, { key }: Rotation): readonly FindingView[] {
  const { account, path, userName } = key.user;
  return world.cloud.findings
    .list(account, world.place.region)
    .map((finding) => finding as unknown as HubFinding)
    .filter(({ Resources }) => Resources[0]?.Id.endsWith(`:user${path}${userName}`))
    .map(({ Id, Title, Workflow, Note }) => ({
      id: Id,
      title: Title,
      workflow: Workflow.Status,
      note: Note?.Text ?? '',
    }));
}
