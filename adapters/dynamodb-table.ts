/**
 * The one table in which rotations are kept, as data: the template, the sandbox's model and tests
 * are all compared with it. Fourteen kinds of item, none ever deleted:
 *
 *   pk                                  sk                            what it is
 *   rotation#<id>                       state                         the rotation as it is now
 *   rotation#<id>                       journal#<version>             an entry of its journal
 *   rotation#<id>                       effect#<version>#<index>      an effect, until it is ended
 *   rotation#<id>                       message                       where its Slack message is
 *   claim#<partition>#<account>#<key>   claim                         who holds the claim on a key
 *   user#<account>#<user id>            <opened at>#<rotation id>     a rotation of a user
 *   ending#<end of a key's id>          <opened at>#<rotation id>     a rotation of such a key
 *   observed#<partition>#<account>#<key>  observed                    a key that is only observed
 *   approaching#<partition>#<account>#<user>  <stale at>#<key>  a key that becomes a finding soon
 *   history#<partition>#<account>#<user>  <created at>  how long a key rested between uses
 *   coverage                            latest                        what inventory leaves out
 *   ring#<name>#<clean or bad>          <at>#<rotation id>           how a rotation went in it
 *   files#<partition>#<account>#<key>  files                         files that a key stands in
 *   summary#<day>                       summary                       whether the team was told
 *
 * State and effects stand in a queue while they wait for a moment: `queue` names it, `queuePlace`
 * is `<moment>#…` (of a rotation `<moment>#<account>/<id>`), and both are gone once nothing is
 * waited for. So do observed and approaching keys until people are told of them.
 *
 * The state of a rotation that is not done also stands in two lines that people ask for: `ownedBy`
 * names its owner, `standsAt` its stage, `linePlace` is `<deadline>#<account>/<id>`. The state of
 * one that is done stands among the `done` alone, `<end>#<account>/<id>`.
 *
 * The indexes over all this are sparse and late, so they are only asked for keys; what they name is
 * read again in the table.
 */
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { EffectSort } from '../domain/effect.ts';
import type { StageName } from '../domain/stage.ts';
import { type Need, needs } from '../domain/wake.ts';

/** Keys, index and billing, in the words of CreateTable and of AWS::DynamoDB::Table. */
export const tableDefinition = {
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
    { AttributeName: 'queue', AttributeType: 'S' },
    { AttributeName: 'queuePlace', AttributeType: 'S' },
    { AttributeName: 'ownedBy', AttributeType: 'S' },
    { AttributeName: 'standsAt', AttributeType: 'S' },
    { AttributeName: 'linePlace', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'queues',
      KeySchema: [
        { AttributeName: 'queue', KeyType: 'HASH' },
        { AttributeName: 'queuePlace', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
    {
      IndexName: 'owners',
      KeySchema: [
        { AttributeName: 'ownedBy', KeyType: 'HASH' },
        { AttributeName: 'linePlace', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
    {
      IndexName: 'stages',
      KeySchema: [
        { AttributeName: 'standsAt', KeyType: 'HASH' },
        { AttributeName: 'linePlace', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
} as const satisfies Omit<CreateTableCommandInput, 'TableName'>;

/** The name of the index over what waits. */
export const queuesIndex = tableDefinition.GlobalSecondaryIndexes[0].IndexName;

/** Those over whose rotations there are, and at which stages. */
export const ownersIndex = tableDefinition.GlobalSecondaryIndexes[1].IndexName;
export const stagesIndex = tableDefinition.GlobalSecondaryIndexes[2].IndexName;

/**
 * Every queue is cut into so many, by rotation, since one value of an index takes 1,000 writes a
 * second. It may grow (what waits in the first four is still found), never shrink.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html (2026-11)
 */
export const shards = 4;

/** An item's format. What another version wrote is refused, never guessed at. */
export const itemFormat = 1;

/** What waits: rotations that need something then, effects to be performed, keys to be told of. */
export type Waiting = Need | (typeof effectQueues)[EffectSort] | 'observed' | 'approaching';

/** Before sorts had queues of their own, all effects stood in the one of most. */
export const effectQueues = { start: 'start', message: 'message', other: 'effect' } as const;

/** What has to be done at its moment. */
export const allWaiting: readonly Waiting[] = [...needs, ...Object.values(effectQueues)];

/** The queue that a rotation, or an effect of it, waits in. */
export function queueOf(waiting: Waiting, rotationId: string): string {
  return queueName(waiting, shardOf(rotationId));
}

/** All queues of those who wait for the same. */
export function queuesOf(waiting: Waiting): readonly string[] {
  return Array.from({ length: shards }, (_, shard) => queueName(waiting, shard));
}

/** Where a rotation stands among those at its stage. */
export function stageLineOf(stage: StageName, rotationId: string): string {
  return `${stage}#${shardOf(rotationId)}`;
}

/** All lines of a stage. */
export function stageLinesOf(stage: StageName): readonly string[] {
  return Array.from({ length: shards }, (_, shard) => `${stage}#${shard}`);
}

function queueName(waiting: Waiting, shard: number): string {
  return `${waiting}#${shard}`;
}

/** FNV-1a: spreads evenly, and the same in every version of Node. */
function shardOf(rotationId: string): number {
  let sum = 0x811c9dc5;
  for (const byte of Buffer.from(rotationId)) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0;
  return sum % shards;
}
