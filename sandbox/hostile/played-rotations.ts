/** Rotations at every stage, as the small company's story leaves them: something to show people. */
import { memoryStore } from '../../adapters/memory-store.ts';
import type { Rotation } from '../../domain/case.ts';
import { instant, plus } from '../../domain/instant.ts';
import type { JournalEntry } from '../../domain/journal.ts';
import { startCast } from '../cast.ts';
import { companyAccounts, settleCompany } from '../company.ts';
import { applicationRole } from '../consumer.ts';
import { createWorld } from '../world.ts';

const start = instant('2026-11-02T08:00:00Z');
const days = 14;

interface Played {
  readonly rotations: readonly Rotation[];
  readonly journals: readonly (readonly JournalEntry[])[];
}

let played: Promise<Played> | undefined;

/** One of each stage, hold and ending that the story comes to; played once. */
export async function playedRotations(): Promise<readonly Rotation[]> {
  played ??= play();
  return (await played).rotations;
}

/** The whole journal of each rotation of the story; played once. */
export async function playedJournals(): Promise<Played['journals']> {
  played ??= play();
  return (await played).journals;
}

/** The two weeks of the story. */
export const playedSpan = { from: start, to: plus(start, { days }) };

async function play(): Promise<Played> {
  const found = new Map<string, Rotation>();
  const store = memoryStore();
  const accounts = [...companyAccounts];
  const world = await createWorld({
    start,
    place: { partition: 'aws', account: companyAccounts[0], region: 'us-east-1' },
    accounts,
    mode: 'approve',
    seed: 'hostile',
    store: () => ({
      ...store,
      commit: async (change) => {
        found.set(kindOf(change.rotation), change.rotation);
        await store.commit(change);
      },
    }),
  });
  for (const account of accounts) world.cloud.createRole(account, applicationRole);
  startCast(world, settleCompany(world));
  await world.runUntil(playedSpan.to);
  const rotationIds = new Set([...found.values()].map(({ id }) => id));
  const journals = [...rotationIds].map((id) => store.journal(id));
  return { rotations: [...found.values()], journals: await Promise.all(journals) };
}

function kindOf({ kind, stage, owner }: Rotation): string {
  const more = stage.name === 'held' ? stage.reason.code : '';
  const evidence = 'evidence' in stage && stage.evidence !== null ? stage.evidence.verdict : '';
  return [kind, stage.name, more, evidence, owner.known].join('/');
}
