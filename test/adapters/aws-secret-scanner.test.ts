/** What the rule is made to see in a text; held against secretlint's own core. */
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-aws';
import { describe, expect, it } from 'vitest';
import { keyIdsIn, seenIn, withoutSecrets } from '../../adapters/aws-secret-scanner.ts';
import { hidingPlaces } from '../hiding-places.ts';
import { inBase64, plantedKey, secretOf, tracesOf } from '../planted.ts';

const key = plantedKey('scanner');
const { keyId, secret } = key;

describe('beside the core of secretlint', () => {
  const plain = hidingPlaces(key).filter(
    ({ content, encoded, file }) => typeof content === 'string' && !encoded && !/ipynb/.test(file),
  );

  it.each(plain)('sees the same in $file', async ({ file, content }) => {
    const text = String(content);
    const options = { enableIDScanRule: true };
    const rule = { id: 'aws', rule: creator, options };
    const { messages } = await lintSource({
      source: { filePath: file, content: text, contentType: 'text' },
      options: { config: { rules: [rule] } },
    });
    const ours = seenIn(text).map((each) => [each.index, each.keyId !== null]);
    const theirs = messages.map((each) => [each.range[0], each.messageId === 'AWSAccessKeyID']);
    expect(ours).toEqual(theirs.toSorted(([a], [b]) => Number(a) - Number(b)));
    expect(ours.length).toBeGreaterThan(0);
  });
});

describe('ids', () => {
  it('are those of long-term keys, whole, each once', () => {
    const others = ['AIDA', 'AROA', 'ASIA'].map((prefix) => `${prefix}${keyId.slice(4)}`);
    const text = `${others.join(' ')} ${keyId}, ${keyId}; x${keyId} ${keyId}X`;
    expect(keyIdsIn(text)).toEqual([keyId]);
  });

  it("are not AWS's documented example", () => {
    expect(keyIdsIn('AKIAIOSFODNN7EXAMPLE')).toEqual([]);
  });

  it('stand where escapes end: in JSON, and in strings in code', () => {
    expect(keyIdsIn(String.raw`"a\n${keyId}\n"`)).toEqual([keyId]);
    expect(keyIdsIn(JSON.stringify({ text: `id="${keyId}"` }))).toEqual([keyId]);
  });
});

describe('base64', () => {
  it('is read where it says something printable, and named as such', () => {
    const whole = inBase64(`aws_access_key_id=${keyId}\naws_secret_access_key=${secret}\n`);
    expect(seenIn(`a: ${whole}`)).toEqual([
      { index: 3, keyId, encoded: true },
      { index: 3, keyId: null, encoded: true },
    ]);
  });

  it('is found by the name before it, as in a Kubernetes Secret', () => {
    expect(seenIn(`AWS_SECRET_ACCESS_KEY: ${inBase64(secret)}`)).toMatchObject([
      { keyId: null, encoded: true },
    ]);
    expect(seenIn(`something: ${inBase64(secret)}`)).toEqual([]);
  });

  it('beside a plain id in its line leaves that id plain, and once', () => {
    const line = `${keyId} ${inBase64('readable, and nothing else!')}`;
    expect(seenIn(line)).toEqual([{ index: 0, keyId, encoded: false }]);
  });

  it('is read up to a length that a window holds', () => {
    const sized = (size: number) => inBase64(`id=${keyId} ${'x'.repeat(size)}`.slice(0, size));
    expect(seenIn(sized(49_152))).toMatchObject([{ keyId }]);
    expect(seenIn(sized(49_155))).toEqual([]);
  });

  it('that is a picture is passed over', () => {
    const picture = Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * 7) % 256));
    expect(seenIn(picture.toString('base64'))).toEqual([]);
  });
});

describe('hostile text', () => {
  const long = 2_000_000;
  const hostile: Readonly<Record<string, string>> = {
    'one long line of base64': inBase64('a'.repeat(long)),
    'runs just too short for base64': `${'A'.repeat(25)}=`.repeat(long / 26),
    'names and then spaces': `AWS_SECRET_ACCESS_KEY${' '.repeat(long)}`,
    'many names': 'aws_secret_access_key= "'.repeat(long / 24),
    'quotes and connectors': '\'"_=>:'.repeat(long / 6),
    'beginnings of ids': `AKIA${'A'.repeat(15)} `.repeat(long / 20),
    backslashes: '\\'.repeat(long),
    'short base64 that can be read': `${inBase64('readable, and nothing else')} `.repeat(long / 37),
    'account ids': 'aws_account_id = 1111-2222-'.repeat(long / 27),
  };

  it.each(Object.keys(hostile))('takes time in proportion to its length: %s', (name) => {
    const text = hostile[name] ?? '';
    const started = performance.now();
    expect(seenIn(text)).toEqual([]);
    // Some 50 ms on an idle core; what backtracks takes minutes.
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('text to be shown', () => {
  it('has a key by its end, and no value', () => {
    expect(withoutSecrets(`backup/${keyId}.csv`)).toBe(`backup/…${keyId.slice(-4)}.csv`);
    const shown = withoutSecrets(`aws_secret_access_key=${secretOf('scanner')}`);
    for (const trace of tracesOf(key)) expect(shown).not.toContain(trace);
  });
});
