/** Calls that AWS throttles are made again after a pause: a full account is no gap in evidence. */
import type { Clock } from '../domain/ports.ts';
import { isThrottled } from './aws-error.ts';

/** Before the second, third and fourth try. */
const pausesMillis = [1000, 2000, 4000] as const;

/** What the call answers, tried 4 times at most while it is throttled. Other errors go on up. */
export async function backingOff<T>(
  clock: Pick<Clock, 'sleep'>,
  call: () => Promise<T>,
): Promise<T> {
  for (const pause of pausesMillis) {
    try {
      return await call();
    } catch (error) {
      if (!isThrottled(error)) throw error;
      await clock.sleep(pause);
    }
  }
  return call();
}
