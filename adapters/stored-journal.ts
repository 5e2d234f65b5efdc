/** Journal entries, effects and their ends as they stand in the store. */
import * as v from 'valibot';
import type { Effect } from '../domain/effect.ts';
import type { EventType, RotationEvent, RunResult } from '../domain/event.ts';
import { concerns } from '../domain/incident.ts';
import type { JournalEntry, Opened } from '../domain/journal.ts';
import { occasions } from '../domain/notices.ts';
import type { Parsed } from '../domain/parsed.ts';
import type { MessagePlace } from '../domain/ports.ts';
import { stageNames } from '../domain/stage.ts';
import { evidence } from './evidence-json.ts';
import {
  actor,
  count,
  custody,
  finding,
  foundInFiles,
  issued,
  moment,
  owner,
  type SchemaOf,
} from './stored-facts.ts';
import { asStored, incidentAnswer, rotation } from './stored-rotation.ts';

const about = v.picklist(concerns);

const effect: SchemaOf<Effect> = v.variant('type', [
  v.strictObject({
    type: v.literal('start runbook'),
    runbook: v.picklist(['issue-replacement-key', 'deactivate-key', 'delete-key', 'restore-key']),
  }),
  v.strictObject({ type: v.literal('update message'), news: v.nullable(v.string()) }),
  v.strictObject({
    type: v.literal('tell owner'),
    occasion: v.picklist(occasions),
    until: moment,
    to: v.nullable(v.string()),
  }),
  v.strictObject({
    type: v.literal('page'),
    about,
    severity: v.picklist(['critical', 'error', 'warning']),
    summary: v.string(),
  }),
  v.strictObject({ type: v.literal('clear page'), about }),
  v.strictObject({ type: v.literal('acknowledge page'), about }),
  v.strictObject({ type: v.literal('report change'), summary: v.string() }),
  v.strictObject({ type: v.literal('announce'), news: v.string() }),
  v.strictObject({ type: v.literal('publish') }),
  v.strictObject({ type: v.literal('mark ring') }),
  v.strictObject({
    type: v.literal('record result'),
    workflow: v.picklist(['NOTIFIED', 'RESOLVED']),
    note: v.string(),
  }),
]);

const result: SchemaOf<RunResult> = v.variant('status', [
  v.strictObject({ status: v.literal('issued'), issued }),
  v.strictObject({ status: v.picklist(['deactivated', 'deleted', 'restored']), at: moment }),
  v.strictObject({ status: v.picklist(['refused', 'failed']), problem: v.string() }),
]);

const plain = <const N extends EventType | Opened['type']>(type: N) =>
  v.strictObject({ type: v.literal(type) });

const pressed = <const N extends EventType>(type: N) =>
  v.strictObject({ type: v.literal(type), by: actor });

const problem = v.string();
const effectId = v.string();
const executionId = v.string();

const event: SchemaOf<RotationEvent | Opened> = v.variant('type', [
  plain('opened'),
  v.strictObject({ type: v.literal('finding reported'), finding }),
  plain('admitted'),
  plain('deadline passed'),
  v.strictObject({ type: v.literal('evidence gathered'), evidence }),
  v.strictObject({ type: v.literal('run started'), effectId, executionId }),
  v.strictObject({ type: v.literal('run still going'), executionId }),
  v.strictObject({ type: v.literal('run not started'), effectId, problem }),
  v.strictObject({ type: v.literal('run finished'), executionId, result }),
  v.strictObject({ type: v.literal('key gone'), what: v.picklist(['key', 'user']) }),
  v.strictObject({
    type: v.literal('room awaited'),
    spare: v.strictObject({ keyId: v.string(), rotationId: v.string() }),
  }),
  v.strictObject({ type: v.literal('no room'), problem }),
  plain('crowded'),
  v.strictObject({ type: v.literal('ring closed'), why: v.string() }),
  v.strictObject({ type: v.literal('found in files'), found: foundInFiles }),
  v.strictObject({ type: v.literal('run withdrawn'), effectId, why: v.string() }),
  v.strictObject({ type: v.literal('exempted'), why: v.string() }),
  v.strictObject({
    type: v.literal('issued natively'),
    issued,
    custody: v.strictObject(custody),
  }),
  v.strictObject({ type: v.literal('look failed'), problem }),
  pressed('approved'),
  v.strictObject({ type: v.literal('snoozed'), by: actor, hours: v.number() }),
  v.strictObject({ type: v.literal('snoozed until'), by: actor, until: moment }),
  pressed('paused'),
  pressed('resumed'),
  pressed('rolled back'),
  pressed('attested'),
  pressed('forced'),
  pressed('abandoned'),
  v.strictObject({ type: v.literal('reassigned'), by: actor, owner, assigned: v.boolean() }),
  v.strictObject({
    type: v.literal('key exempted'),
    by: actor,
    reason: v.string(),
    until: moment,
  }),
  v.strictObject({
    type: v.literal('press refused'),
    by: actor,
    press: v.string(),
    why: v.string(),
  }),
  v.strictObject({ type: v.literal('incident answered'), about, ...incidentAnswer.entries }),
]);

const entry: SchemaOf<JournalEntry> = v.strictObject({
  schema: v.literal(1, 'another Keyturn wrote this entry: deploy a version that reads it'),
  rotationId: v.string(),
  version: count,
  at: moment,
  actor,
  event,
  from: v.nullable(v.picklist(stageNames)),
  to: v.picklist(stageNames),
  ignored: v.nullable(v.string()),
  effects: v.array(v.strictObject({ id: v.string(), effect })),
  state: rotation,
  previousHash: v.string(),
  hash: v.string(),
});

const messagePlace: SchemaOf<MessagePlace> = v.strictObject({
  channel: v.string(),
  ts: v.string(),
});

export function parseStoredEntry(value: unknown): Parsed<JournalEntry> {
  return asStored(entry, value);
}

export function parseStoredEffect(value: unknown): Parsed<Effect> {
  return asStored(effect, value);
}

export function parseStoredPlace(value: unknown): Parsed<MessagePlace> {
  return asStored(messagePlace, value);
}
