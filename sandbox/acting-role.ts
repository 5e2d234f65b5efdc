/**
 * Under which role the hub acts. Its functions are deployed apart, each with a role of its own; in
 * the sandbox they share one composition, and the function that is running says whose session it
 * is that calls.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

const context = new AsyncLocalStorage<string>();

/** The same handler; what it calls, it calls in a session of that role. */
export function actingAs<A extends readonly unknown[], R>(
  roleName: string,
  handler: (...args: A) => R,
): (...args: A) => R {
  return (...args) => context.run(roleName, () => handler(...args));
}

/** The role of the function that is running; undefined outside of all of them. */
export function actingRole(): string | undefined {
  return context.getStore();
}
