/** One testimony from all sources: those that err leave gaps. */
import { describe, expect, it } from 'vitest';
import { gatherUsage } from '../../app/gather-usage.ts';
import { Bug, Permanent, Transient } from '../../domain/errors.ts';
import { instant, plus } from '../../domain/instant.ts';
import type { TrailQuerySource, TrailQuestion, UsageSources } from '../../domain/usage-sources.ts';
import { examination, newKeyId, now, oldKeyId, sourcesTelling, trailUseAt } from './witnessed.ts';

describe('gathering usage', () => {
  it('asks every source and dates the testimony at the start', async () => {
    const questions: TrailQuestion[] = [];
    const sources = sourcesTelling();
    const trail = {
      ...sources.trail,
      uses: async (question: TrailQuestion) => {
        questions.push(question);
        return sources.trail.uses(question);
      },
    };
    const testimony = await gatherUsage({ ...sources, trail }, examination, now);
    const inRegions = ['eu-west-1', 'us-east-1'];
    expect(testimony.at).toBe(now);
    expect(Object.values(testimony).filter((part) => typeof part === 'object')).toSatisfy(
      (parts: { complete: boolean }[]) => parts.length === 6 && parts.every((p) => p.complete),
    );
    expect(questions).toEqual([
      { keyId: oldKeyId, since: '2026-08-12T12:00:00.000Z', inRegions },
      { keyId: newKeyId, since: examination.issued.currentSince, inRegions },
    ]);
  });

  it.each([
    ['unknown', ['eu-west-1', 'us-east-1']],
    ['us-east-1', ['eu-west-1', 'us-east-1']],
    ['me-south-1', ['eu-west-1', 'us-east-1', 'me-south-1']],
  ])('asks in every Region, and where last-used names %s', async (region, expected) => {
    const sources = sourcesTelling();
    const inRegions: (readonly string[])[] = [];
    const asking: UsageSources = {
      ...sources,
      lastUsed: {
        lastUsed: async () => ({ ...trailUseAt('2026-11-09T00:00:00Z').use, region }),
      },
      trail: {
        ...sources.trail,
        uses: async (question) => {
          inRegions.push(question.inRegions);
          return { complete: true, value: [] };
        },
      },
    };
    const { regionsAsked } = await gatherUsage(asking, examination, now);
    expect(inRegions).toEqual([expected, expected]);
    expect(regionsAsked).toBe(expected.length);
  });
});

describe('gathering from sources that fail', () => {
  it.each([
    ['Transient', new Transient('throttled')],
    ['Permanent', new Permanent('denied')],
  ])('turns a source that throws %s into a gap, and keeps the others', async (_name, error) => {
    const fails = async () => Promise.reject(error);
    const sources = sourcesTelling();
    const testimony = await gatherUsage(
      {
        ...sources,
        lastUsed: { lastUsed: fails },
        standing: { ...sources.standing, standing: fails },
      },
      examination,
      now,
    );
    const gap = { complete: false, problem: error.message };
    expect(testimony).toMatchObject({ standing: gap, oldLastUsed: gap, newLastUsed: gap });
    expect(testimony.oldTrail.complete).toBe(true);
  });

  describe('among them the list of Regions', () => {
    const denied = new Permanent('denied');
    const regions = { enabled: async () => Promise.reject(denied) };

    it('calls no trail complete, and keeps what is known elsewhere', async () => {
      const testimony = await gatherUsage({ ...sourcesTelling(), regions }, examination, now);
      const cut = { complete: false, problem: 'denied', since: now };
      expect(testimony).toMatchObject({ oldTrail: cut, newTrail: cut, regionsAsked: 0 });
      expect('newest' in testimony.oldTrail && testimony.oldTrail.newest).toHaveLength(1);
    });

    it('says what else is missing', async () => {
      const oldTrail = { complete: false, problem: 'throttled' } as const;
      const newTrail = { ...oldTrail, since: now, newest: [] };
      const sources = { ...sourcesTelling({ oldTrail, newTrail }), regions };
      const testimony = await gatherUsage(sources, examination, now);
      const problem = 'denied; throttled';
      expect(testimony.oldTrail).toEqual({ complete: false, problem });
      expect(testimony.newTrail).toEqual({ complete: false, problem, since: now, newest: [] });
    });
  });

  it('lets a defect of our own through', async () => {
    const sources = sourcesTelling();
    const lastUsed = { lastUsed: async () => Promise.reject(new Bug('broken')) };
    await expect(gatherUsage({ ...sources, lastUsed }, examination, now)).rejects.toThrow(Bug);
  });
});

