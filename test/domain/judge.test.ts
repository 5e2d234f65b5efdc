/** From testimony to evidence: every rule at its boundary. */
import { describe, expect, test } from 'vitest';
import { fromMillis, type Instant, plus, toMillis } from '../../domain/instant.ts';
import { judge, noEvidence } from '../../domain/judge.ts';
import type { Testimony } from '../../domain/testimony.ts';
import { reasonOf } from '../../domain/verdict-text.ts';
import { attestedBy, forcedBy, issued, story, use } from '../builders.ts';
import {
  gapsOf,
  judgedAt,
  mayDeactivate,
  onDeactivation,
  onDeletion,
  reading,
  standing,
  testimony,
  trailUse,
  unread,
  usedBefore,
} from '../testimony.ts';

const hours = (count: number) => plus(judgedAt, { hours: -count });
const forced = { authority: forcedBy };
const attested = { authority: attestedBy };

/** Somebody else, who asks another service from elsewhere. */
const byAnother = (at: Instant) =>
  trailUse(at, {
    use: use(at, { service: 'EC2', userAgent: 'terraform/1.9', sourceIp: '198.51.100.9' }),
  });

describe('quiet', () => {
  test('is safe when the old key was never used and the new one is', () => {
    expect(onDeactivation({})).toMatchObject({ verdict: 'safe', basis: 'evidence', uses: [] });
  });

  test('a use in CloudTrail must be 24 h and the 4 h lag ago, to the millisecond', () => {
    const told = { oldTrail: usedBefore(judgedAt, 28) };
    expect(onDeactivation(told)).toMatchObject({ verdict: 'safe', quietAt: judgedAt });
    const aMillisecondEarlier = fromMillis(toMillis(judgedAt) - 1);
    const early = judge(
      testimony(told),
      mayDeactivate({ notBefore: hours(1) }),
      aMillisecondEarlier,
    );
    expect(early.verdict).toBe('in use');
  });

  test('last-used may hide a use up to 15 minutes later', () => {
    const at = (minutes: number) => ({
      oldLastUsed: reading(use(plus(hours(28), { minutes: -minutes }), { source: 'last-used' })),
    });
    expect(onDeactivation(at(15)).verdict).toBe('safe');
    expect(onDeactivation(at(14)).verdict).toBe('in use');
  });

  test('one known use shows no cadence: the floor stands', () => {
    const evidence = onDeactivation({ oldTrail: usedBefore(judgedAt, 28) });
    expect(evidence).toMatchObject({ verdict: 'safe', quietHours: 24 });
  });

  test('two uses: twice the gap between them', () => {
    const evidence = onDeactivation({ oldTrail: usedBefore(judgedAt, 28, 800) });
    expect(evidence).toMatchObject({ verdict: 'in use', quietHours: 1544 });
  });

  test('one use that both sources report is one known use', () => {
    const evidence = onDeactivation({
      oldTrail: reading([trailUse(hours(30)), byAnother(hours(800))]),
      oldLastUsed: reading(use(hours(30), { source: 'last-used' })),
    });
    expect(evidence.quietHours).toBe(24);
  });

  test.each([
    [-1, 2],
    [0, 1],
    [15 * 60_000, 1],
    [15 * 60_000 + 1, 2],
  ])('in CloudTrail %d ms after the date of last-used: %d known', (late, known) => {
    const at = hours(30);
    const evidence = onDeactivation({
      oldTrail: reading([trailUse(plus(at, { milliseconds: late })), byAnother(hours(800))]),
      oldLastUsed: reading(use(at, { source: 'last-used', sourceIp: 'unknown' })),
    });
    // Three known uses by whomever make a cadence, two by two users make none.
    expect(evidence.quietHours > 24).toBe(known === 2);
    expect(evidence.uses.filter(({ source }) => source === 'last-used')).toHaveLength(known - 1);
  });

  test('three uses: twice the longest gap between them', () => {
    const evidence = onDeactivation({ oldTrail: usedBefore(judgedAt, 30, 31, 51) });
    expect(evidence).toMatchObject({ verdict: 'in use', quietHours: 40, quietAt: hours(30 - 44) });
  });

  test('the order in which uses are told does not matter', () => {
    const one = onDeactivation({ oldTrail: usedBefore(judgedAt, 30, 31, 51) });
    expect(onDeactivation({ oldTrail: usedBefore(judgedAt, 51, 30, 31) })).toEqual(one);
  });

  test('a monthly job is not cut: a month of silence is no quiet', () => {
    const day = 24;
    const evidence = onDeactivation({
      oldTrail: usedBefore(judgedAt, 29 * day, 59 * day, 89 * day),
    });
    expect(evidence).toMatchObject({ verdict: 'in use', quietHours: 60 * day });
  });

  test.each(['GetSessionToken', 'GetFederationToken'])('%s asks for 37 h', (eventName) => {
    const told = (ago: number) => ({ oldTrail: reading([trailUse(hours(ago), { eventName })]) });
    expect(onDeactivation(told(41))).toMatchObject({ verdict: 'safe', quietHours: 37 });
    expect(onDeactivation(told(40)).verdict).toBe('in use');
  });

  test('session tokens never shorten what the cadence asks for', () => {
    const [token, ...rest] = usedBefore(judgedAt, 30, 31, 55).value;
    const tokens = { ...(token ?? trailUse(hours(30))), eventName: 'GetSessionToken' };
    expect(onDeactivation({ oldTrail: reading([tokens, ...rest]) }).quietHours).toBe(48);
  });

  test('a use from after the clock of the witness is a use', () => {
    expect(onDeactivation({ oldTrail: usedBefore(judgedAt, -1) }).verdict).toBe('in use');
  });
});

