/**
 * What files of ours tell of keys: the JSON of `plan --json`, and the evidence of a week. Whoever
 * names another file by mistake may name one with secrets: no problem quotes it.
 */
import * as v from 'valibot';
import type { KnownKey } from '../domain/discovery.ts';
import { issuedOf } from '../domain/ending.ts';
import type { EvidenceRecord } from '../domain/evidence-record.ts';
import type { EvidenceReport, KeptJournal } from '../domain/evidence-report.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import { parseEvidenceFile } from './evidence-file.ts';
import { accountForm } from './iam-user-arn.ts';
import { fieldProblems, jsonIn, moment } from './scanner-output.ts';

const plannedKey = v.looseObject(
  {
    account: v.pipe(v.string('an account id'), v.regex(accountForm, 'an account id')),
    userName: v.pipe(v.string('a user name'), v.minLength(1, 'a user name')),
    keyId: v.pipe(v.string('the id of a key'), v.regex(/^[A-Z0-9]{16,128}$/, 'the id of a key')),
    status: v.picklist(['Active', 'Inactive'], 'Active or Inactive'),
    createdAt: moment,
    owner: v.nullable(v.string('a name')),
    because: v.string('a sentence'),
  },
  'an object',
);

const plan = v.looseObject({ at: moment, keys: v.array(plannedKey, 'a list') }, 'an object');

/** Every key that a file tells of; or everything wrong with it. */
export function parseKnownKeys(content: string): Parsed<readonly KnownKey[]> {
  const value = jsonIn(content);
  if (value === undefined) return refused('it is no JSON');
  // Lists have keys of their own.
  const has = (field: string) => Object.hasOwn(Object(value), field);
  if (has('rotations')) {
    const read = parseEvidenceFile(content);
    if (!read.ok) return read;
    return read.value.kind === 'report'
      ? parsed(keysInEvidence(read.value.report))
      : refused('it is evidence, but no report');
  }
  if (!has('keys')) {
    return refused('it is neither what plan --json prints nor a report of evidence');
  }
  const read = v.safeParse(plan, value);
  if (!read.success) return refused(...fieldProblems(plan, value, 'the plan'));
  const { at, keys } = read.output;
  return parsed(
    keys.map(({ keyId, account, userName, status, createdAt, owner, because }) => {
      const told = { keyId, account, userName, status, createdAt, owner };
      return { ...told, asOf: at, plan: because, secretArn: null };
    }),
  );
}

/** Old keys of rotations, and the keys that they issued. */
export function keysInEvidence(report: EvidenceReport): readonly KnownKey[] {
  const journals = new Map(report.journals.map((each) => [each.rotationId, each]));
  return report.rotations.flatMap((record) =>
    keysOf(record, journals.get(record.rotationId), report),
  );
}

const gone: readonly EvidenceRecord['outcome'][] = ['rotated', 'retired', 'already gone'];

function keysOf(
  record: EvidenceRecord,
  journal: KeptJournal | undefined,
  { period }: EvidenceReport,
): readonly KnownKey[] {
  const { account, userName, oldKeyId, newKeyId, outcome, stage } = record;
  const { key, owner } = journal?.entries.at(-1)?.state ?? {};
  const issued = journal?.entries.map(({ state }) => issuedOf(state)).findLast((one) => one);
  const common = {
    account,
    userName,
    asOf: period.to,
    owner: owner?.known ? owner.name : null,
    secretArn: issued?.secretArn ?? null,
  };
  const old: KnownKey = {
    ...common,
    keyId: oldKeyId,
    status: gone.includes(outcome) ? 'deleted' : null,
    createdAt: key?.createdAt ?? null,
    plan: outcome === null ? `Its rotation is ${stage}.` : `Its rotation ended: ${outcome}.`,
  };
  if (newKeyId === null) return [old];
  const what = 'A rotation issued it: it belongs in its secret, and nowhere else.';
  return [old, { ...common, keyId: newKeyId, status: null, createdAt: null, plan: what }];
}
