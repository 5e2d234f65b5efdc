/** The texts that name further places, and what tags tell of them. */
import { describe, expect, test } from 'vitest';
import { type FurtherPlace, parsePlace, placeText, slotsOf } from '../../domain/further-place.ts';
import { placesIn, tagOfPlace } from '../../domain/written-places.ts';

const usual = { accessKeyId: 'AWS_ACCESS_KEY_ID', secretAccessKey: 'AWS_SECRET_ACCESS_KEY' };
const onGitHub = (repository: string, names = usual): FurtherPlace => ({
  kind: 'github-actions',
  repository,
  ...names,
});

describe('the text of a place', () => {
  test.each<[string, FurtherPlace]>([
    ['eu-west-1', { kind: 'secrets-manager', region: 'eu-west-1' }],
    ['us-gov-east-1', { kind: 'secrets-manager', region: 'us-gov-east-1' }],
    ['parameter-store:eu-west-1', { kind: 'parameter-store', region: 'eu-west-1' }],
    ['github-actions:acme/web', onGitHub('acme/web')],
    ['github-actions:acme/web.site', onGitHub('acme/web.site')],
    [
      'github-actions:acme/web:KEY_ID:KEY_VALUE',
      onGitHub('acme/web', { accessKeyId: 'KEY_ID', secretAccessKey: 'KEY_VALUE' }),
    ],
  ])('%s', (text, place) => {
    expect(placeText(place)).toBe(text);
    expect(parsePlace(text)).toEqual(place);
  });

  test.each([
    '',
    'none',
    'Europe',
    'eu-west-1.example.com',
    'parameter-store:',
    'parameter-store:example.com/x/-a-1',
    'github-actions:web',
    'github-actions:acme/',
    'github-actions:acme/..',
    'github-actions:acme/.',
    'github-actions:../acme',
    'github-actions:acme/web/actions',
    'github-actions:acme/web?x=1',
    'github-actions:acme/web#1',
    'github-actions:acme/w%2e%2e',
    'github-actions:acme/web:KEY_ID',
    'github-actions:acme/web:key_id:key_value',
    'github-actions:acme/web:GITHUB_KEY:KEY_VALUE',
    'github-actions:acme/web:1KEY:KEY_VALUE',
    'github-actions:acme/web:SAME:SAME',
    // Another way to write what has one already.
    'github-actions:acme/web:AWS_ACCESS_KEY_ID:AWS_SECRET_ACCESS_KEY',
    `github-actions:acme/web:${'A'.repeat(64)}:${'B'.repeat(64)}${'C'.repeat(64)}`,
    'github-actions:acme/web\n',
    'github:acme/web',
  ])('%j names none', (text) => {
    expect(parsePlace(text)).toBeUndefined();
  });

  test('a repository in other letters is the same, and so is one secret of two', () => {
    const [one, other] = [onGitHub('Acme/Web'), onGitHub('acme/web')];
    expect(slotsOf(one)).toEqual(slotsOf(other));
    const names = { accessKeyId: 'OTHER_ID', secretAccessKey: 'AWS_SECRET_ACCESS_KEY' };
    const shared = slotsOf(onGitHub('acme/web', names)).filter((slot) =>
      slotsOf(other).includes(slot),
    );
    expect(shared).toEqual(['acme/web/AWS_SECRET_ACCESS_KEY']);
  });
});

describe('what tags tell of places', () => {
  const keyId = 'AKIAIOSFODNN7EXAMPLE';
  const place = 'github-actions:acme/web';

  test('is what was written into them', () => {
    const tags = tagOfPlace('3f0c9a52', { state: 'writing', keyId, place });
    expect(placesIn({ ...tags, other: 'x' })).toEqual([
      { tag: 'keyturn:place:3f0c9a52', state: 'writing', keyId, place },
    ]);
  });

  test.each([
    '',
    'written',
    `written ${keyId}`,
    `wrote ${keyId} ${place}`,
    `written AKIA ${place}`,
  ])('is nothing where one says %j', (text) => {
    expect(placesIn({ 'keyturn:place:x': text })).toEqual([]);
  });
});
