/**
 * A plan of the account that somebody's own credentials reach: read only, and only after the
 * credentials have said which account that is.
 */

import { accountReads } from '../adapters/account-reads.ts';
import type { AwsConnection } from '../adapters/aws-connection.ts';
import { storeForOperator } from '../app/compose.ts';
import { composePlan } from '../app/compose-plan.ts';
import type { PlanDeps } from '../app/plan.ts';
import { type Partition, partitions } from '../domain/key.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import type { PolicyBook } from '../domain/policy-book.ts';
import type { Clock } from '../domain/ports.ts';

export interface AccountWires {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly connectionIn: (region: string) => AwsConnection;
}

export interface ReachedAccount {
  readonly deps: PlanDeps;
  readonly partition: Partition;
  readonly account: string;
}

/** What is asked of a real account. */
export interface AskedAccount {
  readonly region: string;
  readonly book: PolicyBook;
  /** Whose rotations are to be known; undefined: of none. */
  readonly stage: string | undefined;
  /** The accounts that the credentials may be of; empty for any. */
  readonly accounts: readonly string[];
}

/** Refused where the credentials are of no account, or of another than was asked for. */
export async function reachAccount(
  { region, book, stage, accounts }: AskedAccount,
  { clock, connectionIn }: AccountWires,
): Promise<Parsed<ReachedAccount>> {
  const connection = connectionIn(region);
  const nowhere = { partition: 'aws', account: '', region } as const;
  const caller = await accountReads(connection, nowhere, clock).caller();
  if (!caller.read) {
    return refused(`whose credentials these are cannot be told: ${caller.problem}`);
  }
  const { account, arn } = caller.value;
  const partition = partitions.find((each) => each === caller.value.partition);
  if (partition === undefined) return refused(`the credentials are of ${arn}: no known partition`);
  const strange = accounts.filter((each) => each !== account);
  if (strange.length > 0) {
    return refused(
      `the credentials are of account ${account}, not ${strange.join(', ')}: plan for each ` +
        'account with credentials of its own',
    );
  }
  const place = { partition, account, region };
  const store = stage === undefined ? {} : { store: storeForOperator(stage, region) };
  const deps = composePlan(place, book, { connection, clock, ...store });
  return parsed({ deps, partition, account });
}
