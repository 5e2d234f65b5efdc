/**
 * More was demanded of the new key than pickup: a source about it that did not answer kept the old
 * key alive although the new one had been seen in use, or somebody had attested.
 */
import { expect, test } from 'vitest';
import { attestedBy, story, use } from '../builders.ts';
import { gapsOf, onDeactivation, onDeletion, reading, unread } from '../testimony.ts';

const attested = { authority: attestedBy };

test('given a pickup seen in CloudTrail, then last-used of the new key is not needed', () => {
  const evidence = onDeactivation({ newLastUsed: unread() });
  expect(evidence).toMatchObject({ verdict: 'safe', basis: 'evidence' });
  expect(onDeletion({ newLastUsed: unread() }).verdict).toBe('safe');
});

test('given a pickup seen by last-used, then the new key’s trail is not needed', () => {
  const newLastUsed = reading(use(story.pickedUp, { source: 'last-used' }));
  expect(onDeactivation({ newLastUsed, newTrail: unread() }).verdict).toBe('safe');
});

test('given that somebody attested, then nothing about the new key’s use is needed', () => {
  const told = { newLastUsed: unread(), newTrail: unread() };
  expect(onDeactivation(told, attested)).toMatchObject({ verdict: 'safe', basis: 'attested' });
});

test('given neither, then each source that did not answer is named', () => {
  const told = { newLastUsed: unread(), newTrail: unread() };
  expect(gapsOf(onDeactivation(told))).toEqual(['last-used', 'cloudtrail', 'pickup']);
});
