/**
 * Whether and how the witness queries a trail, read from its environment. Nothing set is no query.
 */
import * as v from 'valibot';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import {
  cycleMinutesAllowed,
  logGroupForm,
  mostQueryDays,
  type TrailQuery,
  tableForm,
  usualQuerySpan,
  workgroupForm,
} from '../domain/trail-query.ts';

const orNone = (form: RegExp, what: string) =>
  v.pipe(
    v.optional(v.string(), ''),
    v.check((text) => text === '' || form.test(text), `is not ${what}`),
  );

const whole = (usual: number, least: number, most: number) =>
  v.pipe(
    v.optional(v.string(), ''),
    v.transform((text) => (text === '' ? usual : /^\d{1,4}$/.test(text) ? Number(text) : 0)),
    v.check((n) => n >= least && n <= most, `is not a whole number from ${least} to ${most}`),
  );

const { least, most } = cycleMinutesAllowed;

const schema = v.object({
  KEYTURN_TRAIL_LOG_GROUP: orNone(logGroupForm, 'the name of a log group'),
  KEYTURN_TRAIL_TABLE: orNone(tableForm, 'database.table of small letters, digits and _'),
  KEYTURN_TRAIL_WORKGROUP: orNone(workgroupForm, 'the name of an Athena workgroup'),
  KEYTURN_TRAIL_DAYS: whole(usualQuerySpan.days, 1, mostQueryDays),
  KEYTURN_TRAIL_CYCLE_MINUTES: whole(usualQuerySpan.cycleMinutes, least, most),
});

/** undefined where none is configured; every problem with one that is. */
export function readTrailQuery(
  env: Readonly<Record<string, string | undefined>>,
): Parsed<TrailQuery | undefined> {
  const result = v.safeParse(schema, env, { abortPipeEarly: true });
  if (!result.success) {
    return refused(...result.issues.map((issue) => `${v.getDotPath(issue)} ${issue.message}`));
  }
  const told = result.output;
  const span = { days: told.KEYTURN_TRAIL_DAYS, cycleMinutes: told.KEYTURN_TRAIL_CYCLE_MINUTES };
  const { KEYTURN_TRAIL_LOG_GROUP: logGroup, KEYTURN_TRAIL_TABLE: table } = told;
  const workgroup = told.KEYTURN_TRAIL_WORKGROUP;
  if (logGroup !== '' && table !== '') {
    return refused('KEYTURN_TRAIL_LOG_GROUP and KEYTURN_TRAIL_TABLE are both set: one is enough');
  }
  if ((table === '') !== (workgroup === '')) {
    return refused('KEYTURN_TRAIL_TABLE and KEYTURN_TRAIL_WORKGROUP need each other');
  }
  if (logGroup !== '') return parsed({ kind: 'logs-insights', logGroup, span });
  return parsed(table === '' ? undefined : { kind: 'athena', table, workgroup, span });
}
