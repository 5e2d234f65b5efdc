/**
 * The inventories of a day, all accounts together: the sums of each, by whose digest its file is
 * named, what was not read, and the users who should say whose they are and do not.
 */
import type { Instant } from './instant.ts';
import {
  type AccountInventory,
  dayOf,
  type InventoriedUser,
  type InventorySums,
  type OwnershipTag,
  ownershipTags,
} from './inventory-record.ts';
import type { Digest } from './journal.ts';

/** What is wrong with whose a user is. Users of one name in several accounts are taken as one. */
export type OwnershipProblem =
  | {
      readonly problem: 'missing' | 'nobody known';
      readonly account: string;
      readonly userName: string;
      /** What the tag says; null if there is none. */
      readonly owner: string | null;
    }
  | {
      readonly problem: 'contradicts';
      readonly userName: string;
      readonly tag: OwnershipTag;
      /** By account; one without the tag contradicts nothing. */
      readonly says: readonly { readonly account: string; readonly value: string }[];
    };

export interface DayAccount {
  readonly account: string;
  readonly reportAt: Instant;
  readonly sums: InventorySums;
  /** Of the account's own file. */
  readonly digest: string;
}

export interface InventoryDay {
  readonly schema: 1;
  readonly kind: 'inventory-day';
  readonly date: string;
  readonly takenAt: Instant;
  /** By account. */
  readonly accounts: readonly DayAccount[];
  /** Accounts of which there is no file of this day, each with the reason. */
  readonly notKept: readonly { readonly account: string; readonly problem: string }[];
  readonly ownership: {
    readonly missing: number;
    readonly nobodyKnown: number;
    readonly contradicting: number;
    /** The first ten thousand; the files of the accounts name everybody. */
    readonly listed: readonly OwnershipProblem[];
  };
  readonly digest: string;
}

/** So many are listed; all are counted. */
const mostListed = 10_000;

/** Collects the accounts of a day, of each as little as the day needs. */
export interface DayBook {
  add(inventory: AccountInventory): void;
  leaveOut(account: string, problem: string): void;
  close(takenAt: Instant, digest: Digest): InventoryDay;
}

export function dayBook(): DayBook {
  const accounts: DayAccount[] = [];
  const notKept: InventoryDay['notKept'][number][] = [];
  const amiss: OwnershipProblem[] = [];
  const namesakes = namesakeBook();
  return {
    add: ({ account, reportAt, sums, digest, users }) => {
      accounts.push({ account, reportAt, sums, digest });
      for (const user of users) {
        const { userName, ownership, owner } = user;
        const isAmiss = ownership === 'missing' || ownership === 'nobody known';
        if (isAmiss && amiss.length < mostListed) {
          amiss.push({ problem: ownership, account, userName, owner });
        }
        namesakes.add(account, user);
      }
    },
    leaveOut: (account, problem) => void notKept.push({ account, problem }),
    close: (takenAt, digest) => {
      const contradicting = namesakes.contradictions();
      const rest = {
        schema: 1 as const,
        kind: 'inventory-day' as const,
        date: dayOf(takenAt),
        takenAt,
        accounts: accounts.toSorted(byAccount),
        notKept: notKept.toSorted(byAccount),
        ownership: {
          missing: summed(accounts, 'ownerMissing'),
          nobodyKnown: summed(accounts, 'ownerNobodyKnown'),
          contradicting: contradicting.length,
          listed: [...contradicting, ...amiss.toSorted(inOrder)].slice(0, mostListed),
        },
      };
      return { ...rest, digest: digest(rest) };
    },
  };
}

interface OfAccount {
  readonly account: string;
}

function byAccount(a: OfAccount, b: OfAccount): number {
  return a.account < b.account ? -1 : 1;
}

function summed(accounts: readonly DayAccount[], of: keyof InventorySums): number {
  return accounts.reduce((all, each) => all + each.sums[of], 0);
}

