/**
 * What the custodian is ordered, read from its payload: every problem is listed, none is guessed.
 */
import * as v from 'valibot';
import {
  type CustodyStep,
  custodySteps,
  type IssueOrder,
  type NativeOrder,
  vaultKinds,
} from '../domain/custody.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import { secretNameInArn } from '../domain/secret-name.ts';
import { placesOrNone } from './places-or-none.ts';

/** Keyturn's runbook says all there is to know; Secrets Manager only what it rotates. */
export type CustodianOrder =
  | { readonly from: 'keyturn'; readonly step: CustodyStep; readonly order: IssueOrder }
  | { readonly from: 'secrets-manager'; readonly step: NativeStep; readonly order: NativeOrder };

export type NativeStep = Exclude<CustodyStep, 'undo'>;

// A message never repeats the value: nobody knows what was put into the wrong field.
const matching = (pattern: RegExp, what: string) =>
  v.pipe(v.string(`is not ${what}`), v.regex(pattern, `is not ${what}`));

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const schema = v.object(
  {
    Step: v.picklist(custodySteps, `is not one of ${custodySteps.join(', ')}`),
    SecretId: matching(/^keyturn\/[\w/+=.@-]{1,430}$/, 'the name of a secret of Keyturn'),
    ClientRequestToken: matching(uuid, 'a UUID'),
    RotationId: matching(uuid, 'a UUID'),
    Attempt: v.pipe(
      matching(/^[1-9][0-9]?$/, 'a number from 1 to 99, as text'),
      v.transform(Number),
    ),
    UserName: matching(/^[\w+=,.@-]{1,64}$/, 'an IAM user name'),
    UserId: matching(/^AIDA[A-Z0-9]{12,28}$/, "an IAM user's unique id"),
    OldKeyId: matching(/^AKIA[A-Z0-9]{12,28}$/, 'an access key id'),
    // Runs started by an earlier version do not say these.
    Vault: v.optional(
      v.picklist(vaultKinds, `is not one of ${vaultKinds.join(', ')}`),
      'secrets-manager',
    ),
    HealthCheck: v.pipe(
      v.optional(matching(/^[\w-]{1,64}$/, 'the name of a function, or none'), 'none'),
      v.transform((name) => (name === 'none' ? null : name)),
    ),
    Copies: v.optional(placesOrNone, 'none'),
  },
  'is missing',
);

const nativeSteps: readonly NativeStep[] = custodySteps.filter((step) => step !== 'undo');

/**
 * Secrets Manager's own payload. RotationToken is a credential for writing into another account's
 * secret: the custodian writes with its own role, and looks at it no further.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html (2026-11)
 */
const nativeSchema = v.object(
  {
    Step: v.picklist(nativeSteps, `is not one of ${nativeSteps.join(', ')}`),
    SecretId: v.pipe(
      v.string("is not the ARN of a secret of Keyturn's"),
      v.check(
        (text) => secretNameInArn(text) !== undefined,
        "is not the ARN of a secret of Keyturn's",
      ),
    ),
    // It becomes a version id and a session name; RotateSecret takes other texts than UUIDs too.
    ClientRequestToken: matching(/^[A-Za-z0-9-]{32,64}$/, 'a token of 32 to 64 characters'),
  },
  'is missing',
);

/** Keyturn's own fields: Secrets Manager does not send them. */
const ownFields = ['RotationId', 'Attempt', 'UserName', 'UserId', 'OldKeyId'] as const;

/** The order in a payload. */
export function parseOrder(payload: unknown): Parsed<CustodianOrder> {
  if (typeof payload !== 'object' || payload === null) return refused('the payload is no object');
  const owns = ownFields.filter((name) => Object.hasOwn(payload, name));
  if (owns.length === 0 && Object.hasOwn(payload, 'SecretId')) return parseNative(payload);
  if (Object.hasOwn(payload, 'RotationToken')) {
    return refused(
      `RotationToken comes from Secrets Manager and ${owns.join(', ')} from Keyturn's runbook: ` +
        'one of them drives a rotation, never both',
    );
  }
  const result = v.safeParse(schema, payload);
  if (!result.success) return refused(...problemsIn(result.issues, payload));
  const { Step, SecretId, ClientRequestToken, RotationId, Attempt, ...rest } = result.output;
  return parsed({
    from: 'keyturn',
    step: Step,
    order: {
      secretName: SecretId,
      token: ClientRequestToken,
      rotationId: RotationId,
      attempt: Attempt,
      userName: rest.UserName,
      userId: rest.UserId,
      oldKeyId: rest.OldKeyId,
      driver: { by: 'keyturn' },
      vault: rest.Vault,
      healthCheck: rest.HealthCheck,
      copies: rest.Copies,
    },
  });
}

function parseNative(payload: object): Parsed<CustodianOrder> {
  const result = v.safeParse(nativeSchema, payload);
  if (!result.success) return refused(...problemsIn(result.issues, payload));
  const { Step, SecretId: secretArn, ClientRequestToken: token } = result.output;
  return parsed({ from: 'secrets-manager', step: Step, order: { secretArn, token } });
}

function problemsIn(
  issues: readonly v.BaseIssue<unknown>[],
  payload: object,
): [string, ...string[]] {
  const [first, ...rest] = issues.map((issue) => {
    const field = v.getDotPath(issue) ?? 'the payload';
    return Object.hasOwn(payload, field) ? `${field} ${issue.message}` : `${field} is missing`;
  });
  return [first ?? 'the payload is malformed', ...rest];
}
