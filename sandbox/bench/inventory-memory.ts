/**
 * What memory an inventory takes: the real one, over accounts of 5,000 users each (IAM allows no
 * more), whose reports are made up when they are asked for and whose files are made and dropped.
 * It is measured after a full collection, each time when an account's file is about to be kept and
 * all that belongs to that account is alive. To be run in a process of its own, with --expose-gc.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (2026-11)
 */
import { parseCredentialReport } from '../../adapters/credential-report-rows.ts';
import { inventoryText, keysCsv } from '../../adapters/inventory-files.ts';
import {
  type InventoryShell,
  type InventoryTaken,
  takeInventory,
} from '../../app/take-inventory.ts';
import { type Instant, instant, plus } from '../../domain/instant.ts';
import type { CredentialReports } from '../../domain/inventory.ts';
import { createWorld } from '../world.ts';

export interface Measured {
  readonly users: number;
  readonly accounts: number;
  readonly staleKeys: number;
  /** Bytes: of the heap, what was alive at most, beyond what was alive before. */
  readonly heapGrowth: number;
  /** Bytes: of the whole process, at most, beyond what it was before. */
  readonly rssGrowth: number;
  readonly problems: readonly string[];
}

export const usersAnAccount = 5000;

const hub = '111122223333';
const now = instant('2026-11-23T05:00:00Z');
const oneStaleIn = 20;

/** Throws an Error where memory cannot be measured. */
export async function inventoryMemory(users: number): Promise<Measured> {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error('start it with --expose-gc');
  const place = { partition: 'aws', account: hub, region: 'us-east-1' } as const;
  const world = await createWorld({
    start: now,
    place,
    accounts: [hub],
    mode: 'approve',
    seed: 'm',
  });
  const accounts = accountsOf(users);
  // What is loaded and compiled once is no growth.
  await takeInventory(shellOver(world.inventory, accountsOf(2000), () => undefined));
  collect();
  const before = process.memoryUsage();
  let [heap, rss, kept] = [0, 0, 0];
  const taken = await takeInventory(
    shellOver(world.inventory, accounts, (_, count) => {
      rss = Math.max(rss, process.memoryUsage.rss());
      collect();
      heap = Math.max(heap, process.memoryUsage().heapUsed);
      kept += count;
    }),
  );
  return {
    users,
    accounts: accounts.size,
    staleKeys: taken.underWay,
    heapGrowth: heap - before.heapUsed,
    rssGrowth: rss - before.rss,
    problems: problemsOf(taken, users, kept),
  };
}

function problemsOf(taken: InventoryTaken, users: number, kept: number): readonly string[] {
  const { failed, notReached, underWay, notKept } = taken;
  const due = Math.ceil(users / oneStaleIn);
  return [
    ...failed.map(({ account, problem }) => `account ${account}: ${problem}`),
    ...(notReached.length + notKept > 0 ? ['something was left out'] : []),
    ...(underWay === due ? [] : [`${underWay} stale keys were found of ${due}`]),
    ...(kept === users ? [] : [`${kept} users were kept of ${users}`]),
  ];
}

/** How many users each account has. */
function accountsOf(users: number): ReadonlyMap<string, number> {
  const count = Math.ceil(users / usersAnAccount);
  const sizes = Array.from({ length: count }, (_, index) => {
    const account = String(100_000_000_000 + index);
    return [account, Math.min(usersAnAccount, users - index * usersAnAccount)] as const;
  });
  return new Map(sizes);
}

/** Every key has its rotation, and what is noted goes nowhere, so that no store grows. */
function shellOver(
  shell: InventoryShell,
  accounts: ReadonlyMap<string, number>,
  onKept: (text: string, users: number) => void,
): InventoryShell {
  const reports: CredentialReports = {
    read: async (partition, account) => {
      // Others get their turn, as they do while IAM answers.
      await new Promise((resolve) => setImmediate(resolve));
      const text = reportText(account, accounts.get(account) ?? 0);
      const rows = parseCredentialReport(text, { partition, account });
      if (!rows.ok) throw new Error(rows.problems.join('; '));
      return { generatedAt: now, ...rows.value };
    },
  };
  const stale = { keyId: 'AKIAIOSFODNN7EXAMPLE', status: 'Active', createdAt: ago(200) } as const;
  const underWay = { stage: { name: 'overlapping' } };
  const store: InventoryShell['store'] = {
    ...shell.store,
    claimOn: async (partition, account, keyId) => {
      return { partition, account, keyId, rotationId: 'r', generation: 1 };
    },
    // biome-ignore lint/suspicious/noExplicitAny: only the name of its stage is looked at
    load: async () => underWay as any,
    historyOf: async () => undefined,
    noteHistory: async () => undefined,
  };
  return {
    ...shell,
    store,
    reports,
    served: { everyServed: async () => [...accounts.keys()] },
    keyLists: { keysNamed: async () => [stale] },
    history: {
      archive: {
        keepAccount: async (inventory) => {
          onKept(inventoryText(inventory) + keysCsv(inventory), inventory.users.length);
        },
        keepDay: async () => undefined,
        keepFigures: async () => undefined,
      },
      tags: {
        tagsOf: async (_, account) =>
          new Map(
            Array.from({ length: accounts.get(account) ?? 0 }, (__, index) => [
              nameOf(account, index),
              { 'keyturn:owner': 'U0OLIVIA', 'keyturn:team': `team-${index % 40}` },
            ]),
          ),
      },
      people: [],
    },
  };
}

function nameOf(account: string, index: number): string {
  return `service-${account.slice(-3)}-${String(index).padStart(6, '0')}`;
}

function ago(days: number): Instant {
  return plus(now, { days: -days });
}

const columns =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,' +
  'password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,' +
  'access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,' +
  'access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,' +
  'access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,' +
  'cert_1_last_rotated,cert_2_active,cert_2_last_rotated';

/** As IAM writes it. */
function reportText(account: string, users: number): string {
  const lines = Array.from({ length: users }, (_, index) => {
    const user = nameOf(account, index);
    const rotated = ago(index % oneStaleIn === 0 ? 200 : 20).replace('.000Z', '+00:00');
    const key = `true,${rotated},${ago(1).replace('.000Z', '+00:00')},us-east-1,s3`;
    const none = 'false,N/A,N/A,N/A,N/A';
    const arn = `arn:aws:iam::${account}:user/${user}`;
    return `${user},${arn},${rotated},false,N/A,N/A,N/A,false,${key},${none},false,N/A,false,N/A`;
  });
  return [columns, ...lines].join('\n');
}
