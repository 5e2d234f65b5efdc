/** Nothing from outside is ever markup, wherever in a page it stands. */
import { describe, expect, test } from 'vitest';
import { escaped, html } from '../../adapters/html-text.ts';

describe('outside text', () => {
  test.each([
    ['<script>', '&lt;script&gt;'],
    ['a & b', 'a &amp; b'],
    ['&lt;', '&amp;lt;'],
    [`"'`, '&quot;&#39;'],
    ['a\nb', 'a\\u{a}b'],
    ['\u202Eevil', '\\u{202e}evil'],
    ['\u0000', '\\u{0}'],
    ['\uD800', '\\u{d800}'],
    ['ä 😀', 'ä 😀'],
  ])('%j is text', (text, shown) => {
    expect(escaped(text)).toBe(shown);
    expect(html`<p title="${text}">${[text]}</p>`.markup).toBe(`<p title="${shown}">${shown}</p>`);
  });
});

test('markup stays markup, one into another, in lists and alone', () => {
  const item = (name: string) => html`<li>${name}</li>`;
  expect(html`<ul>${['<', 'b'].map(item)}</ul>${3}${''}`.markup).toBe(
    '<ul><li>&lt;</li><li>b</li></ul>3',
  );
});
