/**
 * The evidence of a world: its bucket and the function that writes into it. Apart from the world
 * itself, which is the same with and without it.
 */
import { composeEvidence } from '../app/compose-evidence.ts';
import { composeInventory } from '../app/compose-inventory.ts';
import type { Reported } from '../app/report-evidence.ts';
import type { InventoryTaken } from '../app/take-inventory.ts';
import { evidenceReportHandler } from '../functions/evidence-report.ts';
import type { Invoke } from '../functions/middleware.ts';
import { onInventoryHandler } from '../functions/on-inventory.ts';
import { configQueries } from './account/config-queries.ts';
import type { StoredObject } from './account/s3.ts';
import { actingAs } from './acting-role.ts';
import { homeOf } from './deployment.ts';
import { memoryLog } from './memory-log.ts';
import { hubSettings, names } from './settings.ts';
import type { World } from './world.ts';

export interface Evidence {
  readonly evidenceReport: Invoke<unknown, Reported>;
  /** The daily inventory, which keeps what it sees in the same bucket. */
  readonly inventory: Invoke<unknown, InventoryTaken>;
  /** The newest version of every object in the bucket, by key. */
  readonly objects: () => ReadonlyMap<string, StoredObject>;
  readonly log: ReturnType<typeof memoryLog>['lines'];
}

/** Deploys bucket, role and function beside the hub of a world. */
export function deployEvidence(world: World, timeZone = 'UTC'): Evidence {
  const { cloud, clock, store, place } = world;
  const { account, region } = place;
  const bucket = `${names.evidenceBucketPrefix}-${account}-${region}`;
  cloud.addBucket({ account, region, name: bucket, objectLock: true });
  cloud.createRole(account, names.evidenceReportRole);
  const { lines, log } = memoryLog(clock.now);
  cloud.register('config', configQueries(cloud));
  const config = { aggregator: null };
  const settings = { stage: 'sandbox', place, tableName: names.table, bucket, timeZone, config };
  const home = homeOf(cloud, place);
  const handler = evidenceReportHandler(composeEvidence(settings, { store, clock, log, home }));
  const nothing = { topicArn: '', rejectedQueueUrl: '', accounts: [] };
  const hub = hubSettings(place, world.book, nothing);
  const { served } = world.inventory;
  const writeMetric = () => undefined;
  const shell = {
    ...composeInventory(hub, { store, clock, log, home, writeMetric }, bucket),
    served,
  };
  return {
    evidenceReport: actingAs(names.evidenceReportRole, handler),
    inventory: actingAs(names.onInventoryRole, onInventoryHandler(shell)),
    objects: () =>
      new Map(
        cloud.objectVersions
          .filter((each) => each.bucket === bucket)
          .map((each) => [each.key, each]),
      ),
    log: lines,
  };
}
