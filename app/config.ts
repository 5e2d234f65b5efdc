/** The environment of a function, read once: settings, or every problem with it at once. */
import * as v from 'valibot';
import { parseArn } from '../domain/arn.ts';
import type { ConnectionNames } from '../domain/connections.ts';
import type { Drills } from '../domain/drill.ts';
import { partitions } from '../domain/key.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import type { PolicyBook } from '../domain/policy-book.ts';
import type { Place } from '../domain/ports.ts';
import type { TrailQuery } from '../domain/trail-query.ts';
import { type NativePrivilege, nativePrivileges } from './custody/deps.ts';
import { readTrailQuery } from './trail-query-config.ts';

/** What the hub's functions are told at deployment. */
export interface HubSettings {
  readonly stage: string;
  /** Where the hub is; its partition is the only one that it serves. */
  readonly place: Place;
  /** The DynamoDB table in which rotations are kept, beside the hub. */
  readonly tableName: string;
  /** What may happen to whose keys, and who may act. */
  readonly book: PolicyBook;
  readonly drills: Drills;
  readonly documentPrefix: string;
  /** Runbooks act under `<prefix>-deactivate-key` and so on, in the account of the user. */
  readonly runbookRolePrefix: string;
  readonly doors: DoorSettings;
  /** Ids of accounts and organizational units; the hub's own account is always among them. */
  readonly members: readonly string[];
  readonly notMembers: readonly string[];
  /** Whose sessions make keys, in every account. */
  readonly keyMakerRoleName: string;
  readonly custodianFunction: string;
  readonly witnessFunction: string;
  readonly topicArn: string;
  readonly busName: string;
  readonly rejectedQueueUrl: string;
  /** Which secrets hold Slack's and PagerDuty's credentials. */
  readonly connections: ConnectionNames;
  /** The id of the Security Hub custom action by which analysts ask for a rotation. */
  readonly customAction: string;
  /** The parameter that lets everything go on only while it says `go`. */
  readonly stopParameter: string;
  readonly slack: { readonly teamId: string; readonly channel: string };
  /** Runs in flight at most, over all accounts. */
  readonly capacity: number;
  /** Of them, in one account and Region. */
  readonly accountCapacity: number;
}

/** How the hub is let into accounts. */
export interface DoorSettings {
  /** The roles are named `<prefix>-reader` and so on. */
  readonly prefix: string;
  readonly externalId: string;
  /** Where Security Hub's administrator gathers findings; null: each is updated where it is. */
  readonly findingsPlace: Pick<Place, 'account' | 'region'> | null;
}

/** What the custodian is told. */
export interface CustodianSettings {
  readonly place: Place;
  readonly keyMakerRoleArn: string;
  /** The parameter that lets keys be made only while it says `go`. */
  readonly stopParameter: string;
  readonly nativePrivilege: NativePrivilege;
  /** Which secret or parameter holds the token for GitHub; null for none. */
  readonly gitHubTokenIn: string | null;
}

