/** Text made to fit a limit that another system sets. */

/**
 * The text, or its start with `…` if it is longer than `limit`. Counted in UTF-16 units, the
 * strictest of the usual readings of "characters", and never cut inside a code point.
 */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let kept = '';
  for (const point of text) {
    if (kept.length + point.length > limit - 1) break;
    kept += point;
  }
  return `${kept}…`;
}

/**
 * One line of visible text: no control characters or line breaks, no marks that turn direction, no
 * half of a character.
 */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '');
}

/** Text of which nothing hides: what has no shape, or turns or breaks a line, becomes a number. */
export function nothingHidden(text: string): string {
  return text.replaceAll(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (hidden) => `\\u{${hidden.codePointAt(0)?.toString(16)}}`,
  );
}
