/**
 * DynamoDB's TransactWriteItems: all of up to 100 writes, or none. Asked again under the same token
 * within ten minutes, it does nothing twice and says that it succeeded.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html (2026-11)
 */
import type {
  CancellationReason,
  TransactWriteItem,
  TransactWriteItemsInput,
} from '@aws-sdk/client-dynamodb';
import { type Instant, plus } from '../../domain/instant.ts';
import type { Act, ModelledTable, Serving } from './dynamodb.ts';
import { conditionOf, type Item, termsOf, validation } from './dynamodb-expressions.ts';
import { bytesOf } from './dynamodb-shelf.ts';
import { awsError, type CallContext } from './service.ts';
import { notModelled } from './strict.ts';

const mostWrites = 100;
const mostBytes = 4 * 1024 * 1024;
const tokenLasts = { minutes: 10 } as const;

/** One write of a transaction, read. */
interface Step {
  readonly table: ModelledTable;
  readonly key: Item;
  /** What is put; undefined if it is only looked at. */
  readonly item: Item | undefined;
  readonly meets: boolean;
}

/** The refusal of a transaction: a reason for each write, `None` for those that were fine. */
export function canceled(codes: readonly string[]): Error {
  const CancellationReasons: CancellationReason[] = codes.map((Code) =>
    Code === 'None' ? { Code } : { Code, Message: `the reason is ${Code}` },
  );
  const message = `Transaction cancelled, please refer cancellation reasons [${codes.join(', ')}]`;
  const error = awsError('TransactionCanceledException', message);
  return Object.assign(error, { CancellationReasons });
}

export function transactions(): Act<TransactWriteItemsInput> {
  const done = new Map<string, { readonly until: Instant; readonly what: string }>();
  return (serving, input, context) => {
    const { ClientRequestToken: token = '', TransactItems = [] } = input;
    if (token === '' || token.length > 36) {
      throw notModelled('dynamodb:TransactWriteItems without a token of up to 36 characters');
    }
    const before = done.get(token);
    const what = JSON.stringify(TransactItems);
    if (before !== undefined && context.now < before.until) {
      if (before.what === what) return {};
      const problem = 'DynamoDB rejected the request because you retried it with other parameters';
      throw awsError('IdempotentParameterMismatchException', problem);
    }
    if (TransactItems.length < 1 || TransactItems.length > mostWrites) {
      throw validation('Member must have length less than or equal to 100');
    }
    const steps = TransactItems.map((each) => stepOf(serving, each, context));
    refuseTogether(steps);
    if (steps.some(({ meets }) => !meets)) {
      throw canceled(steps.map(({ meets }) => (meets ? 'None' : 'ConditionalCheckFailed')));
    }
    for (const { table, item } of steps) {
      if (item !== undefined) table.shelf.put(item, context.now);
    }
    done.set(token, { until: plus(context.now, tokenLasts), what });
    return {};
  };
}

function refuseTogether(steps: readonly Step[]): void {
  const touched = steps.map(({ table, key }) => JSON.stringify([table.name, key]));
  if (new Set(touched).size < touched.length) {
    throw validation('Transaction request cannot include multiple operations on one item');
  }
  if (steps.reduce((sum, { item }) => sum + bytesOf(item ?? {}), 0) > mostBytes) {
    throw validation('The total size of the transaction exceeds 4 MB');
  }
}

function stepOf(serving: Serving, write: TransactWriteItem, context: CallContext): Step {
  const { Put, ConditionCheck, ...others } = write;
  const [other] = Object.keys(others);
  if (other !== undefined) throw notModelled(`dynamodb:TransactWriteItems with ${other}`);
  const asked = Put ?? ConditionCheck;
  const table = serving.tableOf(asked?.TableName, context);
  const item: Item | undefined = Put?.Item;
  if (item !== undefined) table.shelf.refuseItem(item);
  const names = table.shape.KeySchema.map(({ AttributeName }) => AttributeName);
  const key: Item =
    item === undefined
      ? (ConditionCheck?.Key ?? {})
      : Object.fromEntries(names.flatMap((name) => (item[name] ? [[name, item[name]]] : [])));
  table.shelf.refuseKey(key);
  const terms = termsOf(asked ?? {});
  const test = conditionOf(asked?.ConditionExpression ?? '', terms);
  terms.allUsed();
  return { table, key, item, meets: test(table.shelf.get(key) ?? {}) };
}
