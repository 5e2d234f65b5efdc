/**
 * Which rotations a day may tell of: those that are not done and those that ended lately, by the
 * index over stages, so that what ended long ago costs nothing. Stages are read in the order in
 * which rotations go through them: one that moves on meanwhile is met again, and listed once.
 */
import type { Instant } from '../domain/instant.ts';
import { stageNames } from '../domain/stage.ts';
import { rotationPrefix, text } from './dynamodb-items.ts';
import { pages, type Table } from './dynamodb-queues.ts';
import { stageLinesOf, stagesIndex } from './dynamodb-table.ts';

/** The ids as the index has them: hints. Throws Transient or Permanent. */
export async function* openOrEndedSince(table: Table, since: Instant): AsyncGenerator<string> {
  const listed = new Set<string>();
  for (const stage of stageNames) {
    const isLater = stage === 'done' ? ' AND #place >= :since' : '';
    for (const line of stageLinesOf(stage)) {
      const query = {
        IndexName: stagesIndex,
        KeyConditionExpression: `#line = :line${isLater}`,
        ExpressionAttributeNames: {
          '#line': 'standsAt',
          ...(stage === 'done' ? { '#place': 'linePlace' } : {}),
        },
        ExpressionAttributeValues: {
          ':line': text(line),
          ...(stage === 'done' ? { ':since': text(since) } : {}),
        },
      };
      for await (const { Items = [] } of pages(table, query)) {
        for (const { pk } of Items) {
          const id = pk?.S?.slice(rotationPrefix.length);
          if (id === undefined || listed.has(id)) continue;
          listed.add(id);
          yield id;
        }
      }
    }
  }
}
