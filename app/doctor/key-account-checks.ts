/** What stands beside the keys in every account that has users: roles, functions, documents. */
import type { AccountReads } from '../../domain/account-reads.ts';
import type { TrailQuery } from '../../domain/trail-query.ts';
import { type Diagnosis, judged, missing, ok, unknown } from './diagnosis.ts';
import type { StageNames } from './names.ts';
import { deployAgain, functionChecks } from './stack-checks.ts';

/** The documents of this checkout as canonical JSON, by their names without a prefix. */
export type OwnDocuments = ReadonlyMap<string, string>;

/** What stands in an account is compared with this. */
interface Expected {
  readonly names: StageNames;
  readonly documents: OwnDocuments;
  readonly trail?: TrailQuery;
}

export async function keyAccountChecks(
  reads: AccountReads,
  { names, documents: own, trail }: Expected,
  hub: string,
): Promise<readonly Diagnosis[]> {
  const [roles, functions, documents, queried] = await Promise.all([
    Promise.all([
      ...names.doors.map((name) => roleCheck(reads, name, hub)),
      ...names.runbookRoles.map((name) => roleCheck(reads, name, 'ssm.amazonaws.com')),
    ]),
    functionChecks(reads, [names.custodian, names.witness]),
    Promise.all(
      [...own].map(([name, content]) =>
        documentCheck(reads, `${names.documentPrefix}-${name}`, content),
      ),
    ),
    trail === undefined ? [] : trailCheck(reads, trail),
  ]);
  return [...roles, ...functions, ...documents, ...queried];
}

/**
 * With the credentials of whoever runs this: whether the witness's own role may ask is not seen
 * here. What brought no answer may be a passing thing as well as a trail that is off.
 */
async function trailCheck(reads: AccountReads, query: TrailQuery): Promise<readonly Diagnosis[]> {
  const check = 'trail query';
  const what = query.kind === 'athena' ? `table ${query.table}` : `log group ${query.logGroup}`;
  const answer = await reads.askTrail(query);
  if (answer.read) return [ok(check, `The trail in ${what} answers, and is being written.`)];
  const todo = 'docs/operating.md, A trail with data events: mend it, or take its parameters out.';
  const means = 'While it is so, no key here counts as unused: rotations that are due are held.';
  const unanswered = unknown(check, answer);
  return [answer.denied ? unanswered : { ...unanswered, means, todo }];
}

/** `whom`: the account or service that its trust policy has to name. */
async function roleCheck(reads: AccountReads, name: string, whom: string): Promise<Diagnosis> {
  return judged(name, await reads.role(name), (trust) => {
    if (trust?.includes(whom) === true) return ok(name, `It lets ${whom} in.`);
    return missing(name, {
      says: trust === null ? 'There is no such role.' : `It does not let ${whom} in.`,
      means: 'Nothing can be done about the keys of this account.',
      todo: deployAgain,
    });
  });
}

async function documentCheck(
  reads: AccountReads,
  name: string,
  content: string,
): Promise<Diagnosis> {
  return judged(name, await reads.document(name), (deployed) => {
    if (deployed === content) {
      return ok(name, 'It is as in this checkout.');
    }
    return missing(name, {
      says:
        deployed === null ? 'There is no such document.' : 'It differs from the one in runbooks/.',
      means:
        deployed === null
          ? 'Its step of a rotation cannot be run.'
          : 'This checkout is of another version, or somebody changed the document.',
      todo: deployAgain,
    });
  });
}
