/** The table of the template is the one that the store is written for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { tableDefinition } from '../../adapters/dynamodb-table.ts';

const file = join(import.meta.dirname, '..', '..', 'infra', 'table.yml');

test('keys, index and billing are those of adapters/dynamodb-table.ts', () => {
  const { Table } = parse(readFileSync(file, 'utf8')).Resources;
  const { BillingMode, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = Table.Properties;
  expect({ BillingMode, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes }).toEqual(
    tableDefinition,
  );
});
