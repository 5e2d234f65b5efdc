/** The stages that there are, and what serverless.yml says of each: what `params` names. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';
import type { TrailQuery } from '../domain/trail-query.ts';

const schema = v.object({
  params: v.record(v.string(), v.record(v.string(), v.union([v.string(), v.number()]))),
});

/** The text of a value, with its variables, by parameter, by stage; `default` is no stage. */
function paramsByStage() {
  const file = join(import.meta.dirname, '..', 'serverless.yml');
  return v.parse(schema, parse(readFileSync(file, 'utf8'))).params;
}

/** In the order of serverless.yml. */
export function stages(): readonly string[] {
  return Object.keys(paramsByStage()).filter((name) => name !== 'default');
}

/** What is wrong with a stage's name; undefined if there is such a stage. */
export function stageProblem(stage: string): string | undefined {
  const known = stages();
  return known.includes(stage) ? undefined : `stage ${stage} is none of ${known.join(', ')}`;
}

/** A stage's parameters as written, environment and stage filled in. */
export function parametersOf(
  stage: string,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const { default: common = {}, [stage]: own = {} } = paramsByStage();
  const filled = (value: string | number) =>
    String(value)
      .replace(/\$\{env:(\w+), '([^']*)'\}/g, (_, name, fallback) => env[name] ?? fallback)
      .replaceAll(`\${sls:stage}`, stage);
  return Object.fromEntries(
    Object.entries({ ...common, ...own }).map(([name, value]) => [name, filled(value)]),
  );
}

/** The trail that a stage's witness queries besides; undefined where it names none. */
export function trailOf(parameters: Readonly<Record<string, string>>): TrailQuery | undefined {
  const { trailLogGroup: logGroup = '', trailTable: table = '' } = parameters;
  const { trailWorkgroup: workgroup = '', trailDays, trailCycleMinutes } = parameters;
  const span = { days: Number(trailDays), cycleMinutes: Number(trailCycleMinutes) };
  if (logGroup !== '') return { kind: 'logs-insights', logGroup, span };
  return table === '' ? undefined : { kind: 'athena', table, workgroup, span };
}
