/**
 * Puts together what makes the evidence, apart from the hub: it speaks to a table and a bucket, and
 * holds nothing of what speaks to anybody else.
 */
import { configUsers } from '../adapters/config-queries.ts';
import { consoleLog } from '../adapters/console-log.ts';
import { cryptoIds } from '../adapters/crypto-ids.ts';
import { dynamoDbStore } from '../adapters/dynamodb-store.ts';
import { evidencePages } from '../adapters/evidence-pages.ts';
import { s3Evidence } from '../adapters/s3-evidence.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type { Log } from '../domain/ports.ts';
import type { Wires } from './compose-wires.ts';
import type { Environment } from './config.ts';
import { type EvidenceSettings, readEvidenceSettings } from './evidence-config.ts';
import type { EvidenceShell } from './report-evidence.ts';
import { required } from './required.ts';

export interface Reporter extends EvidenceShell {
  readonly log: Log;
  readonly timeZone: string;
}

export function composeEvidence(
  { stage, place, bucket, timeZone, config }: EvidenceSettings,
  { store, clock, log, home }: Wires,
): Reporter {
  const archive = s3Evidence(home, { name: bucket, owner: place.account });
  const { digest } = cryptoIds;
  const source = config && {
    askedOf: { region: place.region, aggregator: config.aggregator },
    users: () => configUsers(home, config.aggregator),
  };
  const around = { pages: evidencePages(), config: source, clock, log, digest };
  const extras = { shelf: archive, ...around };
  return { store, archive, clock, ids: cryptoIds, stage, timeZone, log, extras };
}

/** As it is deployed. Throws Permanent naming every missing setting. */
export function evidenceFromEnvironment(env: Environment): Reporter {
  const settings = required(readEvidenceSettings(env));
  const { place, tableName } = settings;
  const [home, log] = [{ region: place.region }, consoleLog()];
  const store = dynamoDbStore(home, tableName, log);
  return composeEvidence(settings, { store, clock: systemClock, log, home });
}
