/** Diffs apply where their lines stand exactly once, and nowhere else. */
import { describe, expect, it } from 'vitest';
import { changed, parseDiff } from '../../../sandbox/mutants/unified-diff.ts';

const text = ['one', 'two', '', 'four', 'five', ''].join('\n');

function applied(diff: readonly string[], to = text): string | readonly string[] {
  const changes = parseDiff(['--- a/x.ts', '+++ b/x.ts', ...diff, ''].join('\n'));
  if (!changes.ok) return changes.problems;
  const [change] = changes.value;
  if (change === undefined) return ['no change'];
  const after = changed(to, change);
  return after.ok ? after.value : after.problems;
}

describe('a diff', () => {
  it('changes lines, wherever they stand by now', () => {
    const after = applied(['@@ -91,2 +91,3 @@ function x()', ' four', '-five', '+5', '+6']);
    expect(after).toBe(['one', 'two', '', 'four', '5', '6', ''].join('\n'));
  });

  it('may have lost the space of an empty line', () => {
    expect(applied(['@@ -2,3 +2,2 @@', ' two', '', '-four'])).toBe('one\ntwo\n\nfive\n');
  });

  it('has many hunks, each applied to what the ones before left', () => {
    const hunks = ['@@ -1 +1 @@', '-one', '+1', '@@ -1,2 +1 @@', ' 1', '-two'];
    expect(applied(hunks)).toBe('1\n\nfour\nfive\n');
  });

  it('does not guess: a line that differs, or stands twice, is a problem', () => {
    const hunk = ['@@ -1,2 +1,1 @@', '-one', ' TWO'];
    expect(applied(hunk)).toEqual(['the hunk at line 3: what it changes does not stand in x.ts']);
    expect(applied(['@@ -1 +0,0 @@', '-one'], 'one\none')).toEqual([
      'the hunk at line 3: what it changes stands 2 times in x.ts',
    ]);
  });

  it('names every hunk that does not apply', () => {
    const hunks = ['@@ -1 +0,0 @@', '-seven', '@@ -1 +0,0 @@', '-eight'];
    expect(applied(hunks)).toHaveLength(2);
  });

  it('is refused if it is not one', () => {
    expect(applied([])).toEqual(['it changes nothing']);
    expect(applied(['@@ -1,2 +1,2 @@', '-one', '+1'])).toEqual([
      'line 3: this hunk is not as long as it says, or of no file',
    ]);
    expect(applied(['@@ -1 +1 @@', '-one', '+1', '+2'])).toEqual([
      'line 6: belongs to no hunk: +2',
    ]);
    const renamed = parseDiff('--- a/x.ts\n+++ b/y.ts\n@@ -1 +1 @@\n-one\n+1\n');
    expect(renamed).toEqual({ ok: false, problems: [expect.stringContaining('makes or renames')] });
  });
});
