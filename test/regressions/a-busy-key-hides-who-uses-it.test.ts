/**
 * A key with more events than are read at once was used by nobody as far as its owners were told,
 * and could not be deleted even by force.
 */
import { describe, expect, test } from 'vitest';
import { cloudTrailUsage } from '../../adapters/cloudtrail-usage.ts';
import { type Instant, instant, plus } from '../../domain/instant.ts';
import { judge } from '../../domain/judge.ts';
import type { TrailUse } from '../../domain/testimony.ts';
import { reasonOf } from '../../domain/verdict-text.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { cannedAws, throttled } from '../adapters/canned-aws.ts';
import { oldKeyId, now as readAt } from '../app/witnessed.ts';
import { attestedBy, forcedBy, story, use } from '../builders.ts';
import {
  gapsOf,
  judgedAt,
  mayDelete,
  onDeactivation,
  onDeletion,
  testimonyOfSoak,
  trailUse,
} from '../testimony.ts';

/** A trail of which only the newest uses were read. */
function cutOff(since: Instant, ...newest: readonly TrailUse[]) {
  return { complete: false, problem: 'more than 2000 events', since, newest } as const;
}

const hoursBefore = (at: Instant, hours: number) => plus(at, { hours: -hours });
const forced = { authority: forcedBy };

describe('the newest part of a trail', () => {
  const busy = (hours: number) => {
    const at = hoursBefore(judgedAt, hours);
    return cutOff(hoursBefore(at, 48), trailUse(at), trailUse(hoursBefore(at, 1)));
  };

  test('says who uses the old key, and from where', () => {
    const evidence = onDeactivation({ oldTrail: busy(2) });
    expect(evidence.verdict).toBe('in use');
    expect(reasonOf(evidence)).toContain(use(judgedAt).sourceIp);
  });

  test('does so once the key is quiet too, but a slow job may stand before it: unknown', () => {
    const evidence = onDeactivation({ oldTrail: busy(30) });
    expect(gapsOf(evidence)).toEqual(['cloudtrail']);
    expect(evidence.uses).toMatchObject([{ at: hoursBefore(judgedAt, 30) }]);
    expect(gapsOf(onDeactivation({ oldTrail: busy(30) }, { authority: attestedBy }))).toEqual([
      'cloudtrail',
    ]);
  });

  test('shows that session tokens were asked for', () => {
    const asked = trailUse(hoursBefore(judgedAt, 30), { eventName: 'GetSessionToken' });
    const evidence = onDeactivation({ oldTrail: cutOff(hoursBefore(judgedAt, 40), asked) });
    expect(evidence).toMatchObject({ verdict: 'in use', quietHours: 37 });
  });

  test('shows that the new key was picked up', () => {
    const newTrail = cutOff(hoursBefore(judgedAt, 30), trailUse(hoursBefore(judgedAt, 29)));
    const evidence = onDeactivation({ newTrail });
    expect(evidence).toMatchObject({ verdict: 'safe', basis: 'evidence', pickup: { seen: true } });
  });

  test('does not show it if all that was read is Keyturn’s own', () => {
    const own = use(hoursBefore(judgedAt, 29), { userAgent: 'keyturn-custodian/1' });
    const newTrail = cutOff(hoursBefore(judgedAt, 30), trailUse(own.at, { use: own }));
    expect(gapsOf(onDeactivation({ newTrail }))).toEqual(['cloudtrail', 'pickup']);
  });
});

