/**
 * The inventories of each day in the evidence bucket, in folders that Athena reads as partitions:
 *
 *   inventory/v1/csv/date=2026-11-23/account=111122223333/inventory.csv
 *   inventory/v1/json/date=2026-11-23/account=111122223333/inventory.json
 *   inventory/v1/days/2026-11-23.json, and 2026-11-23-owners.csv beside it
 *   inventory/v1/figures/date=2026-11-23/figures.csv and figures.json: a line for each account
 *
 * Taken twice on one day, the later one is a further version under the same name.
 */
import { S3Client } from '@aws-sdk/client-s3';
import type { InventoryArchive } from '../domain/inventory-archive.ts';
import { accountFiguresCsv, figuresText } from './account-figures-csv.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { dayText, inventoryText, keysCsv, ownersCsv } from './inventory-files.ts';
import { csv, type EvidenceBucket, json, putInto, requestTimeout } from './s3-put.ts';

const root = 'inventory/v1';

export function s3Inventory(connection: AwsConnection, bucket: EvidenceBucket): InventoryArchive {
  const put = putInto(connect(S3Client, connection, { requestTimeout }), bucket);
  return {
    keepAccount: async (inventory) => {
      const folder = `date=${inventory.date}/account=${inventory.account}`;
      await put(`${root}/csv/${folder}/inventory.csv`, keysCsv(inventory), csv);
      await put(`${root}/json/${folder}/inventory.json`, inventoryText(inventory), json);
    },
    keepDay: async (day) => {
      await put(`${root}/days/${day.date}-owners.csv`, ownersCsv(day), csv);
      await put(dayKey(day.date), dayText(day), json);
    },
    keepFigures: async (figures) => {
      const folder = `${root}/figures/date=${figures.date}`;
      await put(`${folder}/figures.csv`, accountFiguresCsv(figures.accounts), csv);
      await put(`${folder}/figures.json`, figuresText(figures), json);
    },
  };
}

/** Under which name a day is kept. */
export function dayKey(date: string): string {
  return `${root}/days/${date}.json`;
}
