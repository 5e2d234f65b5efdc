/** Faults at every call, with the secret in Secrets Manager. */
import { vi } from 'vitest';
import { custodyFaults } from './custody-faults.ts';

// Thousands of runs; a busy machine must not make them fail.
vi.setConfig({ testTimeout: 120_000 });

custodyFaults('with Secrets Manager', {}, 60);
