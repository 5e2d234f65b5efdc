/**
 * A rotation as it stands in the store. Each stage has exactly its own fields here as in
 * domain/stage.ts; the types hold the two together.
 */
import * as v from 'valibot';
import type { Rotation } from '../domain/case.ts';
import { concerns, type Incident, incidentAnswers } from '../domain/incident.ts';
import type { Notices } from '../domain/notices.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import type {
  BeforeOff,
  Deactivating,
  Deleting,
  Done,
  Held,
  HoldCode,
  Issuing,
  Overlapping,
  Paused,
  Proposed,
  ReplacementProposed,
  Restoring,
  RetirementProposed,
  Soaking,
  Stage,
} from '../domain/stage.ts';
import { evidence } from './evidence-json.ts';
import {
  actor,
  authority,
  count,
  finding,
  foundInFiles,
  issued,
  keyStatus,
  moment,
  owner,
  policy,
  run,
  type SchemaOf,
  staleKey,
} from './stored-facts.ts';

const basis = { authority, evidence: v.nullable(evidence) };

const proposal = {
  name: v.literal('proposed'),
  due: moment,
  answerBy: moment,
  approval: v.variant('given', [
    v.strictObject({ given: v.literal(false) }),
    v.strictObject({ given: v.literal(true), by: actor, at: moment }),
  ]),
  ringClosed: v.exactOptional(v.string()),
};

const replacing = v.strictObject({
  kind: v.literal('replace'),
  attempts: count,
  waitsFor: v.nullable(v.strictObject({ keyId: v.string(), rotationId: v.string() })),
  tryAt: v.exactOptional(moment),
});

const retiring = v.strictObject({
  kind: v.literal('retire'),
  nextProbeAt: moment,
  ...basis,
  statusBefore: v.nullable(keyStatus),
});

const replacement: SchemaOf<ReplacementProposed> = v.strictObject({ ...proposal, plan: replacing });
const retirement: SchemaOf<RetirementProposed> = v.strictObject({ ...proposal, plan: retiring });
const proposed: SchemaOf<Proposed> = v.strictObject({
  ...proposal,
  plan: v.variant('kind', [replacing, retiring]),
});

const issuing: SchemaOf<Issuing> = v.strictObject({
  name: v.literal('issuing'),
  attempt: count,
  triesLeft: count,
  run: v.variant('status', [
    run,
    v.strictObject({
      status: v.literal('waiting'),
      retryAt: moment,
      tryAt: v.exactOptional(moment),
    }),
  ]),
  proposal: replacement,
});

const overlapping: SchemaOf<Overlapping> = v.strictObject({
  name: v.literal('overlapping'),
  issued,
  since: moment,
  deactivateAt: moment,
  nextProbeAt: moment,
  ...basis,
});

const beforeOff: SchemaOf<BeforeOff> = v.union([overlapping, retirement]);

const deactivating: SchemaOf<Deactivating> = v.strictObject({
  name: v.literal('deactivating'),
  run,
  orderedOn: v.exactOptional(authority),
  before: beforeOff,
});

const soaking: SchemaOf<Soaking> = v.strictObject({
  name: v.literal('soaking'),
  before: beforeOff,
  deactivatedAt: moment,
  clearUntil: moment,
  deleteAt: moment,
  nextProbeAt: moment,
  ...basis,
});

const deleting: SchemaOf<Deleting> = v.strictObject({
  name: v.literal('deleting'),
  run,
  orderedOn: v.exactOptional(authority),
  soak: soaking,
});

const restoring: SchemaOf<Restoring> = v.strictObject({
  name: v.literal('restoring'),
  run,
  from: v.union([overlapping, retirement, soaking]),
  because: v.string(),
});

const holdCodes = [
  'paused',
  'unanswered',
  'not begun',
  'no room',
  'issue failed',
  'not picked up',
  'still in use',
  'evidence incomplete',
  'overlap too long',
  'runbook refused',
  'runbook failed',
  'reactivated',
  'changed outside',
  'rolled back',
  'restore failed',
] as const satisfies readonly HoldCode[];

const held: SchemaOf<Held> = v.strictObject({
  name: v.literal('held'),
  kept: v.union([proposed, overlapping, soaking]) satisfies SchemaOf<Paused>,
  reason: v.strictObject({ code: v.picklist(holdCodes), text: v.string() }),
  since: moment,
  oldKey: v.picklist(['Active', 'Inactive', 'unknown']),
  nextProbeAt: moment,
});

const done: SchemaOf<Done> = v.strictObject({
  name: v.literal('done'),
  outcome: v.picklist(['rotated', 'retired', 'already gone', 'exempt', 'abandoned']),
  at: moment,
  newKeyId: v.nullable(v.string()),
  remaining: v.array(v.string()),
  exemption: v.exactOptional(v.strictObject({ reason: v.string(), by: v.string(), until: moment })),
});

const stages = {
  proposed,
  issuing,
  overlapping,
  deactivating,
  soaking,
  deleting,
  restoring,
  held,
  done,
} satisfies { readonly [N in Stage['name']]: SchemaOf<Extract<Stage, { name: N }>> };

/** By its name, so that a problem is told of the stage that it is in. */
const stage: SchemaOf<Stage> = v.lazy((value) => {
  const name: unknown = Object(value).name;
  const known = Object.entries(stages).find(([each]) => each === name);
  return known?.[1] ?? v.object({ name: v.picklist(Object.keys(stages)) });
}) as SchemaOf<Stage>;

export const incidentAnswer = v.strictObject({
  what: v.picklist(incidentAnswers),
  by: actor,
  at: moment,
  eventId: v.string(),
});

const incident: SchemaOf<Incident> = v.strictObject({
  about: v.picklist(concerns),
  since: moment,
  answer: v.nullable(incidentAnswer),
});

const notices: SchemaOf<Notices> = v.strictObject({
  running: v.nullable(
    v.strictObject({ since: moment, until: moment, halfTime: v.boolean(), soon: v.boolean() }),
  ),
  halfTimeAt: v.nullable(moment),
  missedAt: v.nullable(moment),
});

export const rotation: SchemaOf<Rotation> = v.strictObject({
  id: v.string(),
  generation: count,
  version: count,
  shownVersion: count,
  found: v.exactOptional(foundInFiles),
  kind: v.picklist(['replace', 'retire']),
  key: staleKey,
  region: v.string(),
  owner,
  policy,
  findings: v.array(finding),
  openedAt: moment,
  snoozedHours: v.number(),
  stage,
  incidents: v.exactOptional(v.array(incident)),
  handover: v.exactOptional(
    v.strictObject({ assigned: v.boolean(), givenUpBy: v.array(v.string()) }),
  ),
  notices: v.exactOptional(notices),
});

/** The value as it is, if it is what the schema says; else everything that it is not. */
export function asStored<T>(schema: SchemaOf<T>, value: unknown): Parsed<T> {
  const result = v.safeParse(schema, value);
  if (!result.success) {
    return refused(
      ...result.issues.map((issue) => `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`),
    );
  }
  // What was hashed is given back to the letter, and not what a schema makes of it.
  return parsed(value as T);
}

/** The rotation that a store kept, or everything wrong with it. */
export function parseStoredRotation(value: unknown): Parsed<Rotation> {
  return asStored(rotation, value);
}
