/**
 * What AWS Config says of the age of users' access keys, account by account, at the moment at which
 * it was asked. Config forgets what it said before, so each answer is kept as a file of its own,
 * with a digest; it is no part of a weekly report, which says the same whenever it is made.
 */
import type { Instant } from './instant.ts';
import type { Digest } from './journal.ts';

/** What Config's rules on the age of access keys say of one user in one Region. */
export interface JudgedUser {
  readonly account: string;
  readonly userId: string;
  readonly rule: string;
  /** `COMPLIANT`, `NON_COMPLIANT`, or another word, which says nothing of the keys. */
  readonly says: string;
}

/** What Config holds of users: it records each in every Region that records global resources. */
export interface ConfigUsers {
  readonly recorded: readonly Pick<JudgedUser, 'account' | 'userId'>[];
  readonly judged: readonly JudgedUser[];
}

export interface AccountCompliance {
  readonly account: string;
  /** Users that Config has recorded, each once. */
  readonly users: number;
  /** Those of whom every rule in every Region that says anything says so. */
  readonly compliant: number;
  /** Those of whom one at least says so. */
  readonly nonCompliant: number;
  /** The rest: of them nothing is known. */
  readonly notEvaluated: number;
}

export interface Compliance {
  readonly schema: 1;
  readonly kind: 'compliance';
  readonly askedAt: Instant;
  /** Whose users: all that an aggregator collects, or those that Config of one Region records. */
  readonly askedOf: { readonly region: string; readonly aggregator: string | null };
  /** The rules that said something, by name. */
  readonly rules: readonly string[];
  /** By account. */
  readonly accounts: readonly AccountCompliance[];
  /** SHA-256 over canonical JSON of all the rest. */
  readonly digest: string;
}

export function complianceOf(
  { recorded, judged }: ConfigUsers,
  asked: Pick<Compliance, 'askedAt' | 'askedOf'>,
  digest: Digest,
): Compliance {
  const telling = judged.filter(({ says }) => says === 'COMPLIANT' || says === 'NON_COMPLIANT');
  const everybody = [...recorded, ...telling];
  const accounts = [...new Set(everybody.map(({ account }) => account))].toSorted();
  const taken = {
    schema: 1 as const,
    kind: 'compliance' as const,
    askedAt: asked.askedAt,
    askedOf: asked.askedOf,
    rules: [...new Set(telling.map(({ rule }) => rule))].toSorted(),
    accounts: accounts.map((account) => {
      const isOfIt = (each: { readonly account: string }) => each.account === account;
      return accountCompliance(account, everybody.filter(isOfIt), telling.filter(isOfIt));
    }),
  };
  return { ...taken, digest: digest(taken) };
}

function accountCompliance(
  account: string,
  everybody: readonly Pick<JudgedUser, 'userId'>[],
  telling: readonly JudgedUser[],
): AccountCompliance {
  const users = new Set(everybody.map(({ userId }) => userId)).size;
  const judged = new Set(telling.map(({ userId }) => userId)).size;
  const bad = telling.filter(({ says }) => says === 'NON_COMPLIANT');
  const nonCompliant = new Set(bad.map(({ userId }) => userId)).size;
  const compliant = judged - nonCompliant;
  return { account, users, compliant, nonCompliant, notEvaluated: users - judged };
}

export type ComplianceSums = Omit<AccountCompliance, 'account'>;

export function complianceSums({ accounts }: Compliance): ComplianceSums {
  const sum = (name: keyof ComplianceSums) => accounts.reduce((all, each) => all + each[name], 0);
  return {
    users: sum('users'),
    compliant: sum('compliant'),
    nonCompliant: sum('nonCompliant'),
    notEvaluated: sum('notEvaluated'),
  };
}

/** Everything by which an answer is not as Keyturn wrote it. */
export function complianceProblems(kept: Compliance, digest: Digest): readonly string[] {
  const { digest: told, ...rest } = kept;
  const amiss = kept.accounts.filter(
    ({ users, compliant, nonCompliant, notEvaluated }) =>
      compliant + nonCompliant + notEvaluated !== users,
  );
  const disorder = kept.accounts.filter(
    ({ account }, index) => index > 0 && (kept.accounts[index - 1]?.account ?? '') >= account,
  );
  return [
    ...amiss.map(({ account }) => `account ${account}: its parts are not all of its users`),
    ...disorder.map(({ account }) => `account ${account}: it is out of order, or there twice`),
    ...(digest(rest) === told ? [] : ['the digest is of another answer: something was changed']),
  ];
}
