/**
 * Every rotation of the table, by reading all of it once: an index would cost with each commit what
 * is asked for once a week, and would lack what was kept before there was one. A rotation is listed
 * for any item that is left of it, so that one whose state is gone still shows.
 */
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { fromAws } from './aws-error.ts';
import { type Item, rotationPrefix, text } from './dynamodb-items.ts';
import type { Table } from './dynamodb-queues.ts';

/**
 * The ids, each once, as they come. Consistent: nothing that was written before is missed. A page
 * is 1 MB of the table at most, of which only names travel, so memory stays as it is.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html (2026-11)
 */
export async function* everyRotation({ client, name }: Table): AsyncGenerator<string> {
  let ExclusiveStartKey: Item | undefined;
  let last: string | undefined;
  do {
    const page = await client
      .send(
        new ScanCommand({
          TableName: name,
          ConsistentRead: true,
          FilterExpression: 'begins_with(#pk, :rotation)',
          ProjectionExpression: '#pk',
          ExpressionAttributeNames: { '#pk': 'pk' },
          ExpressionAttributeValues: { ':rotation': text(rotationPrefix) },
          ExclusiveStartKey,
        }),
      )
      .catch((error: unknown) => {
        throw fromAws(`reading all of table ${name}`, error);
      });
    ExclusiveStartKey = page.LastEvaluatedKey;
    for (const { pk } of page.Items ?? []) {
      // The items of one partition come together, on however many pages.
      const partition = pk?.S ?? '';
      if (partition === last) continue;
      last = partition;
      yield partition.slice(rotationPrefix.length);
    }
  } while (ExclusiveStartKey !== undefined);
}
