/** Faults at every call, with copies of the secret in other Regions. */
import { vi } from 'vitest';
import { custodyFaults } from './custody-faults.ts';

// Thousands of runs; a busy machine must not make them fail.
vi.setConfig({ testTimeout: 240_000 });

custodyFaults('with two copies', { Copies: 'us-east-2,ap-south-1' }, 40);
