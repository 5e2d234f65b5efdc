/** Faults at every call, with parameters in another Region and beside the vault. */
import { vi } from 'vitest';
import { custodyFaults } from './custody-faults.ts';

// Thousands of runs; a busy machine must not make them fail.
vi.setConfig({ testTimeout: 240_000 });

custodyFaults(
  'with two parameters',
  { Copies: 'parameter-store:us-east-2,parameter-store:eu-west-1' },
  40,
);
