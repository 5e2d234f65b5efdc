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
  /** Whom to ask what Config says: null for nobody, an aggregator's name, or this account. */
  readonly config: ConfigAsked;
}

export type ConfigAsked = { readonly aggregator: string | null } | null;

const bucketField = {
  KEYTURN_EVIDENCE_BUCKET: v.pipe(
    given,
    v.regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is not the name of a bucket'),
  ),
};

const schema = v.object(
  {
    ...placeFields,
    ...bucketField,
    KEYTURN_STAGE: given,
    KEYTURN_TABLE: tableName,
    KEYTURN_CONFIG_QUERIES: v.pipe(given, v.regex(/^[\w-]{1,256}$/, 'is no aggregator')),
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
    config: configAsked(told.KEYTURN_CONFIG_QUERIES),
  });
}

function configAsked(whom: string): ConfigAsked {
  if (whom === 'none') return null;
  return { aggregator: whom === 'account' ? null : whom };
}

/** The bucket of the hub's account in which evidence is kept. */
export function readEvidenceBucket(env: Environment): Parsed<string> {
  const result = readSettings(v.object(bucketField, 'is not set'), env);
  return result.ok ? parsed(result.value.KEYTURN_EVIDENCE_BUCKET) : result;
}