describe('pickup', () => {
  const unpicked = { newTrail: reading([]) };

  test('nobody used the new key: unknown, for want of pickup', () => {
    const evidence = onDeactivation(unpicked);
    expect(gapsOf(evidence)).toEqual(['pickup']);
    expect(evidence.pickup).toEqual({ seen: false });
  });

  test('the earliest use of the new key counts', () => {
    const newTrail = reading([trailUse(hours(3)), trailUse(hours(30)), trailUse(hours(7))]);
    expect(onDeactivation({ newTrail }).pickup).toMatchObject({ seen: true, at: hours(30) });
  });

  test('the custodian’s own calls are known by their request id', () => {
    const requestId = issued.testRequestIds[1] ?? 'missing';
    const newTrail = reading([trailUse(hours(30), { requestId })]);
    expect(gapsOf(onDeactivation({ newTrail }))).toEqual(['pickup']);
  });

  test('and by their user agent', () => {
    const userAgent = 'aws-sdk-js/3.1 keyturn-custodian/1';
    const newTrail = reading([trailUse(hours(30), { use: use(hours(30), { userAgent }) })]);
    expect(gapsOf(onDeactivation({ newTrail }))).toEqual(['pickup']);
  });

  test('and by their time: before the key became current nobody can have read it', () => {
    const at = (seconds: number) => ({
      newTrail: reading([trailUse(plus(issued.currentSince, { seconds }))]),
    });
    expect(gapsOf(onDeactivation(at(0)))).toEqual(['pickup']);
    expect(onDeactivation(at(1)).verdict).toBe('safe');
  });

  test('last-used proves pickup only beyond 4 h 15 min after the last verification', () => {
    const at = (milliseconds: number) => ({
      ...unpicked,
      newLastUsed: reading(
        use(plus(issued.currentSince, { hours: 4, minutes: 15, milliseconds }), {
          source: 'last-used',
        }),
      ),
    });
    expect(gapsOf(onDeactivation(at(0)))).toEqual(['pickup']);
    expect(onDeactivation(at(1))).toMatchObject({ verdict: 'safe', basis: 'evidence' });
  });

  test('the owner’s word stands in for pickup', () => {
    expect(onDeactivation(unpicked, attested)).toMatchObject({
      verdict: 'safe',
      basis: 'attested',
    });
  });

  test('the owner’s word is not needed, nor named, once pickup is seen', () => {
    expect(onDeactivation({}, attested)).toMatchObject({ verdict: 'safe', basis: 'evidence' });
  });

  test('the owner’s word does not stand in for quiet', () => {
    const told = { ...unpicked, oldTrail: usedBefore(judgedAt, 2) };
    expect(onDeactivation(told, attested).verdict).toBe('in use');
  });
});

describe('sources that did not answer', () => {
  const sources = ['oldLastUsed', 'oldTrail'] as const;

  test.each(sources)('%s unread is never safe', (source) => {
    const evidence = onDeactivation({ [source]: unread() });
    const about = source.endsWith('Trail') ? 'cloudtrail' : 'last-used';
    expect(evidence.verdict).toBe('unknown');
    expect(gapsOf(evidence)).toContain(about);
    expect(onDeactivation({ [source]: unread() }, attested).verdict).toBe('unknown');
    expect(onDeletion({ [source]: unread() }).verdict).toBe('unknown');
  });

  test('every gap is named, the old key’s first', () => {
    const silent = {
      oldLastUsed: unread('no oldLastUsed'),
      oldTrail: unread('no oldTrail'),
      newLastUsed: unread('no newLastUsed'),
      newTrail: unread('no newTrail'),
    };
    expect(reasonOf(onDeactivation(silent))).toBe(
      'Unknown: no oldLastUsed; no oldTrail; no newLastUsed; no newTrail; ' +
        'nobody has used new key …MPLE yet, and nobody attested.',
    );
  });

  test('a use that is known counts although another source is silent', () => {
    const told = { oldLastUsed: reading(use(hours(2))), oldTrail: unread() };
    expect(onDeactivation(told).verdict).toBe('in use');
  });

  test('standing unread: unknown, and the old key’s status is not guessed', () => {
    const evidence = onDeactivation({ standing: unread() });
    expect(evidence).toMatchObject({ verdict: 'unknown', oldKey: 'unknown', userGone: false });
  });

  test('a witness that cannot be asked is never safe', () => {
    expect(noEvidence('no answer', judgedAt)).toMatchObject({
      verdict: 'unknown',
      oldKey: 'unknown',
      userGone: false,
    });
  });
});

