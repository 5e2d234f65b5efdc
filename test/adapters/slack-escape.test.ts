/** Hostile text stays text, and fits, whatever is in it. */
import { describe, expect, test } from 'vitest';
import { cutText, oneLine } from '../../adapters/cut-text.ts';
import {
  codeText,
  cutEscaped,
  escapeSlack,
  mention,
  plainText,
} from '../../adapters/slack-escape.ts';

describe('cutting', () => {
  test('leaves what fits', () => expect(cutText('abcde', 5)).toBe('abcde'));
  test('says that something is missing', () => expect(cutText('abcdef', 5)).toBe('abcd…'));

  test.each([4, 5, 6, 7, 8])('never cuts a code point in two (limit %i)', (limit) => {
    const cut = cutText('ab🔑🔑🔑cd', limit);
    expect(cut.length).toBeLessThanOrEqual(limit);
    expect(cut.isWellFormed()).toBe(true);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])('never leaves half an entity (%i)', (limit) => {
    const cut = cutEscaped(escapeSlack('a<b>&c'), limit);
    expect(cut.length).toBeLessThanOrEqual(limit);
    expect(cut.replaceAll(/&(?:lt|gt|amp);/gu, '')).not.toContain('&');
  });

  test('escapes before it cuts', () => {
    expect(plainText('<<<<', 9)).toBe('&lt;&lt;…');
  });
});

test('nothing that Slack parses survives', () => {
  expect(plainText('<!channel> <@U1> <https://evil.example|ok> &amp;', 200)).toBe(
    '&lt;!channel&gt; &lt;@U1&gt; &lt;https://evil.example|ok&gt; &amp;amp;',
  );
});

describe('code style', () => {
  test('cannot be left by a backtick', () => expect(codeText('a`*b*`c', 50)).toBe('`aˋ*b*ˋc`'));
  test('stays on one line', () => expect(codeText('a\r\nb\u2028c\td', 50)).toBe('`a b c d`'));
  test('is never empty', () => expect(codeText(' \n ', 50)).toBe('`–`'));
  test('fits with its backticks', () => expect(codeText('x'.repeat(99), 20)).toHaveLength(20));
});

test('marks that turn the direction of text are left out', () => {
  expect(oneLine('abc\u202Etxt.exe\u2066')).toBe('abctxt.exe');
});

test('only a Slack user id becomes a mention', () => {
  expect(mention('U0123OWNER')).toBe('<@U0123OWNER>');
  expect(mention('!channel')).toBeUndefined();
  expect(mention('U1>x')).toBeUndefined();
  expect(mention('')).toBeUndefined();
});
