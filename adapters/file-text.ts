/**
 * The text of a file, piece by piece, in bounded memory. What is no text, or no file at all, is
 * said. No link is followed.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { codeOf } from './file-error.ts';

export type Opened =
  | { readonly is: 'text'; readonly pieces: Iterable<string> }
  | { readonly is: 'skipped'; readonly why: 'binary' | 'no regular file' | 'symbolic link' };

/** Bytes read at once. */
const pieceSize = 4 * 1024 * 1024;

/** By so many bytes it is judged whether a file is text. */
const headSize = 8192;

// Not to wait for a writer where a pipe lies; Windows knows neither flag.
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Opens a file, lets `read` have its text, and closes it. Throws what Node throws on reading. */
export type WithTextOf = <T>(path: string, read: (opened: Opened) => T) => T;

/** Reads one file after the other into the same memory. Told how many bytes came. */
export function fileTexts(onBytes: (count: number) => void): WithTextOf {
  const buffer = Buffer.alloc(pieceSize);
  return (path, read) => {
    let file: number;
    try {
      file = openSync(path, flags);
    } catch (error) {
      // What was a file when the folder was listed may be a link or a socket by now.
      if (codeOf(error) === 'ELOOP') return read({ is: 'skipped', why: 'symbolic link' });
      if (codeOf(error) === 'ENXIO') return read({ is: 'skipped', why: 'no regular file' });
      throw error;
    }
    try {
      if (!fstatSync(file).isFile()) return read({ is: 'skipped', why: 'no regular file' });
      const first = readSync(file, buffer, 0, pieceSize, null);
      const encoding = encodingOf(buffer.subarray(0, Math.min(first, headSize)));
      if (encoding === null) return read({ is: 'skipped', why: 'binary' });
      return read({ is: 'text', pieces: piecesOf(file, buffer, first, encoding, onBytes) });
    } finally {
      closeSync(file);
    }
  };
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

function* piecesOf(
  file: number,
  buffer: Buffer,
  first: number,
  encoding: Encoding,
  onBytes: (count: number) => void,
): Generator<string> {
  const decoder = new TextDecoder(encoding);
  // Only a read that gives nothing is the end: a file may grow, and a read may give less.
  for (let count = first; count > 0; count = readSync(file, buffer, 0, pieceSize, null)) {
    onBytes(count);
    yield decoder.decode(buffer.subarray(0, count), { stream: true });
  }
  yield decoder.decode();
}

/** By its mark, or by where its zeros are; null for what is no text. */
function encodingOf(head: Buffer): Encoding | null {
  const mark = head.subarray(0, 2).toString('hex');
  if (mark === 'fffe') return 'utf-16le';
  if (mark === 'feff') return 'utf-16be';
  if (!head.includes(0)) return 'utf-8';
  const zeros = [0, 0];
  for (const [index, byte] of head.entries()) {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = zeros;
  // Text in Latin letters has a zero in every other byte, and none between.
  const most = head.length * 0.4;
  if (even === 0 && odd >= most) return 'utf-16le';
  return odd === 0 && even >= most ? 'utf-16be' : null;
}
