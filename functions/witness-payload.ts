/**
 * What the witness is asked, read from its payload: every problem is listed, nothing is guessed,
 * and what contradicts itself is found.
 */
import * as v from 'valibot';
import type { Authority } from '../domain/evidence.ts';
import type { Examination } from '../domain/examination.ts';
import { type Instant, instant, isDue, parseInstant, plus } from '../domain/instant.ts';
import type { Partition } from '../domain/key.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import { placesOrNone } from './places-or-none.ts';

export interface Confirmation {
  readonly purpose: 'confirm';
  readonly userName: string;
  readonly userId: string;
  readonly oldKeyId: string;
  readonly expected: 'Active' | 'Inactive' | 'Gone';
}

export type Question = Examination | Confirmation;

const matching = (pattern: RegExp, what: string) =>
  v.pipe(v.string(), v.regex(pattern, `is not ${what}`));

const moment = v.pipe(
  v.string(),
  v.check((text) => parseInstant(text) !== undefined, 'is not a moment'),
  v.transform(instant),
);
const momentOrNone = v.pipe(
  v.string(),
  v.check((text) => text === 'none' || parseInstant(text) !== undefined, 'is not a moment or none'),
  v.transform((text) => (text === 'none' ? null : instant(text))),
);
/** `none` says that there is no such thing. */
const orNone = <S extends v.GenericSchema<string, string>>(schema: S) =>
  v.union([
    v.pipe(
      v.literal('none'),
      v.transform(() => null),
    ),
    schema,
  ]);
const keyId = matching(/^AKIA[A-Z0-9]{12,28}$/, 'an access key id');

const common = {
  UserName: matching(/^[A-Za-z0-9_+=,.@-]{1,64}$/, 'an IAM user name'),
  UserId: matching(/^AIDA[A-Z0-9]{12,28}$/, "an IAM user's unique id"),
  OldKeyId: keyId,
};

const confirmation = v.object({
  Purpose: v.literal('confirm'),
  ...common,
  Expected: v.picklist(['Active', 'Inactive', 'Gone']),
});

const examination = v.object({
  Purpose: v.picklist(['deactivate', 'delete']),
  ...common,
  NewKeyId: orNone(keyId),
  SecretArn: orNone(
    matching(
      /^arn:[a-z-]+:(?:secretsmanager:[\w-]+:\d{12}:secret:|ssm:[\w-]+:\d{12}:parameter\/)\S+$/,
      'the ARN of a secret or parameter',
    ),
  ),
  SecretVersionId: orNone(matching(/^[A-Za-z0-9-]{32,64}$/, 'a version id')),
  CurrentSince: momentOrNone,
  TestRequestIds: v.pipe(
    v.string(),
    v.transform((text) => (text === 'none' ? [] : text.split(','))),
    v.array(matching(/^[A-Za-z0-9-]{1,64}$/, 'a comma-joined list of request ids or none')),
  ),
  DeactivatedAt: momentOrNone,
  // Where it is not said, no look has shown anything yet.
  ClearUntil: v.optional(momentOrNone, 'none'),
  // Only the deactivate runbook says it: nothing is decided when somebody merely looks.
  StatusBefore: v.optional(v.picklist(['Active', 'Inactive', 'none']), 'none'),
  NotBefore: moment,
  AuthorityKind: v.picklist(['evidence', 'attested', 'forced']),
  AuthorityBy: matching(/^.{1,128}$/, 'a name or none'),
  AuthorityAt: momentOrNone,
  // Runs started by an earlier version do not say it: then there are none.
  Copies: v.optional(placesOrNone, 'none'),
});

const question = v.variant('Purpose', [confirmation, examination]);

/** The question in a payload. `account` is where the witness itself runs. */
export function parseQuestion(
  payload: unknown,
  account: { readonly partition: Partition; readonly account: string },
): Parsed<Question> {
  const result = v.safeParse(question, payload);
  if (!result.success) {
    return refused(...result.issues.map(problemOf));
  }
  const fields = result.output;
  if (fields.Purpose === 'confirm') {
    const { UserName: userName, UserId: userId, OldKeyId: oldKeyId, Expected: expected } = fields;
    return parsed({ purpose: 'confirm', userName, userId, oldKeyId, expected });
  }
  const authority = authorityOf(fields);
  const issued = issuedOf(fields);
  if (!authority.ok || !issued.ok) {
    return refused(...[authority, issued].flatMap((each) => (each.ok ? [] : each.problems)));
  }
  return parsed({
    purpose: fields.Purpose,
    user: { ...account, userName: fields.UserName, userId: fields.UserId },
    oldKeyId: fields.OldKeyId,
    issued: issued.value,
    deactivatedAt: fields.DeactivatedAt,
    clearUntil: fields.ClearUntil ?? fields.DeactivatedAt,
    statusBefore: fields.StatusBefore === 'none' ? null : fields.StatusBefore,
    notBefore: fields.NotBefore,
    authority: authority.value,
    copies: fields.Copies,
  });
}

