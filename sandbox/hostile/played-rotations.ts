/** Rotations at every stage, as the small company's story leaves them: something to show people. */
import { memoryStore } from '../../adapters/memory-store.ts';
import type { Rotation } from '../../domain/case.ts';
import { instant, plus } from '../../domain/instant.ts';
import { startCast } from '../cast.ts';
import { companyAccounts, settleCompany } from '../company.ts';
import { applicationRole } from '../consumer.ts';
import { createWorld } from '../world.ts';

const start = instant('2026-11-02T08:00:00Z');
const days = 14;

let played: Promise<readonly Rotation[]> | undefined;

/** One of each stage, hold and ending that the story comes to; played once. */
export function playedRotations(): Promise<readonly Rotation[]> {
  played ??= play();
  return played;
}

async function play(): Promise<readonly Rotation[]> {
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
  await world.runUntil(plus(start, { days }));
  return [...found.values()];
}

function kindOf({ kind, stage, owner }: Rotation): string {
  const more = stage.name === 'held' ? stage.reason.code : '';
  const evidence = 'evidence' in stage && stage.evidence !== null ? stage.evidence.verdict : '';
  return [kind, stage.name, more, evidence, owner.known].join('/');
}
