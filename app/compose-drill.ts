/** Puts the drill together, apart from the hub: it reads rotations, and changes none. */
import * as v from 'valibot';
import { consoleLog } from '../adapters/console-log.ts';
import { cryptoIds } from '../adapters/crypto-ids.ts';
import { drillApps } from '../adapters/drill-apps.ts';
import { drillReporter } from '../adapters/drill-report.ts';
import { drillUsers } from '../adapters/drill-users.ts';
import { dynamoDbStore } from '../adapters/dynamodb-store.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type { Log } from '../domain/ports.ts';
import {
  type Environment,
  given,
  placeFields,
  placeOf,
  readSettings,
  tableName,
} from './config.ts';
import type { DrillShell } from './drill.ts';
import { required } from './required.ts';

const schema = v.object(
  { ...placeFields, KEYTURN_TABLE: tableName, KEYTURN_INBOUND_QUEUE: given },
  'is not set',
);

/** As it is deployed. Throws Permanent naming every missing setting. */
export function drillFromEnvironment(env: Environment): DrillShell & { readonly log: Log } {
  const told = required(readSettings(schema, env));
  const place = placeOf(told);
  const home = { region: place.region };
  const clock = systemClock;
  const log = consoleLog();
  return {
    clock,
    place,
    log,
    store: dynamoDbStore(home, told.KEYTURN_TABLE, log),
    users: drillUsers(home),
    apps: drillApps(home, clock, cryptoIds),
    report: drillReporter(home, place, told.KEYTURN_INBOUND_QUEUE, { clock, ids: cryptoIds }),
  };
}
