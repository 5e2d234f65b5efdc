/**
 * Puts the daily inventory together, apart from the hub: it tells nobody, and what reads reports
 * need not be in every other function.
 */
import { consoleLog } from '../adapters/console-log.ts';
import { dynamoDbStore } from '../adapters/dynamodb-store.ts';
import { embeddedMetrics } from '../adapters/embedded-metrics.ts';
import { hubDoors } from '../adapters/hub-doors.ts';
import { iamUserTags } from '../adapters/iam-user-tags.ts';
import { inventorySources } from '../adapters/inventory-sources.ts';
import { organizationUnits } from '../adapters/organizations-accounts.ts';
import { policyIn } from '../adapters/policy-on-disk.ts';
import { s3Inventory } from '../adapters/s3-inventory.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { Bug } from '../domain/errors.ts';
import { composeOpening } from './compose.ts';
import type { Wires } from './compose-wires.ts';
import { type Environment, type HubSettings, readHubSettings } from './config.ts';
import { readEvidenceBucket } from './evidence-config.ts';
import { required } from './required.ts';
import type { StockShell } from './take-stock.ts';

/** An account that lets nobody in is named by the inventory itself. */
const doorkeeper = { opened: () => undefined, refused: () => undefined };

export interface InventoryWires extends Wires {
  /** Takes lines of metrics instead of standard output, which CloudWatch Logs reads. */
  readonly writeMetric?: (line: string) => void;
}

/** Where CloudWatch keeps what a stage measures; alarms and dashboard name it, too. */
export function namespaceOf(stage: string): string {
  return `Keyturn/${stage}`;
}

/** `bucket`: where the inventories are kept; undefined where none are. */
export function composeInventory(
  settings: HubSettings,
  { store, clock, log, home, writeMetric }: InventoryWires,
  bucket?: string,
): StockShell {
  const { place, stage, book } = settings;
  const doors = hubDoors({ ...settings.doors, home: place, connection: home, clock, doorkeeper });
  const units = organizationUnits(home, clock);
  const announceObserved = async () => {
    throw new Bug('an inventory lists whom the policy only observes, and tells nobody');
  };
  const history = bucket !== undefined && {
    archive: s3Inventory(home, { name: bucket, owner: place.account }),
    tags: iamUserTags(doors.reader, place.region, clock),
    people: book.people,
  };
  return {
    ...(history && { history }),
    ...composeOpening(settings, { store, clock, log, doors, units, announceObserved }),
    ...inventorySources(place, settings, { home, doors, clock }),
    gauges: embeddedMetrics(namespaceOf(stage), writeMetric),
  };
}

/** The inventory as it is deployed. Throws Permanent naming everything wrong with how it is set. */
export function inventoryFromEnvironment(env: Environment): StockShell {
  const settings = required(readHubSettings(env, policyIn));
  const home = { region: settings.place.region };
  const log = consoleLog();
  const store = dynamoDbStore(home, settings.tableName, log);
  const bucket = required(readEvidenceBucket(env));
  return composeInventory(settings, { store, clock: systemClock, log, home }, bucket);
}
