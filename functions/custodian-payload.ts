/**
 * What the custodian is ordered, read from its payload: every problem is listed, none is guessed.
 */
import * as v from 'valibot';
import { type CustodyStep, custodySteps, type IssueOrder, vaultKinds } from '../domain/custody.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import { regionsOrNone } from './regions-or-none.ts';

export interface CustodianOrder {
  readonly step: CustodyStep;
  readonly order: IssueOrder;
}

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
    Copies: v.optional(regionsOrNone, 'none'),
  },
  'is missing',
);

/** Keyturn's own fields: Secrets Manager's native rotation does not send them. */
const ownFields = ['RotationId', 'Attempt', 'UserName', 'UserId', 'OldKeyId'] as const;

/** The order in a payload. */
export function parseOrder(payload: unknown): Parsed<CustodianOrder> {
  if (typeof payload !== 'object' || payload === null) return refused('the payload is no object');
  if (drivenBySecretsManager(payload)) {
    return refused(
      "Secrets Manager's native rotation does not drive this secret: Keyturn's runbook does. " +
        'Turn the rotation schedule of the secret off',
    );
  }
  const result = v.safeParse(schema, payload);
  if (!result.success) {
    return refused(
      ...result.issues.map((issue) => {
        const field = v.getDotPath(issue) ?? 'the payload';
        return Object.hasOwn(payload, field) ? `${field} ${issue.message}` : `${field} is missing`;
      }),
    );
  }
  const { Step, SecretId, ClientRequestToken, RotationId, Attempt, ...rest } = result.output;
  return parsed({
    step: Step,
    order: {
      secretName: SecretId,
      token: ClientRequestToken,
      rotationId: RotationId,
      attempt: Attempt,
      userName: rest.UserName,
      userId: rest.UserId,
      oldKeyId: rest.OldKeyId,
      vault: rest.Vault,
      healthCheck: rest.HealthCheck,
      copies: rest.Copies,
    },
  });
}

function drivenBySecretsManager(payload: object): boolean {
  return (
    Object.hasOwn(payload, 'RotationToken') ||
    (Object.hasOwn(payload, 'SecretId') && ownFields.every((name) => !Object.hasOwn(payload, name)))
  );
}
