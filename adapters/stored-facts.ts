/**
 * What rotations and journal entries are made of, as it stands in the store: users, findings,
 * people, policies, runs. Fields that are not known here are refused: whoever wrote them counts on
 * them.
 */
import * as v from 'valibot';
import type { VaultKind } from '../domain/custody.ts';
import { vaultKinds } from '../domain/custody.ts';
import type { Authority } from '../domain/evidence.ts';
import type { Finding } from '../domain/finding.ts';
import type { FoundInFiles, KeyInFiles } from '../domain/found-in-files.ts';
import { type Instant, parseInstant } from '../domain/instant.ts';
import { partitions, type StaleKey } from '../domain/key.ts';
import type { Actor, Owner } from '../domain/people.ts';
import { type Policy, policyWords } from '../domain/policy.ts';
import type { Issued, Run } from '../domain/stage.ts';

/** A schema that gives back nothing but that type. */
export type SchemaOf<T> = v.GenericSchema<unknown, T>;

/** Always in the one form that moments have here. */
export const moment: SchemaOf<Instant> = v.custom<Instant>(
  (value) => typeof value === 'string' && parseInstant(value) === value,
  'is not a moment such as 2026-11-02T03:14:07.250Z',
);

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A count. */
export const count: SchemaOf<number> = whole;

const keyStatus = v.picklist(['Active', 'Inactive']);

export const staleKey: SchemaOf<StaleKey> = v.strictObject({
  user: v.strictObject({
    partition: v.picklist(partitions),
    account: v.string(),
    userName: v.string(),
    userId: v.string(),
    path: v.string(),
    tags: v.record(v.string(), v.string()),
  }),
  keyId: v.string(),
  createdAt: moment,
  foundAs: keyStatus,
});

const place = { account: v.string(), region: v.string() };

export const finding: SchemaOf<Finding> = v.variant('source', [
  v.strictObject({
    source: v.literal('config'),
    ...place,
    ruleName: v.string(),
    resourceId: v.string(),
  }),
  v.strictObject({
    source: v.literal('security hub'),
    ...place,
    id: v.string(),
    productArn: v.string(),
    control: v.string(),
    updatedAt: moment,
  }),
  v.strictObject({
    source: v.literal('security hub v2'),
    ...place,
    findingUid: v.string(),
    productUid: v.string(),
    control: v.string(),
    updatedAt: moment,
  }),
  v.strictObject({ source: v.literal('inventory'), ...place, userName: v.string() }),
]);

const inFiles = { at: moment, places: v.array(v.string()), more: whole };

export const foundInFiles: SchemaOf<FoundInFiles> = v.strictObject(inFiles);

export const keyInFiles: SchemaOf<KeyInFiles> = v.strictObject({
  ...inFiles,
  partition: v.picklist(partitions),
  account: v.string(),
  keyId: v.string(),
});

export const actor: SchemaOf<Actor> = v.variant('kind', [
  v.strictObject({ kind: v.literal('person'), id: v.string(), name: v.string() }),
  v.strictObject({ kind: v.literal('policy') }),
  v.strictObject({ kind: v.literal('keyturn') }),
]);

export const owner: SchemaOf<Owner> = v.variant('known', [
  v.strictObject({ known: v.literal(true), slackUserId: v.string(), name: v.string() }),
  v.strictObject({ known: v.literal(false) }),
]);

const vault: SchemaOf<VaultKind> = v.picklist(vaultKinds);
const copies: SchemaOf<Policy['copies']> = v.array(
  v.variant('kind', [
    v.strictObject({
      kind: v.picklist(['secrets-manager', 'parameter-store']),
      region: v.string(),
    }),
    v.strictObject({
      kind: v.literal('github-actions'),
      repository: v.string(),
      accessKeyId: v.exactOptional(v.string()),
      secretAccessKey: v.exactOptional(v.string()),
    }),
  ]),
);

/** Where a new key is kept and what it has to pass. */
export const custody = { vault, healthCheck: v.nullable(v.string()), copies };

export const policy: SchemaOf<Policy> = v.strictObject({
  mode: v.picklist(policyWords.mode),
  staleDays: v.number(),
  warnDays: v.number(),
  graceHours: v.number(),
  soakHours: v.number(),
  snoozeCapHours: v.number(),
  answerDays: v.number(),
  overlapLimitDays: v.number(),
  exemptDays: v.exactOptional(v.number()),
  window: v.union([
    v.literal('any time'),
    v.array(
      v.strictObject({
        days: v.array(v.number()),
        from: v.string(),
        to: v.string(),
        timeZone: v.string(),
      }),
    ),
  ]),
  selfApproval: v.boolean(),
  approvers: v.union([v.literal('any'), v.array(v.string())]),
  unused: v.picklist(policyWords.unused),
  privileged: v.picklist(policyWords.privileged),
  sesSmtp: v.picklist(policyWords.sesSmtp),
  ...custody,
  channel: v.exactOptional(v.string()),
  pagerDuty: v.exactOptional(v.string()),
  owner: v.exactOptional(v.string()),
  ring: v.exactOptional(v.string()),
});

export const issued: SchemaOf<Issued> = v.strictObject({
  newKeyId: v.string(),
  secretArn: v.string(),
  secretVersionId: v.string(),
  currentSince: moment,
  testRequestIds: v.array(v.string()),
});

const someone = { by: v.string(), slackUserId: v.exactOptional(v.string()), at: moment };

export const authority: SchemaOf<Authority> = v.variant('kind', [
  v.strictObject({ kind: v.literal('evidence') }),
  v.strictObject({ kind: v.literal('attested'), ...someone }),
  v.strictObject({ kind: v.literal('forced'), ...someone }),
]);

const order = { effectId: v.string(), since: moment, pollAt: moment };

export const run = v.variant('status', [
  v.strictObject({ status: v.literal('ordered'), ...order }),
  v.strictObject({ status: v.literal('started'), ...order, executionId: v.string() }),
]) satisfies SchemaOf<Run>;

export { keyStatus };
