/**
 * Libraries that wait a moment before they try again do so in real time, which a campaign has not:
 * short waits are over at once while it runs. Long ones are time-outs, and stay.
 */

const shortMillis = 200;

/** Does something with short timers firing at once. Not for two at a time. */
export async function withHurriedTimers<T>(act: () => Promise<T>): Promise<T> {
  const real = globalThis.setTimeout;
  const hurried = (run: () => void, millis = 0, ...given: []): NodeJS.Timeout =>
    real(run, millis <= shortMillis ? 0 : millis, ...given);
  globalThis.setTimeout = Object.assign(hurried, real) as typeof setTimeout;
  try {
    return await act();
  } finally {
    globalThis.setTimeout = real;
  }
}
