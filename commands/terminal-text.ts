/**
 * Text for a terminal. What comes from outside (names, reasons, errors) is hostile: nothing in it
 * moves the cursor, turns the direction of the line, hides, or begins a line of its own.
 */
import { cutText, oneLine } from '../adapters/cut-text.ts';

/** Outside text as one line in which everything can be seen. */
export function visible(text: string): string {
  return oneLine(text)
    .replaceAll(/[\p{C}]/gu, '')
    .trim();
}

/** Outside text as a cell: cut or padded to that many characters. */
export function cell(text: string, width: number): string {
  const shown = cutText(visible(text), width);
  return shown + ' '.repeat(width - shown.length);
}

/** Stands for a space at which no line is broken. */
export const firmSpace = '\u00A0';

/** Lines of at most `width`, each indented; a word longer than a line is broken. */
export function wrapped(text: string, indent: string, width: number): readonly string[] {
  const room = width - indent.length;
  const lines: string[] = [];
  let line = '';
  for (const word of visible(text)
    .split(' ')
    .flatMap((each) => pieces(each, room))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= room) line = longer;
    else {
      lines.push(indent + line);
      line = word;
    }
  }
  const all = line === '' ? lines : [...lines, indent + line];
  return all.map((each) => each.replaceAll(firmSpace, ' '));
}

function pieces(word: string, room: number): readonly string[] {
  if (word.length <= room) return [word];
  const points = [...word];
  const half = Math.floor(room / 2);
  return Array.from({ length: Math.ceil(points.length / half) }, (_, index) =>
    points.slice(index * half, (index + 1) * half).join(''),
  );
}
