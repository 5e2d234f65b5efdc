/**
 * The time that a tick has. Lambda ends it without a word: what it was at would stay first in its
 * queue for ever, and what alarms count would not be logged. So a tick ends by itself before that.
 */

export interface TimeLeft {
  /** Milliseconds until the tick is ended from outside; Infinity where nobody ends it. */
  millis(): number;
  /**
   * What work comes to. Throws Transient, which says what was tried, if it takes longer than so
   * many milliseconds; whether it takes effect after all is not known then.
   */
  within<T>(millis: number, tried: string, work: () => Promise<T>): Promise<T>;
}

/** In a sandbox, where time is virtual, nothing is cut. */
export const endless: TimeLeft = {
  millis: () => Number.POSITIVE_INFINITY,
  within: (_millis, _tried, work) => work(),
};

/** Kept back to note what was cut off, to tell of accounts, and to write the log line. */
const reserveMillis = 15_000;

/** With less than that beside the reserve nothing is begun. */
const leastMillis = 15_000;

/** The same, as if it ended so many milliseconds earlier: they are for what comes afterwards. */
export function keepingBack(time: TimeLeft, millis: number): TimeLeft {
  return { millis: () => time.millis() - millis, within: time.within };
}

/** Whether something more may be begun, if so many milliseconds are to be left for others. */
export function mayBegin(time: TimeLeft, forOthers = 0): boolean {
  return time.millis() - forOthers >= reserveMillis + leastMillis;
}

/** What work comes to, cut off after so many milliseconds, and before the reserve is used. */
export function limited<T>(
  time: TimeLeft,
  most: number,
  tried: string,
  work: () => Promise<T>,
): Promise<T> {
  return time.within(Math.min(most, time.millis() - reserveMillis), tried, work);
}