/** Of all accounts together. */
export function daySums({ accounts }: InventoryDay): InventorySums {
  return {
    users: summed(accounts, 'users'),
    usersWithKeys: summed(accounts, 'usersWithKeys'),
    activeKeys: summed(accounts, 'activeKeys'),
    stale: summed(accounts, 'stale'),
    nearing: summed(accounts, 'nearing'),
    unknownAge: summed(accounts, 'unknownAge'),
    unused: summed(accounts, 'unused'),
    ownerMissing: summed(accounts, 'ownerMissing'),
    ownerNobodyKnown: summed(accounts, 'ownerNobodyKnown'),
    ownerNotRead: summed(accounts, 'ownerNotRead'),
  };
}

/** What an account says of whose its user is. */
interface Saying extends Readonly<Record<OwnershipTag, string | null>> {
  readonly account: string;
}

/**
 * What accounts say of users of the same name. A hundred thousand users are remembered by a name
 * and a number each: what is said of them, many have in common.
 */
function namesakeBook() {
  const sayings: Saying[] = [];
  const known = new Map<string, number>();
  const byName = new Map<string, number | readonly number[]>();
  const numberOf = (saying: Saying): number => {
    const text = JSON.stringify(saying);
    const number = known.get(text) ?? sayings.push(saying) - 1;
    known.set(text, number);
    return number;
  };
  return {
    add: (account: string, { userName, owner, team, application }: InventoriedUser) => {
      if ([owner, team, application].every((value) => !value)) return;
      const number = numberOf({ account, owner, team, application });
      const before = byName.get(userName);
      const all = before === undefined ? number : [...[before].flat(), number];
      byName.set(userName, all);
    },
    contradictions: (): readonly OwnershipProblem[] =>
      [...byName]
        .filter(([, numbers]) => typeof numbers !== 'number')
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([userName, numbers]) => {
          const said = [numbers].flat().flatMap((number) => sayings[number] ?? []);
          return ownershipTags.flatMap((tag) => contradictionIn(userName, tag, said));
        }),
  };
}

function contradictionIn(
  userName: string,
  tag: OwnershipTag,
  said: readonly Saying[],
): readonly OwnershipProblem[] {
  const says = said
    .flatMap(({ account, [tag]: value }) => (value ? [{ account, value }] : []))
    .toSorted(byAccount);
  if (new Set(says.map(({ value }) => value)).size < 2) return [];
  return [{ problem: 'contradicts', userName, tag, says }];
}

function inOrder(a: OwnershipProblem, b: OwnershipProblem): number {
  return placeOf(a) < placeOf(b) ? -1 : 1;
}

function placeOf(each: OwnershipProblem): string {
  return each.problem === 'contradicts' ? each.userName : `${each.account} ${each.userName}`;
}

/** Everything by which a day is not as Keyturn wrote it. */
export function dayProblems(kept: InventoryDay, digest: Digest): readonly string[] {
  const { digest: told, ...rest } = kept;
  const disorder = kept.accounts.filter(
    ({ account }, index) => index > 0 && (kept.accounts[index - 1]?.account ?? '') >= account,
  );
  const { missing, nobodyKnown } = kept.ownership;
  const isSummed =
    missing === summed(kept.accounts, 'ownerMissing') &&
    nobodyKnown === summed(kept.accounts, 'ownerNobodyKnown');
  return [
    ...disorder.map(({ account }) => `account ${account}: it is out of order, or there twice`),
    ...(isSummed ? [] : ['what it says of owners is not the sum of its accounts']),
    ...(digest(rest) === told ? [] : ['the digest is of another day: something was changed']),
  ];
}

/** The accounts among these inventories of which the day has another file, or none. */
export function strangersTo(
  day: InventoryDay,
  inventories: readonly Pick<AccountInventory, 'date' | 'account' | 'digest'>[],
): readonly string[] {
  return inventories
    .filter(({ date }) => date === day.date)
    .filter(({ account, digest }) => {
      const known = day.accounts.find((each) => each.account === account);
      return known?.digest !== digest;
    })
    .map(({ account }) => `the inventory of account ${account} given with it is another than its`);
}
