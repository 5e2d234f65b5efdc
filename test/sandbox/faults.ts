/** Faults of single AWS calls, in every way in which a call over a network can fail. */
import type { Cloud } from '../../sandbox/account/cloud.ts';
import { awsError } from '../../sandbox/account/service.ts';

export interface Which {
  readonly service: string;
  readonly operation: string;
  /** The function, for `lambda:Invoke`. */
  readonly functionName?: string;
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
}

interface Active {
  readonly which: Which;
  readonly how: How;
  left: number;
  struck: number;
}

export function faultsIn(cloud: Cloud): Faults {
  const active: Active[] = [];
  let deadly: { readonly which: Which; struck: number; left: number } | undefined;
  let dead = false;

  cloud.setInterceptor(async (call, proceed) => {
    if (dead) throw noAnswer();
    if (call.service === 'lambda' && call.operation === 'Invoke') {
      const fault = active.find((each) => each.left > 0 && matches(each.which, call));
      if (fault !== undefined) return strike(fault, proceed);
      try {
        return await proceed();
      } finally {
        dead = false;
      }
    }
    const fault = active.find((each) => each.left > 0 && matches(each.which, call));
    if (fault !== undefined) return strike(fault, proceed);
    const answer = await proceed();
    if (deadly !== undefined && deadly.left > 0 && matches(deadly.which, call)) {
      deadly.left -= 1;
      deadly.struck += 1;
      dead = true;
    }
    return answer;
  });

  return {
    fail: (which, how, times = Number.POSITIVE_INFINITY) => {
      const fault: Active = { which, how, left: times, struck: 0 };
      active.push(fault);
      return {
        struck: () => fault.struck,
        mend: () => {
          fault.left = 0;
        },
      };
    },
    dieAfter: (which) => {
      const fault = { which, struck: 0, left: 1 };
      deadly = fault;
      return {
        struck: () => fault.struck,
        mend: () => {
          fault.left = 0;
        },
      };
    },
  };
}

type Call = { readonly service: string; readonly operation: string; readonly input: unknown };

function matches({ service, operation, functionName }: Which, call: Call): boolean {
  if (service !== call.service || operation !== call.operation) return false;
  if (functionName === undefined) return true;
  return (call.input as { readonly FunctionName?: string }).FunctionName === functionName;
}

async function strike(fault: Active, proceed: () => Promise<unknown>): Promise<never> {
  fault.left -= 1;
  fault.struck += 1;
  switch (fault.how) {
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
