/** The environment of a function, read once: settings, or every problem with it at once. */
import * as v from 'valibot';
import { parseArn } from '../domain/arn.ts';
import { partitions } from '../domain/key.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import type { PolicyBook } from '../domain/policy-book.ts';
import type { Place } from '../domain/ports.ts';
import { type NativePrivilege, nativePrivileges } from './custody/deps.ts';

/** What the hub's functions are told at deployment. */
export interface HubSettings {
  readonly stage: string;
  /** Where the hub is; its partition is the only one that it serves. */
  readonly place: Place;
  /** The DynamoDB table in which rotations are kept, beside the hub. */
  readonly tableName: string;
  /** What may happen to whose keys, and who may act. */
  readonly book: PolicyBook;
  readonly documentPrefix: string;
  readonly runbookRoleName: string;
  /** Whose sessions make keys, in every account. */
  readonly keyMakerRoleName: string;
  readonly custodianFunction: string;
  readonly witnessFunction: string;
  readonly topicArn: string;
  readonly busName: string;
  readonly rejectedQueueUrl: string;
  /** The secret that holds Slack's and PagerDuty's credentials. */
  readonly connectionsSecret: string;
  /** The id of the Security Hub custom action by which analysts ask for a rotation. */
  readonly customAction: string;
  /** The parameter that lets everything go on only while it says `go`. */
  readonly stopParameter: string;
  readonly slack: { readonly teamId: string; readonly channel: string };
  /** Runs in flight at most. */
  readonly capacity: number;
}

/** What the custodian is told. */
export interface CustodianSettings {
  readonly place: Place;
  readonly keyMakerRoleArn: string;
  /** The parameter that lets keys be made only while it says `go`. */
  readonly stopParameter: string;
  readonly nativePrivilege: NativePrivilege;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** SSM runs 100 automations at once per account and Region; some are left to others. */
export const defaultCapacity = 90;

const unset = 'is not set';
const given = v.pipe(v.string(unset), v.nonEmpty('is empty'));
const arn = v.pipe(
  given,
  v.check((text) => parseArn(text) !== undefined, 'is not an ARN'),
);
const roleArn = v.pipe(
  arn,
  v.check((text) => /:role\/./.test(text), 'is not the ARN of a role'),
);
const placeFields = {
  AWS_REGION: given,
  KEYTURN_ACCOUNT: v.pipe(given, v.regex(/^\d{12}$/, 'is not an account id of 12 digits')),
  KEYTURN_PARTITION: v.picklist(partitions, 'is not an AWS partition'),
};

const parameterName = v.pipe(given, v.regex(/^\/[\w./-]+$/, 'is not the full name of a parameter'));

const tableName = v.pipe(given, v.regex(/^[\w.-]{3,255}$/, 'is not the name of a table'));

const hubSchema = v.object(
  {
    ...placeFields,
    KEYTURN_STAGE: given,
    KEYTURN_TABLE: tableName,
    KEYTURN_POLICY_FILE: given,
    KEYTURN_DOCUMENT_PREFIX: given,
    KEYTURN_RUNBOOK_ROLE: roleArn,
    KEYTURN_KEY_MAKER_ROLE: roleArn,
    KEYTURN_CUSTODIAN: given,
    KEYTURN_WITNESS: given,
    KEYTURN_TOPIC: arn,
    KEYTURN_BUS: given,
    KEYTURN_REJECTED_QUEUE: v.pipe(given, v.url('is not a URL')),
    KEYTURN_CONNECTIONS: given,
    KEYTURN_CUSTOM_ACTION: given,
    KEYTURN_STOP_PARAMETER: parameterName,
    KEYTURN_SLACK_TEAM: given,
    KEYTURN_SLACK_CHANNEL: given,
  },
  unset,
);

const custodianSchema = v.object(
  {
    ...placeFields,
    KEYTURN_KEY_MAKER_ROLE: roleArn,
    KEYTURN_STOP_PARAMETER: parameterName,
    KEYTURN_NATIVE_PRIVILEGED: v.optional(
      v.picklist(nativePrivileges, `is not one of ${nativePrivileges.join(', ')}`),
      'refuse',
    ),
  },
  unset,
);
const witnessSchema = v.object(placeFields, unset);

/** Reads the policy file of that name. */
export type ReadBook = (fileName: string) => Parsed<PolicyBook>;

/** Reads the hub's settings, and the policy file that they name. */
export function readHubSettings(env: Environment, readBook: ReadBook): Parsed<HubSettings> {
  const result = read(hubSchema, env);
  const fileName = env.KEYTURN_POLICY_FILE;
  const book: Parsed<PolicyBook> = fileName ? readBook(fileName) : refused();
  if (!result.ok || !book.ok) {
    return refused(...(result.ok ? [] : result.problems), ...(book.ok ? [] : book.problems));
  }
  const told = result.value;
  return parsed({
    stage: told.KEYTURN_STAGE,
    place: placeOf(told),
    tableName: told.KEYTURN_TABLE,
    book: book.value,
    documentPrefix: told.KEYTURN_DOCUMENT_PREFIX,
    runbookRoleName: told.KEYTURN_RUNBOOK_ROLE.split('/').at(-1) ?? '',
    keyMakerRoleName: told.KEYTURN_KEY_MAKER_ROLE.split('/').at(-1) ?? '',
    custodianFunction: told.KEYTURN_CUSTODIAN,
    witnessFunction: told.KEYTURN_WITNESS,
    topicArn: told.KEYTURN_TOPIC,
    busName: told.KEYTURN_BUS,
    rejectedQueueUrl: told.KEYTURN_REJECTED_QUEUE,
    connectionsSecret: told.KEYTURN_CONNECTIONS,
    customAction: told.KEYTURN_CUSTOM_ACTION,
    stopParameter: told.KEYTURN_STOP_PARAMETER,
    slack: { teamId: told.KEYTURN_SLACK_TEAM, channel: told.KEYTURN_SLACK_CHANNEL },
    capacity: defaultCapacity,
  });
}

/** Reads the custodian's settings. */
export function readCustodianSettings(env: Environment): Parsed<CustodianSettings> {
  const result = read(custodianSchema, env);
  if (!result.ok) return result;
  const told = result.value;
  return parsed({
    place: placeOf(told),
    keyMakerRoleArn: told.KEYTURN_KEY_MAKER_ROLE,
    stopParameter: told.KEYTURN_STOP_PARAMETER,
    nativePrivilege: told.KEYTURN_NATIVE_PRIVILEGED,
  });
}

/** Reads where the witness is: all that it needs to be told. */
export function readWitnessPlace(env: Environment): Parsed<Place> {
  const result = read(witnessSchema, env);
  return result.ok ? parsed(placeOf(result.value)) : result;
}

function placeOf(told: v.InferOutput<typeof witnessSchema>): Place {
  return {
    partition: told.KEYTURN_PARTITION,
    account: told.KEYTURN_ACCOUNT,
    region: told.AWS_REGION,
  };
}

function read<S extends v.GenericSchema>(schema: S, env: Environment): Parsed<v.InferOutput<S>> {
  // One problem a setting: what is empty is not also the wrong ARN.
  const result = v.safeParse(schema, env, { abortPipeEarly: true });
  if (result.success) return parsed(result.output);
  return refused(
    ...result.issues.map((issue) => `${v.getDotPath(issue) ?? 'environment'} ${issue.message}`),
  );
}
