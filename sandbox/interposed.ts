/**
 * Whoever stands between the parts of a world: what the hub is told, what it is wired to, and what
 * invokes its handlers can each be exchanged for something that first asks a simulator's faults.
 */
import type { GitHubFetch } from '../adapters/github-call.ts';
import type { HubWires } from '../app/compose.ts';
import type { HubSettings } from '../app/config.ts';
import type { FunctionHandler } from './account/lambda.ts';
import type { Handlers } from './handlers.ts';

export interface Interposed {
  readonly settings?: (settings: HubSettings) => HubSettings;
  readonly wires?: (wires: Required<HubWires>) => HubWires;
  readonly handlers?: (handlers: Handlers) => Handlers;
  /** A function beside the keys, by its name. */
  readonly beside?: (name: string, handler: FunctionHandler) => FunctionHandler;
  /** What the custodian reaches GitHub by. */
  readonly gitHub?: (fetch: GitHubFetch) => GitHubFetch;
}

/** Everything as it is. */
export const nobody: Required<Interposed> = {
  settings: (settings) => settings,
  wires: (wires) => wires,
  handlers: (handlers) => handlers,
  beside: (_name, handler) => handler,
  gitHub: (fetch) => fetch,
};
