/**
 * Deployed handlers refuse to start while there is no durable store; a tick a minute only filled
 * the queue of undelivered events.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { hubFromEnvironment } from '../../app/compose.ts';

const file = join(import.meta.dirname, '..', '..', 'infra', 'messaging.yml');

test('the schedule is off for as long as the tick refuses to start', () => {
  expect(() => hubFromEnvironment({})).toThrow();
  const { Resources } = parse(readFileSync(file, 'utf8'));
  expect(Resources.Tick.Properties.State).toBe('DISABLED');
});
