/** The stack around every handler: one log line, and errors as Lambda needs them. */
import { describe, expect, it } from 'vitest';
import { Bug, Conflict, Permanent, Transient } from '../../domain/errors.ts';
import { entryPoint } from '../../functions/middleware.ts';
import { company } from '../app/company.ts';

const event = { id: 'e-1', detail: { private: 'not for the log' } };
const context = { awsRequestId: 'r-1' };

const failing = (error: unknown) => ({
  name: 'on-something',
  handle: async (): Promise<string> => {
    throw error;
  },
});

describe('an invocation that succeeds', () => {
  it('answers with the result and logs one line, without the event', async () => {
    const deps = company();
    const invoke = entryPoint(deps, {
      name: 'on-something',
      handle: async ({ id }: typeof event) => ({ seen: id }),
      facts: ({ seen }) => ({ seen }),
    });
    expect(await invoke(event, context)).toEqual({ seen: 'e-1' });
    expect(deps.logged).toEqual([
      {
        level: 'info',
        message: 'invocation done',
        facts: {
          function: 'on-something',
          requestId: 'r-1',
          eventId: 'e-1',
          milliseconds: expect.any(Number),
          seen: 'e-1',
        },
      },
    ]);
  });

  it('needs no context, and no event', async () => {
    const deps = company();
    const invoke = entryPoint(deps, { name: 'on-tick', handle: async () => 'ticked' });
    expect(await invoke(undefined)).toBe('ticked');
  });
});

describe('an invocation that fails', () => {
  it.each([
    new Transient('a throttle'),
    new Conflict('a race'),
    new Bug('a slip'),
    new TypeError('x'),
  ])('given %s, then it is thrown for Lambda to try again, and logged once', async (error) => {
    const deps = company();
    await expect(entryPoint(deps, failing(error))(event, context)).rejects.toBe(error);
    expect(deps.letters).toEqual([]);
    expect(deps.logged).toMatchObject([
      {
        level: 'error',
        facts: { error: error.name, problem: error.message, deadLettered: false },
      },
    ]);
    expect(JSON.stringify(deps.logged)).not.toContain('not for the log');
  });

  it('given Permanent, then the event is kept whole and Lambda does not try again', async () => {
    const deps = company();
    const invoke = entryPoint(deps, failing(new Permanent('no role lets us in')));
    expect(await invoke(event, context)).toEqual({
      outcome: 'dead-lettered',
      problem: 'no role lets us in',
    });
    expect(deps.letters).toEqual([{ event, problems: ['no role lets us in'] }]);
    expect(deps.logged).toMatchObject([{ level: 'error', facts: { deadLettered: true } }]);
  });

  it('given Permanent where somebody waits for the answer, then they get it', async () => {
    const { log, letters, logged } = company();
    const error = new Permanent('refused');
    await expect(entryPoint({ log }, failing(error))(event, context)).rejects.toBe(error);
    expect(letters).toEqual([]);
    expect(logged).toHaveLength(1);
  });

  it('given Permanent that cannot be kept, then it is thrown, so nothing is lost', async () => {
    const deps = company({
      deadLetters: {
        keep: async () => {
          throw new Transient('SQS did not answer');
        },
      },
    });
    const invoke = entryPoint(deps, failing(new Permanent('no role lets us in')));
    await expect(invoke(event, context)).rejects.toThrow('SQS did not answer');
    expect(deps.logged).toHaveLength(1);
  });
});
