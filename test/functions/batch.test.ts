/** Batches of a queue through the handler that Lambda invokes: each message for itself. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Bug, Permanent, Transient } from '../../domain/errors.ts';
import { batched } from '../../functions/batch.ts';
import { entryPoint } from '../../functions/middleware.ts';
import { onFindingHandler } from '../../functions/on-finding.ts';
import { company } from '../app/company.ts';
import { eventOf } from '../fixtures/events.ts';

const message = (messageId: string, event: unknown, changes: object = {}) => ({
  eventSource: 'aws:sqs',
  messageId,
  receiptHandle: `handle-of-${messageId}`,
  body: JSON.stringify(event),
  ...changes,
});

/** Ten messages `m-0` to `m-9`, each holding its own name. */
const ten = Array.from({ length: 10 }, (_, index) => message(`m-${index}`, { name: `m-${index}` }));

const failures = (...ids: string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

/** An entry point that does as told for some names, and notes each that it began. */
function entry(told: Readonly<Record<string, () => Promise<string>>> = {}) {
  const deps = company();
  const begun: string[] = [];
  const handle = async (event: unknown) => {
    const { name } = event as { readonly name: string };
    begun.push(name);
    return (await told[name]?.()) ?? 'done';
  };
  return { deps, begun, invoke: batched(deps, entryPoint(deps, { name: 'on-something', handle })) };
}

const failing = (error: Error) => async (): Promise<string> => {
  throw error;
};

describe('a batch of ten', () => {
  it('given all go well, then none comes again', async () => {
    const { invoke, begun } = entry();
    expect(await invoke({ Records: ten })).toEqual(failures());
    expect(begun).toEqual(ten.map(({ messageId }) => messageId));
  });

  it.each([new Transient('a throttle'), new Bug('a slip'), new TypeError('x')])(
    'given one fails with %s, then it alone comes again',
    async (error) => {
      const { invoke, begun, deps } = entry({ 'm-3': failing(error) });
      expect(await invoke({ Records: ten })).toEqual(failures('m-3'));
      expect(begun).toHaveLength(10);
      expect(deps.logged.filter(({ level }) => level === 'error')).toHaveLength(1);
    },
  );

  it('given one can never be dealt with, then it is kept whole and none comes again', async () => {
    const { invoke, deps } = entry({ 'm-3': failing(new Permanent('no role lets us in')) });
    expect(await invoke({ Records: ten })).toEqual(failures());
    expect(deps.letters).toEqual([{ event: { name: 'm-3' }, problems: ['no role lets us in'] }]);
  });

  it('given one is no JSON, then it is kept whole and the others are done', async () => {
    const { invoke, begun, deps } = entry();
    const broken = message('m-3', null, { body: '{' });
    expect(await invoke({ Records: ten.with(3, broken) })).toEqual(failures());
    expect(begun).toHaveLength(9);
    expect(deps.letters).toEqual([
      { event: broken, problems: [expect.stringContaining('message m-3 is not JSON')] },
    ]);
  });

  it('given one is no JSON and cannot be kept, then it comes again', async () => {
    const { invoke: single } = entry();
    const deps = company({ deadLetters: { keep: failing(new Transient('no SQS')) as never } });
    const broken = message('m-3', null, { body: 'null and void' });
    expect(await batched(deps, single)({ Records: ten.with(3, broken) })).toEqual(failures('m-3'));
    expect(deps.logged).toMatchObject([{ level: 'error', facts: { notKept: 'no SQS' } }]);
  });
});

describe('real events in a batch', () => {
  it('given a duplicate, then the first claims, and neither comes again', async () => {
    const deps = company();
    const event = eventOf('hub-fsbp');
    const Records = [message('m-0', event), message('m-1', event), message('m-0', event)];
    expect(await batched(deps, onFindingHandler(deps))({ Records })).toEqual(failures());
    expect(deps.logged.map(({ facts }) => facts.outcome)).toEqual(['claimed', 'joined', 'joined']);
  });

  it('given a malformed one among good ones, then it alone is kept', async () => {
    const deps = company();
    const malformed = eventOf('malformed-config');
    const Records = [message('m-0', malformed), message('m-1', eventOf('hub-fsbp'))];
    expect(await batched(deps, onFindingHandler(deps))({ Records })).toEqual(failures());
    expect(deps.letters).toMatchObject([{ event: malformed }]);
    expect(deps.logged.map(({ facts }) => facts.outcome)).toEqual(['rejected', 'claimed']);
  });
});

describe('an invocation that runs out of time', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('given no time from the start, then the whole batch comes again', async () => {
    const { invoke, begun, deps } = entry();
    const context = { getRemainingTimeInMillis: () => 4000 };
    const all = ten.map(({ messageId }) => messageId);
    expect(await invoke({ Records: ten }, context)).toEqual(failures(...all));
    expect(begun).toEqual([]);
    expect(deps.logged).toMatchObject([
      { level: 'error', message: 'batch not finished in time', facts: { messages: 10, left: all } },
    ]);
  });

  it('given one hangs, then the answer is in time: it and those behind it come again', async () => {
    const endsAt = Date.now() + 60_000;
    const context = { getRemainingTimeInMillis: () => endsAt - Date.now() };
    const { invoke, begun } = entry({
      'm-1': failing(new Transient('a throttle')),
      'm-4': () => new Promise(() => undefined),
    });
    const answer = invoke({ Records: ten }, context);
    await vi.advanceTimersByTimeAsync(55_000);
    expect(await answer).toEqual(failures('m-1', 'm-4', 'm-5', 'm-6', 'm-7', 'm-8', 'm-9'));
    expect(begun).toEqual(['m-0', 'm-1', 'm-2', 'm-3', 'm-4']);
    expect(Date.now()).toBeLessThan(endsAt);
  });

  it('given all are done in time, then no timer is left behind', async () => {
    const { invoke } = entry();
    const context = { getRemainingTimeInMillis: () => 60_000 };
    expect(await invoke({ Records: ten }, context)).toEqual(failures());
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('what is no batch', () => {
  it.each([
    ['an event as it is', { name: 'x' }],
    ['no messages', { Records: [] }],
    ['messages of another source', { Records: [message('m-0', {}, { eventSource: 'aws:sns' })] }],
    ['messages without an id', { Records: [message('', {})] }],
  ])('goes on as it came: %s', async (_, event) => {
    const seen: unknown[] = [];
    const deps = company();
    const handle = async (each: unknown) => {
      seen.push(each);
      return 'done';
    };
    const invoke = batched(deps, entryPoint(deps, { name: 'on-something', handle }));
    expect(await invoke(event)).toBe('done');
    expect(seen).toEqual([event]);
  });
});
