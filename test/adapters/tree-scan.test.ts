/** Files as they lie on a disk: how they are walked, decoded, cut into windows and bounded. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { margin, windowsOf } from '../../adapters/text-windows.ts';
import { mostInFile, scanTrees } from '../../adapters/tree-scan.ts';
import { plantedKey } from '../planted.ts';

const root = mkdtempSync(join(tmpdir(), 'tree-'));
afterAll(() => rmSync(root, { recursive: true }));

function put(name: string, content: string | Buffer): string {
  const path = join(root, name);
  writeFileSync(path, content);
  return path;
}

const { keyId } = plantedKey('tree');
const piece = 4 * 1024 * 1024;

describe('a file longer than what is read at once', () => {
  it.each([
    ['across the end of a piece', piece - 10],
    ['before it', piece - 40],
    ['after it', piece + 1],
    ['at the edge of what the first window judges', piece - margin - 10],
    ['at the edge, begun there', piece - margin],
    ['at the end', 3 * piece],
  ])('gives a key %s once, with its line', (_, offset) => {
    for (const filler of ['x'.repeat(31), ' '.repeat(31)]) {
      const before = `${filler}\n`.repeat(Math.ceil(offset / 32)).slice(0, offset - 1);
      const text = `${before}\n${keyId}\n${`${filler}\n`.repeat(1000)}`;
      const file = put('long.txt', text);
      const line = before.split('\n').length + 1;
      expect(scanTrees([file]).hits).toMatchObject([{ file, line, keyId }]);
    }
  });

  it('of a single line as well', () => {
    const file = put('line.js', `${'x'.repeat(3 * piece)} ${keyId} ${'y '.repeat(piece)}`);
    expect(scanTrees([file]).hits).toMatchObject([{ file, line: 1, keyId }]);
  });

  it('does not take the part of a longer word for a key', () => {
    // The window's edge cuts the word just before what looks like an id.
    const word = 'Q'.repeat(piece);
    expect(scanTrees([put('word.txt', `${word}${keyId}${word}${keyId}`)]).hits).toEqual([]);
  });
});

describe('windows', () => {
  it('are bounded, and judge every place exactly once', () => {
    const pieces = Array.from({ length: 40 }, (_, index) => `${index} `.padEnd(margin, 'abc\n'));
    let judged = '';
    for (const { text, from, until } of windowsOf(pieces)) {
      expect(text.length).toBeLessThanOrEqual(6 * margin);
      judged += text.slice(from, until);
    }
    expect(judged).toBe(pieces.join(''));
  });
});

describe('a tree', () => {
  it('counts bytes and files, and tells of progress', () => {
    const folder = join(root, 'counted');
    mkdirSync(folder);
    for (const name of ['a', 'b', 'c']) writeFileSync(join(folder, name), 'x'.repeat(100));
    const told: number[] = [];
    const { files, bytes } = scanTrees([folder], (_, sum) => told.push(sum));
    expect([files, bytes, told]).toEqual([3, 300, [100, 200, 300]]);
  });

  it('keeps so many hits of one file and says so', () => {
    const file = put('full.txt', `${keyId}\n`.repeat(mostInFile + 1));
    const { hits, overfull } = scanTrees([file]);
    expect([hits.length, overfull]).toEqual([mostInFile, [file]]);
    expect(scanTrees([put('brim.txt', `${keyId}\n`.repeat(mostInFile))]).overfull).toEqual([]);
  });

  it('does not wait at a pipe, and follows no link but the one that was named', () => {
    const folder = join(root, 'odd');
    mkdirSync(folder);
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const target = put('target.env', keyId);
    symlinkSync(target, join(folder, 'link'));
    const { hits, leftOut } = scanTrees([folder]);
    expect(hits).toEqual([]);
    expect(leftOut.map(({ why }) => why)).toEqual(['symbolic link', 'no regular file']);
    expect(scanTrees([join(folder, 'link')]).hits).toHaveLength(1);
  });

  it.each(['le', 'be'])(
    'takes UTF-16 by its mark, also where few letters are Latin: %s',
    (order) => {
      const text = Buffer.from(`\uFEFF${'\u6F22\u5B57'.repeat(200)} ${keyId}`, 'utf16le');
      const file = put('signs.txt', order === 'le' ? text : text.swap16());
      expect(scanTrees([file]).hits).toMatchObject([{ keyId }]);
    },
  );

  it('takes an empty file, and one in another encoding of bytes', () => {
    const latin = Buffer.from(`caf\u00E9 ${keyId}`, 'latin1');
    expect(scanTrees([put('empty', ''), put('latin1.txt', latin)])).toMatchObject({
      files: 2,
      hits: [{ keyId }],
    });
  });
});
