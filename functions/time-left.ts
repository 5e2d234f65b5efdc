/** The time that Lambda leaves an invocation. */
import { endless, type TimeLeft } from '../app/time-left.ts';
import { Transient } from '../domain/errors.ts';
import type { InvocationContext } from './middleware.ts';

/** Endless where the context says nothing of time: in a sandbox. */
export function timeLeft(context: InvocationContext): TimeLeft {
  if (context.getRemainingTimeInMillis === undefined) return endless;
  const millis = () => context.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY;
  return { millis, within };
}

/** Work that is cut off goes on while this process is awake; nobody hears what becomes of it. */
async function within<T>(millis: number, tried: string, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<never>((_resolve, reject) => {
    const late = `${tried} took longer than ${Math.round(millis / 1000)} s; it is tried again`;
    timer = setTimeout(() => reject(new Transient(late)), millis);
  });
  try {
    return await Promise.race([work(), timeIsUp]);
  } finally {
    clearTimeout(timer);
  }
}
