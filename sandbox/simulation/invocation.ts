/**
 * Which invocation of a function a call belongs to, so that a process can die: from then on
 * whatever it still calls fails without effect, while the next invocation starts afresh.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

export interface Invocation {
  /** `on-tick`, `keyturn-custodian createSecret`, … */
  readonly name: string;
  /** What it was invoked with. */
  readonly event: unknown;
  dead: boolean;
  /** Effects that are throttled however often this invocation tries. */
  readonly throttled: Set<string>;
}

const context = new AsyncLocalStorage<Invocation | 'outside'>();

/** The invocation that is running; `outside` for programs and people; undefined: a runbook. */
export function running(): Invocation | 'outside' | undefined {
  return context.getStore();
}

/** Runs what is no part of Keyturn: no fault strikes it. */
export function outside<T>(act: () => T): T {
  return context.run('outside', act);
}

export class ProcessDied extends Error {
  override readonly name = 'ProcessDied';
}

/** Runs a function's invocation. Throws ProcessDied if it died, whatever it still did. */
export async function invoke<T>(name: string, event: unknown, act: () => Promise<T>): Promise<T> {
  const invocation: Invocation = { name, event, dead: false, throttled: new Set() };
  const ended = () => {
    if (invocation.dead) throw new ProcessDied(`${name} died`);
  };
  try {
    const answer = await context.run(invocation, act);
    ended();
    return answer;
  } catch (error) {
    ended();
    throw error;
  }
}