describe('how keys and secret stand', () => {
  const broken: readonly [string, Partial<Testimony>][] = [
    ['the old key is off', { standing: reading(standing({ oldKey: 'Inactive' })) }],
    ['the old key is gone', { standing: reading(standing({ oldKey: 'Gone' })) }],
    ['the new key is off', { standing: reading(standing({ newKey: 'Inactive' })) }],
    ['the new key is gone', { standing: reading(standing({ newKey: 'Gone' })) }],
    ['AWSCURRENT is another version', { standing: reading(standing({ currentVersionId: 'x' })) }],
    ['the secret is gone', { standing: reading(standing({ currentVersionId: null })) }],
    ['a copy is behind', { standing: reading(standing({ copiesBehind: ['us-east-2'] })) }],
    ['the user is gone', { standing: reading(standing({ userGone: true })) }],
    ['the user was made again', { standing: reading(standing({ userId: 'AIDAEXAMPLEOTHER' })) }],
    ['the age is unknown', { standing: reading(standing({ oldKeyCreatedAt: null })) }],
    ['standing is unread', { standing: unread() }],
  ];

  test.each(broken)('%s: unknown, and neither word nor force overrides it', (_, told) => {
    for (const asked of [{}, attested, forced]) {
      expect(gapsOf(onDeactivation(told, asked))).toContain('standing');
    }
  });

  test('a user made again under the same name is another user', () => {
    const told = { standing: reading(standing({ userId: 'AIDAEXAMPLEOTHER' })) };
    expect(onDeactivation(told).userGone).toBe(true);
  });
});

describe('the deadline', () => {
  const early = fromMillis(toMillis(story.deactivateAt) - 1);

  test.each([[{}], [attested], [forced]])('is never passed early: %j', (asked) => {
    expect(gapsOf(judge(testimony(), mayDeactivate(asked), early))).toEqual(['deadline']);
    expect(judge(testimony(), mayDeactivate(asked), story.deactivateAt).verdict).toBe('safe');
  });
});

describe('force', () => {
  const inUse = { oldTrail: usedBefore(judgedAt, 1), newTrail: reading([]) };

  test('overrides use and want of pickup', () => {
    expect(onDeactivation(inUse, forced)).toMatchObject({ verdict: 'safe', basis: 'forced' });
  });

  test('overrides sources that did not answer', () => {
    const told = { oldTrail: unread(), newTrail: unread(), oldLastUsed: unread() };
    expect(onDeactivation(told, forced)).toMatchObject({ verdict: 'safe', basis: 'forced' });
  });

  test('still shows who uses the key', () => {
    expect(onDeactivation(inUse, forced).uses).toHaveLength(1);
  });
});

describe('what people see', () => {
  test('who uses the key, each sort once, newest first, at most ten', () => {
    const oldTrail = reading(
      Array.from({ length: 40 }, (_, index) => {
        const sourceIp = `203.0.113.${index % 20}`;
        return trailUse(hours(index + 1), { use: use(hours(index + 1), { sourceIp }) });
      }),
    );
    const { uses } = onDeactivation({ oldTrail });
    expect(uses.map((each) => each.at)).toEqual(
      Array.from({ length: 10 }, (_, index) => hours(index + 1)),
    );
  });

  test('a sentence that names the use and when it would be quiet', () => {
    expect(reasonOf(onDeactivation({ oldTrail: usedBefore(judgedAt, 2) }))).toBe(
      'The old key is in use: S3 in eu-west-1 from 203.0.113.7 with aws-cli/2.15 at ' +
        '2026-11-04 09:00 UTC. Quiet for long enough at 2026-11-05 13:00 UTC at the earliest.',
    );
  });

  test('a sentence for safe', () => {
    expect(reasonOf(onDeactivation({}))).toBe(
      'Safe (evidence): no use is known (CloudTrail was read in 17 Regions).',
    );
    expect(reasonOf(onDeactivation({ oldTrail: usedBefore(judgedAt, 28) }))).toBe(
      'Safe (evidence): quiet since 2026-11-03 07:00 UTC (CloudTrail was read in 17 Regions).',
    );
  });

  test('evidence is plain JSON', () => {
    const evidence = onDeactivation({ oldTrail: usedBefore(judgedAt, 2, 3, 50) });
    expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence);
  });
});
