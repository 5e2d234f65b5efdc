/** What Macie found is told once per bucket and day, and opens no rotation. */
import { describe, expect, test } from 'vitest';
import { credentialsTeller } from '../../app/tell-credentials.ts';
import type { MacieFinding } from '../../domain/discovery.ts';
import { Transient } from '../../domain/errors.ts';
import { type Instant, instant, plus } from '../../domain/instant.ts';
import { givenShell } from './given-shell.ts';

const at = instant('2026-11-02T08:00:00Z');
const finding: MacieFinding = {
  ...{ id: 'one', account: '111122223333', region: 'us-east-1', at },
  ...{ bucket: 'backups', object: 'home/.env', count: 2 },
};

function given() {
  let now: Instant = at;
  let fails = false;
  const told: string[] = [];
  const tellTeam = async (news: string) => {
    if (fails) throw new Transient('Slack did not answer');
    told.push(news);
  };
  return {
    told,
    tell: credentialsTeller({ tellTeam }, { now: () => now }),
    later: (hours: number) => {
      now = plus(now, { hours });
    },
    fail: (whether: boolean) => {
      fails = whether;
    },
  };
}

describe('the team', () => {
  test('is told where they are, and what to do', async () => {
    const { told, tell } = given();
    expect(await tell(finding)).toBe('told');
    expect(told.join()).toContain('2 secret access keys in s3://backups/home/.env');
    await tell({ ...finding, bucket: 'other', count: null, object: 'x'.repeat(2000) });
    expect(told[1]).toContain('Macie found credentials in s3://other/xxx');
    expect(told[1]?.length).toBeLessThan(800);
  });

  test('is told of a bucket once a day', async () => {
    const { told, tell, later } = given();
    await tell(finding);
    expect(await tell({ ...finding, object: 'etc/.env' })).toBe('told before');
    await tell({ ...finding, account: '444455556666' });
    expect(told).toHaveLength(2);
    later(24);
    expect(await tell(finding)).toBe('told');
  });

  test('is told later if it cannot be told now', async () => {
    const { told, tell, fail } = given();
    fail(true);
    await expect(tell(finding)).rejects.toThrow(Transient);
    fail(false);
    expect(await tell(finding)).toBe('told');
    expect(told).toHaveLength(1);
  });
});

const event = {
  ...{ version: '0', id: 'e', source: 'aws.macie', 'detail-type': 'Macie Finding' },
  ...{ account: '111122223333', region: 'eu-west-1', time: '2026-11-02T08:00:00Z', resources: [] },
  detail: {
    ...{ id: 'one', accountId: '111122223333', region: 'eu-west-1', createdAt: at },
    type: 'SensitiveData:S3Object/Credentials',
    resourcesAffected: { s3Bucket: { name: 'backups' }, s3Object: { key: 'a <!channel> b' } },
  },
};

test('an event comes to a message in Slack, in which a name is a name', async () => {
  const { world } = await givenShell();
  expect(await world.deliver(event)).toMatchObject({
    outcome: 'ignored',
    reason: expect.stringContaining('the team is told'),
  });
  const [message, ...more] = world.slack.messages();
  expect(more).toEqual([]);
  expect(message?.text).toContain('a &lt;!channel&gt; b');
});
