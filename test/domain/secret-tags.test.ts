/** The tags of a native rotation: what is written is what is read, within a tag's limits. */
import { describe, expect, test } from 'vitest';
import { instant } from '../../domain/instant.ts';
import {
  attemptsIn,
  nativeIssueIn,
  secretTags,
  tagsAfterMove,
  tagsBeforeMove,
  tagsOfAttempt,
} from '../../domain/secret-tags.ts';
import { issued, newKeyId, oldKeyId, rotationId } from '../builders.ts';

const versionId = issued.secretVersionId;
const before = tagsBeforeMove({ versionId, newKeyId, oldKeyId }, rotationId);
const currentSince = instant('2026-11-02T11:00:00Z');

describe('the tags of a native rotation', () => {
  test('tell of it before the move, and since when after it', () => {
    expect(nativeIssueIn(before)).toEqual({
      versionId,
      newKeyId,
      oldKeyId,
      currentSince: null,
      testRequestIds: [],
    });
    const { testRequestIds } = issued;
    const after = { ...before, ...tagsAfterMove({ currentSince, testRequestIds }) };
    expect(nativeIssueIn(after)).toMatchObject({ currentSince, testRequestIds });
  });

  test('before the next move make the last one forgotten', () => {
    const after = { ...before, ...tagsAfterMove({ currentSince, testRequestIds: ['one'] }) };
    const next = { ...after, ...tagsBeforeMove({ versionId, newKeyId, oldKeyId }, rotationId) };
    expect(nativeIssueIn(next)).toMatchObject({ currentSince: null, testRequestIds: [] });
  });

  test('are at most 256 characters, the latest kept', () => {
    const ids = Array.from({ length: 40 }, (_, index) => `${index}`.padStart(36, '0'));
    const tests = tagsAfterMove({ currentSince, testRequestIds: ids })[secretTags.tests] ?? '';
    expect(tests.length).toBeLessThanOrEqual(256);
    expect(tests.split(' ')).toEqual(ids.slice(-6));
  });

  test.each([
    ['no version', { [secretTags.version]: '' }],
    ['no new key', { [secretTags.newKey]: undefined }],
    ['an old key that is none', { [secretTags.oldKey]: 'secret' }],
    ['one key for both', { [secretTags.oldKey]: newKeyId }],
  ])('tell of none: %s', (_, changes) => {
    const tags = Object.entries({ ...before, ...changes }).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value]],
    );
    expect(nativeIssueIn(Object.fromEntries(tags))).toBeUndefined();
  });

  test('remember attempts, each once, the latest last', () => {
    const first = tagsOfAttempt([], 'one', oldKeyId);
    expect(first).toEqual({ [secretTags.attempts]: 'one', [secretTags.replacing]: oldKeyId });
    const second = tagsOfAttempt(attemptsIn(first), 'two', oldKeyId);
    expect(attemptsIn(tagsOfAttempt(attemptsIn(second), 'one', oldKeyId))).toEqual(['two', 'one']);
    expect(attemptsIn({})).toEqual([]);
  });
});
