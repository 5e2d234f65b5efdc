/** What the function that makes the evidence is told at deployment. */
import * as v from 'valibot';
import { type Parsed, parsed } from '../domain/parsed.ts';
import type { Place } from '../domain/ports.ts';
import {
  type Environment,
  given,
  placeFields,
  placeOf,
  readSettings,
  tableName,
  timeZone,
} from './config.ts';

export interface EvidenceSettings {
  readonly stage: string;
  readonly place: Place;
  readonly tableName: string;
  /** Of the account in `place`. */
  readonly bucket: string;
  /** In which weeks begin. */
  readonly timeZone: string;
}

const schema = v.object(
  {
    ...placeFields,
    KEYTURN_STAGE: given,
    KEYTURN_TABLE: tableName,
    KEYTURN_EVIDENCE_BUCKET: v.pipe(
      given,
      v.regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is not the name of a bucket'),
    ),
    KEYTURN_TIME_ZONE: timeZone,
  },
  'is not set',
);

/** Reads the settings, or everything wrong with them. */
export function readEvidenceSettings(env: Environment): Parsed<EvidenceSettings> {
  const result = readSettings(schema, env);
  if (!result.ok) return result;
  const told = result.value;
  return parsed({
    stage: told.KEYTURN_STAGE,
    place: placeOf(told),
    tableName: told.KEYTURN_TABLE,
    bucket: told.KEYTURN_EVIDENCE_BUCKET,
    timeZone: told.KEYTURN_TIME_ZONE,
  });
}