/** Never what is there instead: nobody knows what was put into the wrong field. */
function problemOf(issue: v.BaseIssue<unknown>): string {
  const { kind, message, expected } = issue;
  const isOwnWords = kind === 'validation' || expected === null;
  return `${v.getDotPath(issue) ?? 'payload'}: ${isOwnWords ? message : `should be ${expected}`}`;
}

/** All of what replaces the old key, or nothing of it: then that key is to be retired. */
function issuedOf(fields: v.InferOutput<typeof examination>): Parsed<Examination['issued']> {
  const { NewKeyId: newKeyId, SecretArn: secretArn, SecretVersionId: secretVersionId } = fields;
  const { CurrentSince: currentSince, TestRequestIds: testRequestIds } = fields;
  if (
    newKeyId !== null &&
    secretArn !== null &&
    secretVersionId !== null &&
    currentSince !== null
  ) {
    return parsed({ newKeyId, secretArn, secretVersionId, currentSince, testRequestIds });
  }
  const facts = { newKeyId, secretArn, secretVersionId, currentSince };
  if (Object.values(facts).every((fact) => fact === null) && testRequestIds.length === 0) {
    return parsed(null);
  }
  return refused(
    'NewKeyId, SecretArn, SecretVersionId and CurrentSince: give all of them, or none of them ' +
      'and no TestRequestIds for a key that nothing replaces',
  );
}

/** An attestation or force counts only with its name and time. */
function authorityOf(fields: v.InferOutput<typeof examination>): Parsed<Authority> {
  const { AuthorityKind: kind, AuthorityBy: by, AuthorityAt: at } = fields;
  if (kind === 'evidence') return parsed({ kind });
  if (at !== null && by !== 'none') return parsed({ kind, by, at });
  return refused(
    ...(by === 'none' ? [`AuthorityBy: who ${kind} it is missing`] : []),
    ...(at === null ? [`AuthorityAt: when it was ${kind} is missing`] : []),
  );
}

/** Two clocks never quite agree: the hub's and the witness's. */
const clockSkew = { minutes: 1 };

/**
 * What in a question cannot be true, each as a sentence that starts with its field. Judging it
 * would rest on a mistake, or on somebody's attempt to have a key called safe.
 */
export function contradictionsIn(question: Examination, now: Instant): readonly string[] {
  const { purpose, oldKeyId, issued, deactivatedAt, clearUntil, authority } = question;
  const newKeyId = issued?.newKeyId ?? null;
  const currentSince = issued?.currentSince ?? null;
  const moments = {
    CurrentSince: currentSince,
    DeactivatedAt: deactivatedAt,
    ClearUntil: clearUntil,
    AuthorityAt: authority.kind === 'evidence' ? null : authority.at,
  };
  const later = Object.entries(moments).filter(
    ([, at]) => at !== null && !isDue(at, plus(now, clockSkew)),
  );
  return [
    ...(newKeyId === oldKeyId ? [`NewKeyId: ${newKeyId} is the old key too`] : []),
    ...later.map(([field, at]) => `${field}: ${at} is later than now, ${now}`),
    ...(deactivatedAt !== null && currentSince !== null && deactivatedAt < currentSince
      ? [`DeactivatedAt: ${deactivatedAt} is before the new key was current, ${currentSince}`]
      : []),
    ...(clearUntil !== null && (deactivatedAt === null || clearUntil < deactivatedAt)
      ? [`ClearUntil: ${clearUntil} is not after the key was switched off, ${deactivatedAt}`]
      : []),
    ...(purpose === 'delete' && deactivatedAt === null
      ? ['DeactivatedAt: a key is deleted only after it was switched off, and this says none']
      : []),
  ];
}
