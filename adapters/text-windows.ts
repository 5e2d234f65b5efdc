/**
 * A text of any length, in windows of bounded size that overlap: whatever is not longer than the
 * overlap stands whole in one window, which alone is to judge it.
 */

export interface TextWindow {
  readonly text: string;
  /** The line, from 1, on which the text begins. */
  readonly line: number;
  /** Only what begins between them (the second one excluded) is this window's to judge. */
  readonly from: number;
  readonly until: number;
}

/** Characters on each side of a window that are the neighbour's to judge. */
export const margin = 65_536;

/** Windows of a text that comes in pieces; a piece is as long as a window gets, margins apart. */
export function* windowsOf(pieces: Iterable<string>): Generator<TextWindow> {
  let text = '';
  let line = 1;
  let from = 0;
  for (const piece of pieces) {
    text += piece;
    if (text.length <= 4 * margin) continue;
    const until = text.length - margin;
    yield { text, line, from, until };
    const cut = until - margin;
    line += newlinesIn(text, 0, cut);
    text = text.slice(cut);
    from = margin;
  }
  yield { text, line, from, until: text.length };
}

/** How many lines end between two places of a text. */
export function newlinesIn(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) {
    count += 1;
  }
  return count;
}
