/** The accounts that are served, and what is deployed in those that are not the hub's. */
import type { Deploy } from '../world.ts';
import type { Packages } from './package.ts';

export const servedAccounts: readonly string[] = ['111122223333'];

export function deployMembers(_packages: Packages): Deploy {
  return async () => [];
}
