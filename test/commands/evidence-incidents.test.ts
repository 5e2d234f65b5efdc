/** `evidence -- incidents`: out of PagerDuty, page by page and month by month, into `compare`. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseIncidents } from '../../adapters/incidents-csv.ts';
import type { HttpGet } from '../../adapters/pagerduty-incidents.ts';
import { evidenceCommand } from '../../commands/evidence.ts';
import { incidentsCommand } from '../../commands/evidence-incidents.ts';
import { type KeptIncident, pagerDutyApi } from '../adapters/pagerduty-api.ts';
import { journalOf, reportOf, textOf } from '../evidence-reports.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyturn-incidents-'));
afterAll(() => rmSync(folder, { recursive: true }));

const token = 'read-only-key-of-nobody';
const service = { id: 'PABC123', summary: 'billing' };
const incident = (index: number, more: Partial<KeptIncident> = {}): KeptIncident => {
  const at = Date.parse('2026-01-10T00:00:00Z') + index * 3_600_000;
  const created = new Date(at).toISOString();
  const resolved = new Date(at + 90_000).toISOString();
  const times = { created_at: created, resolved_at: resolved, status: 'resolved' } as const;
  return { id: `Q${index}`, ...times, service, ...more };
};

const usual = ['--service', 'PABC123', '--since', '2026-01-01', '--until', '2026-11-01'];

function asked(incidents: readonly KeptIncident[], args: readonly string[] = usual) {
  const api = pagerDutyApi(token, incidents);
  const env = { KEYTURN_PAGERDUTY_TOKEN: token };
  return { ...api, answer: incidentsCommand(args, { env, fetch: api.fetch }) };
}

const read = (out: readonly string[]) => {
  const found = parseIncidents(out.join('\n'));
  if (!found.ok) throw new Error(found.problems.join());
  return found.value;
};

test('nobody is missed beyond a page of 100, nor counted twice where months meet', async () => {
  const edge = incident(20 * 24 + 480);
  const all = Array.from({ length: 250 }, (_, index) => incident(index));
  const { answer, asked: urls } = asked([...all, { ...edge, id: 'QEDGE' }]);
  const { status, out, errors } = await answer;
  expect([status, errors]).toEqual([0, []]);
  const found = read(out);
  expect(found).toHaveLength(251);
  expect(found[0]).toEqual({ at: '2026-01-10T00:00:00.000Z', kind: 'billing', minutes: 1.5 });
  expect(urls.length).toBeGreaterThan(11);
});

test('one on the edge of two months counts once', async () => {
  const { out } = await asked([incident(0, { created_at: '2026-01-31T00:00:00Z' })]).answer;
  expect(read(out)).toHaveLength(1);
});

test('what is open is counted and left out, and so are other services', async () => {
  const { out, errors } = await asked([
    incident(0),
    incident(1, { status: 'acknowledged', resolved_at: null }),
    incident(2, { service: { id: 'POTHER1', summary: 'x' } }),
  ]).answer;
  expect(read(out)).toHaveLength(1);
  expect(errors).toEqual(['1 still open: left out']);
});

test('its file is what compare takes', async () => {
  const out = join(folder, 'incidents.csv');
  const named = incident(0, { service: { ...service, summary: '=cmd' } });
  expect(await asked([named], [...usual, '--out', out]).answer).toMatchObject({ out: [out] });
  expect(readFileSync(out, 'utf8')).toContain(`"'=cmd"`);
  expect((await asked([named], [...usual, '--out', out]).answer).errors[0]).toContain('EEXIST');
  const report = join(folder, 'report.json');
  writeFileSync(report, textOf(reportOf('2026-11-02', [journalOf('svc-archive')])));
  const { out: compared } = evidenceCommand(['compare', report, '--before', out, '--json']);
  expect(JSON.parse(compared[0] ?? '').incidents.before).toEqual([
    { kind: "'=cmd", count: 1, minutes: 1.5 },
  ]);
});

describe('what goes wrong', () => {
  const answering =
    (status: number, text = '{}'): HttpGet =>
    async () => ({
      status,
      headers: new Headers({ 'ratelimit-reset': '7' }),
      text: async () => text,
    });
  const failing: HttpGet = async () => {
    throw new Error('no route');
  };
  const withFetch = (fetch: HttpGet, secret = token) =>
    incidentsCommand(usual, { env: { KEYTURN_PAGERDUTY_TOKEN: secret }, fetch });

  test.each([
    ['a token that is not let in', answering(401), 'the token is not let in'],
    ['a throttle', answering(429), 'try again in 7 s'],
    ['an outage', answering(503), 'answers 503'],
    ['no network', failing, 'no route'],
    ['an answer of another form', answering(200, '{"incidents":[{}]}'), 'not as documented'],
    ['no JSON', answering(200, '<html>'), 'not as documented'],
  ])('%s is said, without the token', async (_, fetch, words) => {
    const { status, out, errors } = await withFetch(fetch);
    expect([status, out]).toEqual([1, []]);
    expect(errors.join()).toContain(words);
    expect(errors.join()).not.toContain(token);
  });

  test.each([
    [['--since', '2026-01-01', '--until', '2026-02-01']],
    [['--service', 'billing!', '--since', '2026-01-01', '--until', '2026-02-01']],
    [['--service', 'PABC123', '--since', 'May', '--until', '2026-02-01']],
    [['--service', 'PABC123', '--since', '2026-02-01', '--until', '2026-02-01']],
    [['--page']],
  ])('wrong usage %s', async (args) => {
    expect((await asked([], args).answer).status).toBe(2);
  });

  test('without a token nothing is asked', async () => {
    const { errors, status } = await incidentsCommand(usual, { env: {}, fetch: failing });
    expect([status, errors[0]]).toEqual([2, 'KEYTURN_PAGERDUTY_TOKEN is not set, or no API key']);
  });
});
