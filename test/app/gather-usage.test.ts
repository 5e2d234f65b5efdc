/** One testimony from all sources: those that err leave gaps. */
import { describe, expect, it } from 'vitest';
import { gatherUsage } from '../../app/gather-usage.ts';
import { Bug, Permanent, Transient } from '../../domain/errors.ts';
import { instant } from '../../domain/instant.ts';
import type { TrailQuestion, UsageSources } from '../../domain/usage-sources.ts';
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
    expect(testimony.at).toBe(now);
    expect(Object.values(testimony).filter((part) => typeof part === 'object')).toSatisfy(
      (parts: { complete: boolean }[]) => parts.length === 6 && parts.every((p) => p.complete),
    );
    expect(questions).toEqual([
      { keyId: oldKeyId, since: '2026-08-12T12:00:00.000Z', alsoIn: [] },
      { keyId: newKeyId, since: examination.issued.currentSince, alsoIn: ['eu-west-1'] },
    ]);
  });

  it('asks for no Region when last-used names none', async () => {
    const sources = sourcesTelling();
    const alsoIn: (readonly string[])[] = [];
    const asking: UsageSources = {
      ...sources,
      lastUsed: {
        lastUsed: async () => ({ ...trailUseAt('2026-11-09T00:00:00Z').use, region: 'unknown' }),
      },
      trail: {
        ...sources.trail,
        uses: async (question) => {
          alsoIn.push(question.alsoIn);
          return { complete: true, value: [] };
        },
      },
    };
    await gatherUsage(asking, examination, now);
    expect(alsoIn).toEqual([[], []]);
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
        lastUsed: { lastUsed: fails },
        trail: sources.trail,
        standing: { ...sources.standing, standing: fails },
      },
      examination,
      now,
    );
    const gap = { complete: false, problem: error.message };
    expect(testimony).toMatchObject({ standing: gap, oldLastUsed: gap, newLastUsed: gap });
    expect(testimony.oldTrail.complete).toBe(true);
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
    const soaking = { ...examination, purpose: 'delete' as const, deactivatedAt };
    const after = await gatherUsage({ ...sources, trail }, soaking, now);
    expect(after.statusChanges).toEqual({ complete: false, problem: 'throttled' });
    expect(asked).toEqual([[oldKeyId, deactivatedAt]]);
  });

  it('is incomplete when the deactivation is older than the event history', async () => {
    const deactivatedAt = instant('2026-08-01T00:00:00Z');
    const long = { ...examination, purpose: 'delete' as const, deactivatedAt };
    const testimony = await gatherUsage(sourcesTelling(), long, now);
    expect(testimony.statusChanges.complete).toBe(false);
  });
});
