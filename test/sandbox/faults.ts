/** Faults of single AWS calls, in every way in which a call over a network can fail. */
import type { Cloud } from '../../sandbox/account/cloud.ts';
import { awsError } from '../../sandbox/account/service.ts';

export interface Which {
  readonly service: string;
  readonly operation: string;
  /** The function, for `lambda:Invoke`. */
  readonly functionName?: string;
  /** Only calls whose input names this, wherever in it. */
  readonly naming?: string;
  /** Only in that Region. */
  readonly region?: string;
}

/**
 * `throttled`, `denied` and `unavailable`: refused without effect. `reply lost`: it took effect,
 * and nobody hears of it.
 */
export type How = 'throttled' | 'unavailable' | 'denied' | 'reply lost';

export interface Fault {
  /** How many calls it has struck. */
  readonly struck: () => number;
  readonly mend: () => void;
}

export interface Faults {
  /** Every such call fails from now on, or so many. */
  fail(which: Which, how: How, times?: number): Fault;
  /**
   * Right after that call has succeeded, the function that made it dies: nothing can be called any
   * more until it has ended. Once.
   */
  dieAfter(which: Which): Fault;
  /** Something else happens while that call is under way, after it took effect. Once. */
  during(which: Which, happens: () => void): Fault;
}

interface Active {
  readonly which: Which;
  /** Instead of the call, or around it. */
  readonly strike: (proceed: () => Promise<unknown>) => Promise<unknown>;
  left: number;
  struck: number;
}

export function faultsIn(cloud: Cloud): Faults {
  const active: Active[] = [];
  let dead = false;

  const add = (which: Which, times: number, strike: Active['strike']): Fault => {
    const fault: Active = { which, strike, left: times, struck: 0 };
    active.push(fault);
    return {
      struck: () => fault.struck,
      mend: () => {
        fault.left = 0;
      },
    };
  };

  cloud.setInterceptor(async (call, proceed) => {
    if (dead) throw noAnswer();
    const fault = active.find((each) => each.left > 0 && matches(each.which, call));
    try {
      if (fault === undefined) return await proceed();
      fault.left -= 1;
      fault.struck += 1;
      return await fault.strike(proceed);
    } finally {
      // However a function ended, the next one lives.
      if (call.service === 'lambda') dead = false;
    }
  });

  return {
    fail: (which, how, times = Number.POSITIVE_INFINITY) =>
      add(which, times, (proceed) => failed(how, proceed)),
    dieAfter: (which) =>
      add(which, 1, async (proceed) => {
        const answer = await proceed();
        dead = true;
        return answer;
      }),
    during: (which, happens) =>
      add(which, 1, async (proceed) => {
        const answer = await proceed();
        happens();
        return answer;
      }),
  };
}

interface Call {
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly input: unknown;
}

function matches(which: Which, call: Call): boolean {
  const { service, operation, functionName, naming, region = call.region } = which;
  if (service !== call.service || operation !== call.operation) return false;
  if (region !== call.region) return false;
  if (naming !== undefined && !JSON.stringify(call.input).includes(naming)) return false;
  if (functionName === undefined) return true;
  return (call.input as { readonly FunctionName?: string }).FunctionName === functionName;
}

async function failed(how: How, proceed: () => Promise<unknown>): Promise<never> {
  switch (how) {
    case 'throttled':
      throw awsError('ThrottlingException', 'Rate exceeded');
    case 'unavailable':
      throw awsError('ServiceUnavailable', 'The service is unavailable', 503);
    case 'denied':
      throw awsError('AccessDenied', 'The role may not do that', 403);
    case 'reply lost':
      await proceed();
      throw noAnswer();
  }
}

/** What the SDK throws when a connection breaks: no HTTP status. */
function noAnswer(): Error {
  return Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
}
