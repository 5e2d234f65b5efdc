/** A store on the sandbox's DynamoDB, and what can go wrong on the way there. */
import { dynamoDbStore } from '../../adapters/dynamodb-store.ts';
import { tableDefinition } from '../../adapters/dynamodb-table.ts';
import type { RotationStore } from '../../domain/ports.ts';
import { type TableSettings, tables } from '../../sandbox/account/dynamodb.ts';
import type { Item } from '../../sandbox/account/dynamodb-expressions.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { account, type Given, given, region } from '../sandbox/account/given.ts';

export const tableName = 'keyturn-test';

/** What becomes of a call: done as ever, or as a fault has it. */
type Fault = (proceed: () => Promise<unknown>, input: unknown) => Promise<unknown>;

export interface GivenTable extends Given {
  readonly store: RotationStore;
  /** Effects that the store could not read, as it said so. */
  readonly complaints: Readonly<Record<string, unknown>>[];
  /** The next call of that operation, and only that one. */
  next(operation: string, fault: Fault): void;
  /** Every call of that operation from now on. */
  always(operation: string, fault: Fault): void;
  /** Writes an item past the store. */
  put(item: Item): Promise<void>;
  calls(operation: string): readonly unknown[];
}

/** Indexes are up to date unless told otherwise; other reads are as late as ever. */
export function givenTable(settings: Partial<TableSettings> = {}): GivenTable {
  const sandbox = given();
  const dynamodb = tables({ indexLagSeconds: 0, ...settings });
  dynamodb.add({ account, region, name: tableName }, tableDefinition);
  sandbox.cloud.register('dynamodb', dynamodb.model);
  const complaints: Readonly<Record<string, unknown>>[] = [];
  const once = new Map<string, Fault>();
  const ever = new Map<string, Fault>();
  sandbox.cloud.setInterceptor(async ({ operation, input }, proceed) => {
    const fault = once.get(operation) ?? ever.get(operation);
    once.delete(operation);
    return fault === undefined ? proceed() : fault(proceed, input);
  });
  const log = {
    error: (_: string, facts: Readonly<Record<string, unknown>>) => void complaints.push(facts),
  };
  return {
    ...sandbox,
    store: dynamoDbStore(sandbox.operator, tableName, log),
    complaints,
    next: (operation, fault) => {
      once.set(operation, fault);
    },
    always: (operation, fault) => {
      ever.set(operation, fault);
    },
    put: async (item) => {
      await sandbox.cloud.call({
        service: 'dynamodb',
        operation: 'PutItem',
        input: { TableName: tableName, Item: item },
        region,
        credentials: sandbox.cloud.roleCredentials(account, 'operator', 'somebody'),
      });
    },
    calls: (operation) =>
      sandbox.cloud.history
        .filter((each) => each.operation === operation)
        .map(({ input }) => input),
  };
}

/** It is done, and nobody hears of it. */
export const answerLost: Fault = async (proceed) => {
  await proceed();
  throw awsError('TimeoutError', 'socket hang up', 500);
};

/** It never arrived. */
export const requestLost: Fault = async () => {
  throw Object.assign(new Error('connect ECONNREFUSED'), { name: 'ECONNREFUSED' });
};

/** It is sent twice, as the SDK does when the first answer is lost. */
export const sentTwice: Fault = async (proceed) => {
  await proceed();
  return proceed();
};

export const refusedAs =
  (name: string, status = 400): Fault =>
  async () => {
    throw awsError(name, 'refused', status);
  };
