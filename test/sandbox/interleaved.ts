/**
 * Two of everything at once: each tick and each invocation of a function runs twice at the same
 * time, and their calls to AWS and to the store take turns, in an order that the test chooses.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { RotationStore } from '../../domain/ports.ts';
import type { Interceptor } from '../../sandbox/account/door.ts';
import type { Interposed } from '../../sandbox/interposed.ts';

/** Which of those that wait goes on: an index. */
export type Turn = (parties: readonly string[]) => number;

interface Waiting {
  readonly party: string;
  readonly go: () => void;
}

/** A call that was made while its twin was under way, too. */
export interface Contended {
  readonly party: string;
  readonly what: string;
}

/** Whose answer is heard: an answer can get lost. */
export type Heard = 'the first' | 'whichever worked';

export function interleaved(turn: Turn, heard: Heard = 'whichever worked') {
  const party = new AsyncLocalStorage<string>();
  const waiting: Waiting[] = [];
  const alive = new Set<string>();
  const contended: Contended[] = [];
  let planned = false;

  // Once nothing else can go on, exactly one of those that wait does.
  const plan = (): void => {
    if (planned) return;
    planned = true;
    setImmediate(() => {
      planned = false;
      if (waiting.length === 0) return;
      const [next] = waiting.splice(turn(waiting.map((each) => each.party)), 1);
      next?.go();
      plan();
    });
  };
  const queue = async (what: string): Promise<void> => {
    const me = party.getStore();
    if (me === undefined) return;
    await new Promise<void>((go) => {
      waiting.push({ party: me, go });
      plan();
    });
    if (alive.has(twinOf(me))) contended.push({ party: me, what });
  };
  const one = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
    alive.add(name);
    try {
      return await party.run(name, run);
    } finally {
      alive.delete(name);
    }
  };
  /** Both are run to their ends. */
  const twice = async <T>(run: () => Promise<T>): Promise<T> => {
    const me = party.getStore() ?? '';
    const [first, second] = await Promise.allSettled([one(`${me}A`, run), one(`${me}B`, run)]);
    const isSecond = heard === 'whichever worked' && !worked(first) && worked(second);
    const answer = isSecond ? second : first;
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  };
  const interceptor: Interceptor = async (call, proceed) => {
    // Twins share their sessions, so only one of both asks for them.
    if (!isDoor(call.input)) await queue(call.operation);
    return call.operation === 'Invoke' ? twice(proceed) : proceed();
  };
  const interposed: Interposed = {
    wires: (wires) => ({ ...wires, store: inTurn(wires.store, queue) }),
    handlers: (handlers) => ({
      ...handlers,
      onTick: (event) => twice(() => handlers.onTick(event)),
      onFinding: (event) => twice(() => handlers.onFinding(event)),
      onRunbookFinished: (event) => twice(() => handlers.onRunbookFinished(event)),
    }),
  };
  return { interposed, interceptor, contended, twice };
}

/** Whether the hub asks to be let into an account. */
function isDoor(input: unknown): boolean {
  return Object(input).ExternalId !== undefined;
}

/** A function that throws is an answer of Lambda's, too. */
function worked(answer: PromiseSettledResult<unknown>): boolean {
  return answer.status === 'fulfilled' && Object(answer.value).FunctionError === undefined;
}

function twinOf(party: string): string {
  return `${party.slice(0, -1)}${party.endsWith('A') ? 'B' : 'A'}`;
}

function inTurn(store: RotationStore, queue: (what: string) => Promise<void>): RotationStore {
  return new Proxy(store, {
    get: (target, name: keyof RotationStore) => {
      const method = target[name] as (...given: readonly unknown[]) => Promise<unknown>;
      return async (...given: readonly unknown[]) => {
        await queue(name);
        return method.apply(target, [...given]);
      };
    },
  });
}
