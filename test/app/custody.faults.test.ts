/** Faults at every call, with the secret in Secrets Manager. */
import { vi } from 'vitest';
import { custodyFaults } from './custody-faults.ts';

// Thousands of runs; a busy machine must not make them fail.
vi.setConfig({ testTimeout: 240_000 });

custodyFaults('with Secrets Manager', {}, 60);