describe('a key that is off and whose trail was cut off', () => {
  const { deactivated } = story;
  const quiet = cutOff(deactivated, trailUse(hoursBefore(deactivated, 30)));

  test('is deleted by force if all since it is off was read', () => {
    expect(onDeletion({ oldTrail: quiet }, forced)).toMatchObject({
      verdict: 'safe',
      basis: 'forced',
    });
  });

  test('and not if something after that may be missing', () => {
    const late = { ...quiet, since: plus(deactivated, { milliseconds: 1 }) };
    expect(gapsOf(onDeletion({ oldTrail: late }, forced))).toEqual(['cloudtrail']);
  });

  test('nor if it was used since', () => {
    const since = trailUse(plus(deactivated, { milliseconds: 1 }));
    const used = cutOff(deactivated, since);
    expect(onDeletion({ oldTrail: used }, forced).verdict).toBe('in use');
  });

  test('nor by force before the time at which it was switched off is known', () => {
    const asked = mayDelete({ ...forced, deactivatedAt: null });
    const evidence = judge(testimonyOfSoak({ oldTrail: quiet }), asked, story.deleteAt);
    expect(evidence.verdict).toBe('unknown');
  });

  test('nor without force while its last use shows it in use', () => {
    const used = cutOff(hoursBefore(deactivated, 12), trailUse(hoursBefore(deactivated, 10)));
    expect(onDeletion({ oldTrail: used }).verdict).toBe('in use');
  });

  test.each([{ kind: 'evidence' } as const, attestedBy])('nor without force', (authority) => {
    expect(gapsOf(onDeletion({ oldTrail: quiet }, { authority }))).toEqual(['cloudtrail']);
  });
});

describe('LookupEvents read up to the page cap', () => {
  const since = instant('2026-08-12T12:00:00Z');
  const event = (eventTime: string) => ({
    EventId: eventTime,
    CloudTrailEvent: JSON.stringify({
      eventTime,
      eventSource: 's3.amazonaws.com',
      eventName: 'ListBuckets',
      awsRegion: 'eu-west-1',
      sourceIPAddress: '203.0.113.7',
    }),
  });
  const hour = (n: number) => event(hoursBefore(readAt, n));
  /** Region by Region: pages of two events, newest first, the first so many hours ago. */
  const reading = (pages: (region: string, page: number) => unknown) => {
    const { connectionIn } = cannedAws({
      LookupEvents: ({ NextToken = '0' }, region) => {
        const page = Number(NextToken);
        const answer = pages(region, page);
        return { NextToken: String(page + 1), ...Object(answer) };
      },
    });
    const setup = { region: 'eu-west-1', partition: 'aws', maxPages: 3 } as const;
    const source = cloudTrailUsage({ ...setup, connectionIn, clock: virtualClock(readAt) });
    return source.uses({ keyId: oldKeyId, since, inRegions: [] });
  };
  const end = { Events: [], NextToken: undefined };

  test('keeps what it read, and says from when on that is all', async () => {
    const uses = await reading((region, page) =>
      region === 'us-east-1' ? end : { Events: [hour(2 * page + 1), hour(2 * page + 2)] },
    );
    expect(uses).toMatchObject({
      complete: false,
      problem: expect.stringContaining('150 events'),
      since: hoursBefore(readAt, 5),
    });
    const newest = 'newest' in uses ? uses.newest.map((each) => each.use.at) : [];
    expect(newest).toEqual([1, 2, 3, 4, 5, 6].map((n) => hoursBefore(readAt, n)));
  });

  test('is complete from the latest of several Regions’ moments on', async () => {
    const uses = await reading((region, page) => ({
      Events: [hour((region === 'us-east-1' ? 1 : 10) + page)],
    }));
    expect(uses).toMatchObject({ since: hoursBefore(readAt, 3) });
    expect('newest' in uses && uses.newest).toHaveLength(6);
  });

  test('proves no silence while another Region does not answer', async () => {
    const uses = await reading((region, page) => {
      if (region === 'us-east-1') throw throttled();
      return { Events: [hour(page + 1)] };
    });
    expect(uses.complete).toBe(false);
    expect('since' in uses && uses.since >= readAt).toBe(true);
    expect('newest' in uses && uses.newest).toHaveLength(3);
  });

  test('says nothing if the pages are empty', async () => {
    expect(await reading(() => ({ Events: [] }))).not.toHaveProperty('since');
  });
});
