/**
 * Effects that wait to be performed. Each stands in its queue from its commit until it is ended;
 * how it ended, once written, stays.
 */
import { UpdateItemCommand, type UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { EffectSort, OutstandingEffect, Unread } from '../domain/effect.ts';
import { messageOf, Permanent } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { EffectEnd, Log } from '../domain/ports.ts';
import { awsErrorName, fromAws } from './aws-error.ts';
import {
  effectPlaced,
  type Item,
  jsonIn,
  keys,
  momentOf,
  nameOf,
  number,
  numberIn,
  text,
  textIn,
} from './dynamodb-items.ts';
import { listed, type Table } from './dynamodb-queues.ts';
import { effectQueues } from './dynamodb-table.ts';
import { parseStoredEffect } from './stored-journal.ts';

/** A problem is kept so far, for whoever looks into the table. */
const longestProblem = 1000;

interface AskedFor {
  readonly now: Instant;
  readonly limit: number;
  readonly unread: Unread | undefined;
  readonly sort: EffectSort | undefined;
}

/** Effects whose time has come, longest due first. One that cannot be read holds up no other. */
export function outstandingEffects(
  table: Table,
  log: Pick<Log, 'error'>,
  { now, limit, unread, sort }: AskedFor,
): Promise<readonly OutstandingEffect[]> {
  const read = (item: Item): OutstandingEffect | undefined => {
    try {
      return effectIn(item);
    } catch (error) {
      if (!(error instanceof Permanent)) throw error;
      log.error('effect not read', { effect: nameOf(item), problem: messageOf(error) });
      unread?.();
      return undefined;
    }
  };
  const waiting = sort === undefined ? Object.values(effectQueues) : [effectQueues[sort]];
  return listed(table, { waiting, until: now, limit, read });
}

function effectIn(item: Item): OutstandingEffect {
  return {
    id: textIn(item, 'effectId'),
    rotationId: textIn(item, 'rotationId'),
    version: numberIn(item, 'version'),
    effect: jsonIn(item, 'body', parseStoredEffect),
    attempts: numberIn(item, 'attempts'),
    notBefore: momentOf(item, 'notBefore'),
  };
}

/** Takes the effect out of its queue. One that is ended already, or unknown, is left alone. */
export function settleEffect(table: Table, effectId: string, how: EffectEnd): Promise<void> {
  return update(table, effectId, {
    UpdateExpression: 'SET #ended = :ended REMOVE #queue, #queuePlace',
    ExpressionAttributeNames: { '#queue': 'queue', '#queuePlace': 'queuePlace' },
    ExpressionAttributeValues: { ':ended': text(JSON.stringify(how)) },
  });
}

/**
 * Puts the effect further back in its queue. One that is ended already, or unknown, is left alone.
 * If the answer gets lost, the SDK asks again and the try is counted twice: the pause gets longer.
 */
export function postponeEffect(
  table: Table,
  effectId: string,
  notBefore: Instant,
  problem: string,
): Promise<void> {
  return update(table, effectId, {
    UpdateExpression:
      'SET #notBefore = :notBefore, #queuePlace = :place, #problem = :problem ADD #attempts :one',
    ExpressionAttributeNames: {
      '#notBefore': 'notBefore',
      '#queuePlace': 'queuePlace',
      '#problem': 'problem',
      '#attempts': 'attempts',
    },
    ExpressionAttributeValues: {
      ':notBefore': text(notBefore),
      ':place': effectPlaced(effectId, notBefore).queuePlace,
      ':problem': text(problem.slice(0, longestProblem)),
      ':one': number(1),
    },
  });
}

type Change = Pick<
  UpdateItemCommandInput,
  'UpdateExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

/** Changes an effect that is there and not ended. */
async function update({ client, name }: Table, effectId: string, change: Change): Promise<void> {
  const input = {
    ...change,
    TableName: name,
    Key: { ...keys.effect(effectId) },
    ConditionExpression: 'attribute_exists(#pk) AND attribute_not_exists(#ended)',
    ExpressionAttributeNames: {
      ...change.ExpressionAttributeNames,
      '#pk': 'pk',
      '#ended': 'ended',
    },
  };
  try {
    await client.send(new UpdateItemCommand(input));
  } catch (error) {
    if (awsErrorName(error) === 'ConditionalCheckFailedException') return;
    throw fromAws(`changing effect ${effectId} in table ${name}`, error);
  }
}