describe('gathering status changes', () => {
  it('asks only once the old key was switched off', async () => {
    const asked: unknown[] = [];
    const sources = sourcesTelling();
    const trail = {
      ...sources.trail,
      statusChanges: async (...question: unknown[]) => {
        asked.push(question);
        return { complete: false, problem: 'throttled' } as const;
      },
    };
    const before = await gatherUsage({ ...sources, trail }, examination, now);
    expect(before.statusChanges).toEqual({ complete: true, value: [] });
    const deactivatedAt = instant('2026-11-09T12:00:00Z');
    const clearUntil = plus(deactivatedAt, { hours: 20 });
    const soaking = { ...examination, purpose: 'delete' as const, deactivatedAt, clearUntil };
    const after = await gatherUsage({ ...sources, trail }, soaking, now);
    expect(after.statusChanges).toEqual({ complete: false, problem: 'throttled' });
    expect(asked).toEqual([[oldKeyId, clearUntil]]);
  });

  it('is incomplete when nothing is known since before the event history', async () => {
    const deactivatedAt = instant('2026-07-01T00:00:00Z');
    const statusChanges = async (daysAgo: number) => {
      const clearUntil = plus(now, { days: -daysAgo });
      const long = { ...examination, purpose: 'delete' as const, deactivatedAt, clearUntil };
      return (await gatherUsage(sourcesTelling(), long, now)).statusChanges;
    };
    expect(await statusChanges(90)).toMatchObject({ complete: true });
    expect(await statusChanges(91)).toMatchObject({ complete: false });
  });
});

describe('a query over a trail', () => {
  const uses = [trailUseAt('2026-11-09T03:00:00Z')];
  const answer = { since: instant('2026-08-12T12:00:00Z'), uses };
  const asking = (ask: TrailQuerySource['uses']) => ({
    ...sourcesTelling(),
    trailQuery: { uses: ask },
  });

  it('is asked about the old key alone, in every Region of the account', async () => {
    const asked: unknown[] = [];
    const sources = asking(async (...question) => {
      asked.push(question);
      return answer;
    });
    const { queried } = await gatherUsage(sources, examination, now);
    expect(queried).toEqual({ complete: true, value: answer });
    expect(asked).toEqual([[oldKeyId, ['eu-west-1', 'us-east-1']]]);
  });

  it('that cannot say leaves a gap with the reason; a defect of ours goes on up', async () => {
    const failing = (error: Error) => asking(() => Promise.reject(error));
    const problem = 'the query runs on';
    const { queried } = await gatherUsage(failing(new Transient(problem)), examination, now);
    expect(queried).toEqual({ complete: false, problem });
    await expect(gatherUsage(failing(new Bug('ours')), examination, now)).rejects.toThrow(Bug);
  });

  it('is a gap where the Regions are not known, and is then not asked', async () => {
    const regions = { enabled: () => Promise.reject(new Transient('no Regions')) };
    const sources = { ...asking(() => Promise.reject(new Bug('asked'))), regions };
    const { queried } = await gatherUsage(sources, examination, now);
    expect(queried).toEqual({ complete: false, problem: 'no Regions' });
  });

  it('is none of the testimony where none is configured', async () => {
    expect(await gatherUsage(sourcesTelling(), examination, now)).not.toHaveProperty('queried');
  });
});
