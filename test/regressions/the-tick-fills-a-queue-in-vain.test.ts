/**
 * Ticks that fail, or that come while another is at work, went to the queue of undelivered events,
 * one a minute, where events that somebody must send on drowned among them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const read = (file: string) =>
  parse(readFileSync(join(import.meta.dirname, '..', '..', file), 'utf8'));

test('a tick that nobody takes is kept apart, where nobody is alarmed by it', () => {
  const { Target } = read('infra/schedules.yml').Resources.Tick.Properties;
  const { destinations } = read('serverless.yml').functions.onTick;
  const missed = { 'Fn::GetAtt': ['MissedTicks', 'Arn'] };
  expect(Target.DeadLetterConfig.Arn).toEqual(missed);
  expect(destinations.onFailure.arn).toEqual(missed);
  expect(readFileSync(join(import.meta.dirname, '../../infra/alarms.yml'), 'utf8')).not.toContain(
    'MissedTicks',
  );
});
