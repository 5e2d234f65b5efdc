/** The environment of a function, read once: settings, or every problem with it at once. */
import * as v from 'valibot';
import { parseArn } from '../domain/arn.ts';
import { partitions } from '../domain/key.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import type { Person } from '../domain/people.ts';
import { defaultPolicy, type Mode, type Policy, policyProblems } from '../domain/policy.ts';
import type { Place } from '../domain/ports.ts';

/** What the hub's functions are told at deployment. */
export interface HubSettings {
  readonly stage: string;
  /** Where the hub is; its partition is the only one that it serves. */
  readonly place: Place;
  readonly policy: Policy;
  readonly documentPrefix: string;
  readonly runbookRoleName: string;
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
  /** Who may press buttons, and as what. */
  readonly people: readonly Person[];
  /** Runs in flight at most. */
  readonly capacity: number;
}

/** What the custodian is told. */
export interface CustodianSettings {
  readonly place: Place;
  readonly keyMakerRoleArn: string;
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
const mode = v.picklist(['observe', 'approve', 'auto'], 'must be observe, approve or auto');

const roles = ['owner', 'approver', 'admin'] as const;

const person = v.object(
  {
    slackUserId: v.pipe(
      v.string('is no text'),
      v.regex(/^[UW][A-Z0-9]+$/, 'is not a Slack user id'),
    ),
    name: v.pipe(v.string('is no text'), v.nonEmpty('is empty')),
    roles: v.array(v.picklist(roles, 'must be owner, approver or admin'), 'is no list of roles'),
  },
  'is missing',
);

const people = v.pipe(
  v.array(person, 'is not a list of people'),
  v.check(
    (each) => new Set(each.map(({ slackUserId }) => slackUserId)).size === each.length,
    'names a Slack user twice: which roles count is not clear',
  ),
);

const placeFields = {
  AWS_REGION: given,
  KEYTURN_ACCOUNT: v.pipe(given, v.regex(/^\d{12}$/, 'is not an account id of 12 digits')),
  KEYTURN_PARTITION: v.picklist(partitions, 'is not an AWS partition'),
};

const hubSchema = v.object(
  {
    ...placeFields,
    KEYTURN_STAGE: given,
    KEYTURN_MODE: mode,
    KEYTURN_DOCUMENT_PREFIX: given,
    KEYTURN_RUNBOOK_ROLE: roleArn,
    KEYTURN_CUSTODIAN: given,
    KEYTURN_WITNESS: given,
    KEYTURN_TOPIC: arn,
    KEYTURN_BUS: given,
    KEYTURN_REJECTED_QUEUE: v.pipe(given, v.url('is not a URL')),
    KEYTURN_CONNECTIONS: given,
    KEYTURN_CUSTOM_ACTION: given,
    KEYTURN_STOP_PARAMETER: v.pipe(
      given,
      v.regex(/^\/[\w./-]+$/, 'is not the full name of a parameter'),
    ),
    KEYTURN_SLACK_TEAM: given,
    KEYTURN_SLACK_CHANNEL: given,
    KEYTURN_PEOPLE: v.pipe(
      given,
      v.rawTransform(({ dataset, addIssue, NEVER }) => {
        try {
          return JSON.parse(dataset.value) as unknown;
        } catch {
          addIssue({ message: 'is not JSON' });
          return NEVER;
        }
      }),
      people,
    ),
  },
  unset,
);

const custodianSchema = v.object({ ...placeFields, KEYTURN_KEY_MAKER_ROLE: roleArn }, unset);
const witnessSchema = v.object(placeFields, unset);

/** Reads the hub's settings. */
export function readHubSettings(env: Environment): Parsed<HubSettings> {
  const result = read(hubSchema, env);
  if (!result.ok) return result;
  const told = result.value;
  const policy = policyFor(told.KEYTURN_MODE);
  const problems = policyProblems(policy);
  if (problems.length > 0) return { ok: false, problems };
  return parsed({
    stage: told.KEYTURN_STAGE,
    place: placeOf(told),
    policy,
    documentPrefix: told.KEYTURN_DOCUMENT_PREFIX,
    runbookRoleName: told.KEYTURN_RUNBOOK_ROLE.split('/').at(-1) ?? '',
    custodianFunction: told.KEYTURN_CUSTODIAN,
    witnessFunction: told.KEYTURN_WITNESS,
    topicArn: told.KEYTURN_TOPIC,
    busName: told.KEYTURN_BUS,
    rejectedQueueUrl: told.KEYTURN_REJECTED_QUEUE,
    connectionsSecret: told.KEYTURN_CONNECTIONS,
    customAction: told.KEYTURN_CUSTOM_ACTION,
    stopParameter: told.KEYTURN_STOP_PARAMETER,
    slack: { teamId: told.KEYTURN_SLACK_TEAM, channel: told.KEYTURN_SLACK_CHANNEL },
    people: told.KEYTURN_PEOPLE,
    capacity: defaultCapacity,
  });
}

/** Reads the custodian's settings. */
export function readCustodianSettings(env: Environment): Parsed<CustodianSettings> {
  const result = read(custodianSchema, env);
  return result.ok
    ? parsed({ place: placeOf(result.value), keyMakerRoleArn: result.value.KEYTURN_KEY_MAKER_ROLE })
    : result;
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

function policyFor(chosen: Mode): Policy {
  return { ...defaultPolicy, mode: chosen };
}

function read<S extends v.GenericSchema>(schema: S, env: Environment): Parsed<v.InferOutput<S>> {
  // One problem a setting: what is empty is not also the wrong ARN.
  const result = v.safeParse(schema, env, { abortPipeEarly: true });
  if (result.success) return parsed(result.output);
  return refused(
    ...result.issues.map((issue) => `${v.getDotPath(issue) ?? 'environment'} ${issue.message}`),
  );
}
