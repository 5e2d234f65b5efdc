/**
 * What somebody can do in the console, as one JSON object each. Read once, here: what is no act is
 * refused with every problem named, before anything happens.
 */
import * as v from 'valibot';
import { type Parsed, parsed, refused } from '../../domain/parsed.ts';
import { people } from '../settings.ts';
import type { Act, PersonaKey } from './acts.ts';
import { faultNames } from './faults.ts';
import { mostUsers } from './fleet-of.ts';

/** Everybody as whom one can act. */
export const personaKeys = [...Object.keys(people), 'mallory'] as PersonaKey[];

const persona = v.picklist(personaKeys);
const short = v.pipe(v.string(), v.minLength(1), v.maxLength(255));
const hours = v.pipe(v.number(), v.gtValue(0), v.maxValue(24 * 60));

const form = v.pipe(v.number(), v.integer(), v.minValue(0));
const answer = v.union([v.pipe(v.string(), v.maxLength(3000)), v.number()]);
/** EventBridge takes no larger one. */
const mostEventLength = 256 * 1024;

const an = <const T extends string, E extends v.ObjectEntries>(type: T, entries: E) =>
  v.strictObject({ type: v.literal(type), ...entries });

const act: v.GenericSchema<unknown, Act> = v.variant('type', [
  an('begin', {
    scene: v.variant('kind', [
      v.strictObject({ kind: v.literal('company') }),
      v.strictObject({ kind: v.literal('every mix') }),
      v.strictObject({
        kind: v.literal('fleet'),
        seed: v.pipe(v.string(), v.regex(/^[\w.-]{1,40}$/, 'a seed has letters, digits, . _ -')),
        users: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(mostUsers)),
      }),
    ]),
  }),
  an('play', { secondsPerSecond: v.pipe(v.number(), v.minValue(1), v.maxValue(86_400)) }),
  an('pause', {}),
  an('step', {}),
  an('advance', { hours }),
  an('press', { as: persona, ts: short, actionId: short }),
  an('send', { as: persona, form, answers: v.record(short, v.nullable(answer)) }),
  an('close form', { form }),
  an('acknowledge', { dedupKey: short }),
  an('fault', { name: v.picklist(faultNames), on: v.boolean() }),
  an('stop', { why: v.pipe(v.string(), v.maxLength(200)) }),
  an('go', {}),
  an('forgetful', { row: short, on: v.boolean() }),
  an('report', { row: short, by: v.picklist(['security hub', 'config', 'custom action']) }),
  an('change key', {
    row: short,
    keyId: short,
    to: v.picklist(['Active', 'Inactive', 'Deleted']),
    as: persona,
  }),
  an('deliver', { event: v.pipe(v.string(), v.minLength(1), v.maxLength(mostEventLength)) }),
]);

/** The act that a parsed JSON value is, or everything wrong with it. */
export function readAct(value: unknown): Parsed<Act> {
  const read = v.safeParse(act, value);
  if (read.success) return parsed(read.output);
  return refused(...read.issues.map((each) => `${v.getDotPath(each) ?? 'act'}: ${each.message}`));
}
