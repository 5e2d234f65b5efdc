/** Faults at every call of AWS and of GitHub, with a repository as a further place. */
import { vi } from 'vitest';
import { custodyFaults } from './custody-faults.ts';

// Thousands of runs; a busy machine must not make them fail.
vi.setConfig({ testTimeout: 240_000 });

custodyFaults('with a repository', { Copies: 'github-actions:acme/web' }, 40);
custodyFaults(
  'with a repository, and the vault in Parameter Store',
  { Copies: 'github-actions:acme/web,eu-west-1', Vault: 'parameter-store' },
  20,
);
