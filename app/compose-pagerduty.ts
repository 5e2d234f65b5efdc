/**
 * Puts together what hears from PagerDuty, apart from the hub: it speaks to a table, reads one
 * secret, and holds nothing of what speaks to anybody else.
 */
import * as v from 'valibot';
import { consoleLog } from '../adapters/console-log.ts';
import { cryptoIds } from '../adapters/crypto-ids.ts';
import { dynamoDbStore } from '../adapters/dynamodb-store.ts';
import { pagerDutyReader } from '../adapters/pagerduty-webhook.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { webhookSecrets } from '../adapters/webhook-secrets.ts';
import type { IncidentReader } from '../domain/requests.ts';
import type { Wires } from './compose-wires.ts';
import { type Environment, given, readSettings, tableName } from './config.ts';
import type { IncidentDesk } from './receive-incident.ts';
import { required } from './required.ts';

export function composePagerDuty(
  webhookSecret: string,
  { store, clock, log, home }: Wires,
): IncidentDesk & { readonly reader: IncidentReader } {
  const secrets = webhookSecrets(home, webhookSecret, clock);
  const reader = pagerDutyReader(secrets.read, secrets.readAgain);
  return { shell: { store, clock, ids: cryptoIds }, log, reader };
}

const schema = v.object(
  { AWS_REGION: given, KEYTURN_TABLE: tableName, KEYTURN_WEBHOOK_SECRET: given },
  'is not set',
);

/** As it is deployed. Throws Permanent naming every missing setting. */
export function pagerDutyFromEnvironment(env: Environment): ReturnType<typeof composePagerDuty> {
  const told = required(readSettings(schema, env));
  const [home, log] = [{ region: told.AWS_REGION }, consoleLog()];
  const store = dynamoDbStore(home, told.KEYTURN_TABLE, log);
  return composePagerDuty(told.KEYTURN_WEBHOOK_SECRET, { store, clock: systemClock, log, home });
}