/** What the witness is told. */
export interface WitnessSettings {
  readonly place: Place;
  /** undefined where none is configured. */
  readonly trailQuery: TrailQuery | undefined;
  readonly drills: Drills;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** SSM runs 100 automations at once per account and Region; some are left to others. */
export const defaultCapacity = 90;

/** A storm in one account leaves half of the room to all others. */
export const defaultAccountCapacity = 45;

const unset = 'is not set';
export const given = v.pipe(v.string(unset), v.nonEmpty('is empty'));
const arn = v.pipe(
  given,
  v.check((text) => parseArn(text) !== undefined, 'is not an ARN'),
);
const roleArn = v.pipe(
  arn,
  v.check((text) => /:role\/./.test(text), 'is not the ARN of a role'),
);
const accountId = v.pipe(given, v.regex(/^\d{12}$/, 'is not an account id of 12 digits'));
/** The id of an account, an organizational unit, or a root. */
export const memberForm = /^(?:\d{12}|r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$/;
/** Comma-separated; empty for none. */
const memberList = v.pipe(
  v.optional(v.string(), ''),
  v.transform((text) =>
    text
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  ),
  v.check(
    (ids) => ids.every((id) => memberForm.test(id)),
    'is not a list of account, unit and root ids',
  ),
);
export const placeFields = {
  AWS_REGION: given,
  KEYTURN_ACCOUNT: accountId,
  KEYTURN_PARTITION: v.picklist(partitions, 'is not an AWS partition'),
};

/** In which secret, or parameter, each is: names, never what they hold. */
export const connectionFields = {
  KEYTURN_SLACK_TOKEN_IN: given,
  KEYTURN_SLACK_SIGNING_IN: given,
  KEYTURN_PAGERDUTY_KEYS_IN: given,
};

const parameterName = v.pipe(given, v.regex(/^\/[\w./-]+$/, 'is not the full name of a parameter'));

export const timeZone = v.pipe(given, v.check(isTimeZone, 'is not a time zone'));

export const tableName = v.pipe(given, v.regex(/^[\w.-]{3,255}$/, 'is not the name of a table'));

/** Whether drills are held: only where the deployment says so in as many words. */
const drillFields = {
  KEYTURN_DRILLS: v.optional(v.picklist(['held', 'none'], 'is neither held nor none'), 'none'),
};

const hubSchema = v.object(
  {
    ...placeFields,
    ...drillFields,
    KEYTURN_STAGE: given,
    KEYTURN_TABLE: tableName,
    KEYTURN_POLICY_FILE: given,
    KEYTURN_DOCUMENT_PREFIX: given,
    KEYTURN_RUNBOOK_ROLE_PREFIX: given,
    KEYTURN_DOOR_PREFIX: given,
    KEYTURN_EXTERNAL_ID: v.pipe(given, v.regex(/^[\w+=,.@:/-]{2,1224}$/, 'is not an external id')),
    KEYTURN_FINDINGS_ACCOUNT: v.pipe(
      v.optional(v.string(), ''),
      v.regex(/^(?:\d{12})?$/, 'is not an account id of 12 digits'),
    ),
    KEYTURN_FINDINGS_REGION: v.optional(v.string(), ''),
    KEYTURN_MEMBERS: memberList,
    KEYTURN_NOT_MEMBERS: memberList,
    KEYTURN_KEY_MAKER_ROLE: roleArn,
    KEYTURN_CUSTODIAN: given,
    KEYTURN_WITNESS: given,
    KEYTURN_TOPIC: arn,
    KEYTURN_BUS: given,
    KEYTURN_REJECTED_QUEUE: v.pipe(given, v.url('is not a URL')),
    ...connectionFields,
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
    KEYTURN_GITHUB_TOKEN_IN: v.optional(v.string(), ''),
  },
  unset,
);
const witnessSchema = v.object({ ...placeFields, ...drillFields }, unset);

/** Reads the policy file of that name. */
export type ReadBook = (fileName: string) => Parsed<PolicyBook>;

/** Reads the hub's settings, and the policy file that they name. */
export function readHubSettings(env: Environment, readBook: ReadBook): Parsed<HubSettings> {
  const result = readSettings(hubSchema, env);
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
    drills: told.KEYTURN_DRILLS,
    documentPrefix: told.KEYTURN_DOCUMENT_PREFIX,
    runbookRolePrefix: told.KEYTURN_RUNBOOK_ROLE_PREFIX,
    doors: doorsOf(told),
    members: told.KEYTURN_MEMBERS,
    notMembers: told.KEYTURN_NOT_MEMBERS,
    keyMakerRoleName: told.KEYTURN_KEY_MAKER_ROLE.split('/').at(-1) ?? '',
    custodianFunction: told.KEYTURN_CUSTODIAN,
    witnessFunction: told.KEYTURN_WITNESS,
    topicArn: told.KEYTURN_TOPIC,
    busName: told.KEYTURN_BUS,
    rejectedQueueUrl: told.KEYTURN_REJECTED_QUEUE,
    connections: {
      slackToken: told.KEYTURN_SLACK_TOKEN_IN,
      slackSigning: told.KEYTURN_SLACK_SIGNING_IN,
      pagerDuty: told.KEYTURN_PAGERDUTY_KEYS_IN,
    },
    customAction: told.KEYTURN_CUSTOM_ACTION,
    stopParameter: told.KEYTURN_STOP_PARAMETER,
    slack: { teamId: told.KEYTURN_SLACK_TEAM, channel: told.KEYTURN_SLACK_CHANNEL },
    capacity: defaultCapacity,
    accountCapacity: defaultAccountCapacity,
  });
}

function doorsOf(told: v.InferOutput<typeof hubSchema>): DoorSettings {
  const account = told.KEYTURN_FINDINGS_ACCOUNT;
  return {
    prefix: told.KEYTURN_DOOR_PREFIX,
    externalId: told.KEYTURN_EXTERNAL_ID,
    findingsPlace:
      account === '' ? null : { account, region: told.KEYTURN_FINDINGS_REGION || told.AWS_REGION },
  };
}

/** Reads the custodian's settings. */
export function readCustodianSettings(env: Environment): Parsed<CustodianSettings> {
  const result = readSettings(custodianSchema, env);
  if (!result.ok) return result;
  const told = result.value;
  return parsed({
    place: placeOf(told),
    keyMakerRoleArn: told.KEYTURN_KEY_MAKER_ROLE,
    stopParameter: told.KEYTURN_STOP_PARAMETER,
    nativePrivilege: told.KEYTURN_NATIVE_PRIVILEGED,
    gitHubTokenIn: told.KEYTURN_GITHUB_TOKEN_IN === '' ? null : told.KEYTURN_GITHUB_TOKEN_IN,
  });
}

/** Reads where the witness is, and which query it asks besides. */
export function readWitnessSettings(env: Environment): Parsed<WitnessSettings> {
  const result = readSettings(witnessSchema, env);
  const trailQuery = readTrailQuery(env);
  if (result.ok && trailQuery.ok) {
    const { KEYTURN_DRILLS: drills } = result.value;
    return parsed({ place: placeOf(result.value), trailQuery: trailQuery.value, drills });
  }
  return refused(...[result, trailQuery].flatMap((each) => (each.ok ? [] : each.problems)));
}

/** Where a function runs. */
export function placeOf(
  told: Pick<v.InferOutput<typeof witnessSchema>, keyof typeof placeFields>,
): Place {
  return {
    partition: told.KEYTURN_PARTITION,
    account: told.KEYTURN_ACCOUNT,
    region: told.AWS_REGION,
  };
}

/** What an environment says in the words of a schema, or every problem with it. */
export function readSettings<S extends v.GenericSchema>(
  schema: S,
  env: Environment,
): Parsed<v.InferOutput<S>> {
  // One problem a setting: what is empty is not also the wrong ARN.
  const result = v.safeParse(schema, env, { abortPipeEarly: true });
  if (result.success) return parsed(result.output);
  return refused(
    ...result.issues.map((issue) => `${v.getDotPath(issue) ?? 'environment'} ${issue.message}`),
  );
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
