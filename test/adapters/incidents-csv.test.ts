/** Incidents from CSV: all of them, or every bad line by its number. */
import { describe, expect, test } from 'vitest';
import { parseIncidents } from '../../adapters/incidents-csv.ts';

const problems = (content: string) => {
  const found = parseIncidents(content);
  return found.ok ? [] : found.problems;
};

test('good lines, in any order of columns, with days or moments', () => {
  const content =
    '\uFEFFKind,minutes,date,note\r\n"outage, billing",45,2026-10-01,x\r\n\r\n' +
    'lockout,1.5,2026-11-03T10:00:00+01:00,"=two\nlines"\r\n';
  expect(parseIncidents(content)).toEqual({
    ok: true,
    value: [
      { at: '2026-10-01T00:00:00.000Z', kind: 'outage, billing', minutes: 45 },
      { at: '2026-11-03T09:00:00.000Z', kind: 'lockout', minutes: 1.5 },
    ],
  });
  expect(parseIncidents('date,kind,minutes\n')).toEqual({ ok: true, value: [] });
});

describe('what is wrong', () => {
  test('is named with its line, all of it, and nothing is taken then', () => {
    const content = [
      'date,kind,minutes',
      '2026-10-01,outage,45',
      'yesterday,,-1',
      '"2026-10-02","two',
      'lines",nine',
      '2026-02-30,outage,1e3',
      '2026-10-03,outage',
      '2026-10-03,outage,5,6',
      '2026-10-04,outage,999999999',
    ];
    expect(problems(content.join('\n'))).toEqual([
      'line 3: date "yesterday" is no day such as 2026-11-02, nor a moment',
      'line 3: kind is empty: say what it was',
      'line 3: minutes "-1" is no number up to 527040',
      'line 5: minutes "nine" is no number up to 527040',
      'line 6: date "2026-02-30" is no day such as 2026-11-02, nor a moment',
      'line 6: minutes "1e3" is no number up to 527040',
      'line 7: it has 2 cells, the first line has 3',
      'line 8: it has 4 cells, the first line has 3',
      'line 9: minutes "999999999" is no number up to 527040',
    ]);
  });

  test.each([
    ['', ['no column date', 'no column kind', 'no column minutes']],
    ['date,minutes\n', ['no column kind']],
    ['date,kind,minutes,Date\n', ['more than one column date']],
    ['date,kind,minutes\n"open', ['it is no CSV']],
  ])('with %j as a whole', (content, named) => {
    const found = problems(content);
    expect(found).toHaveLength(named.length);
    for (const [index, name] of named.entries()) expect(found[index]).toContain(name);
  });

  test('is shown without what hides', () => {
    expect(problems('date,kind,minutes\n\u202E,k,1')[0]).toContain('\\u{202e}');
  });
});
