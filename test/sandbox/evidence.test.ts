/**
 * Evidence from end to end: rotations play in the sandbox, a week passes, the function writes the
 * report, and the command finds it whole, and every planted edit in it.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { evidenceCommand } from '../../commands/evidence.ts';
import type { EvidenceReport } from '../../domain/evidence-report.ts';
import { instant, plus } from '../../domain/instant.ts';
import { chained, firstHash } from '../../domain/journal.ts';
import { playDemo } from '../../sandbox/demo.ts';
import { deployEvidence, type Evidence } from '../../sandbox/evidence.ts';
import type { World } from '../../sandbox/world.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyturn-evidence-'));
const sentinel = 'SENTINELxSECRET';

/** In which the story begins, and most of it happens. */
const theWeek = { from: '2026-11-02T00:00:00Z', to: '2026-11-09T00:00:00Z' };

let world: World;
let evidence: Evidence;
/** Its report as it was written. */
let text: string;
let week: string;

beforeAll(async () => {
  ({ world } = await playDemo({ sentinel }));
  evidence = deployEvidence(world);
  const reported = await evidence.evidenceReport(theWeek);
  if (!('report' in reported)) throw new Error(reported.problem);
  week = reported.report;
  text = evidence.objects().get(`reports/${week}.json`)?.body ?? '';
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** As it shows inside longer text, at each of the three places where base64 may begin. */
const inBase64 = (plain: string) =>
  [0, 1, 2].map((before) =>
    Buffer.from('.'.repeat(before) + plain)
      .toString('base64')
      .slice(before === 0 ? 0 : 4, -4),
  );

interface Line {
  readonly ok: boolean;
  readonly problems: readonly string[];
}

function verified(...files: readonly string[]): readonly Line[] {
  return evidenceCommand(['verify', ...files]).out.map((line) => JSON.parse(line));
}

// biome-ignore lint/suspicious/noExplicitAny: tests change what no type lets be changed
type Editable = any;

/** What the command says of the report after an edit. */
function edited(edit: (report: Editable) => void): readonly string[] {
  const report = JSON.parse(text);
  edit(report);
  const [line] = verified(file('edited.json', JSON.stringify(report)));
  expect(line?.ok).toBe((line?.problems.length ?? 0) === 0);
  return line?.problems ?? [];
}

const whole = (): EvidenceReport => JSON.parse(text);

describe('the report of a week', () => {
  test('holds what changed in it, and is whole', () => {
    expect(week).toBe('2026-W45');
    const { rotations, journals, sums, gaps, previous, period } = whole();
    expect(period).toMatchObject({
      from: '2026-11-02T00:00:00.000Z',
      to: '2026-11-09T00:00:00.000Z',
    });
    expect(rotations.length).toBeGreaterThan(2);
    expect(sums).toMatchObject({ rotations: rotations.length, problems: 0 });
    expect(journals.map(({ rotationId }) => rotationId)).toEqual(
      rotations.map(({ rotationId }) => rotationId),
    );
    expect(gaps).toEqual([]);
    expect(previous).toMatchObject({ name: '2026-W44', digest: null });
    expect(rotations.every((each) => each.whole)).toBe(true);
    expect(verified(file('whole.json', text))).toEqual([
      { file: join(folder, 'whole.json'), ok: true, problems: [] },
    ]);
  });

  test('tells of each rotation what its state tells', async () => {
    for (const told of whole().rotations) {
      const journal = await world.store.journal(told.rotationId);
      const state = journal[told.entryCount - 1]?.state;
      expect(told).toMatchObject({
        account: state?.key.user.account,
        userName: state?.key.user.userName,
        oldKeyId: state?.key.keyId,
        stage: state?.stage.name,
      });
      expect(told.oldKeyId).toMatch(/^AKIA[A-Z0-9]{16}$/);
      if (told.outcome === 'rotated') {
        expect(told.newKeyId).toMatch(/^AKIA/);
        expect(told.acts.map(({ act }) => act)).toContain('approved');
        expect(told.hoursToEnd).toBeGreaterThan(24);
      }
    }
  });

  test('goes with a table, and with the journal of each rotation that ended', () => {
    const objects = evidence.objects();
    expect(objects.get(`reports/${week}.csv`)).toMatchObject({
      contentType: 'text/csv; charset=utf-8',
    });
    const ended = whole().rotations.filter(({ stage }) => stage === 'done');
    expect(ended.length).toBeGreaterThan(0);
    for (const { rotationId } of ended) {
      const body = objects.get(`journals/${rotationId}.json`)?.body ?? '';
      expect(verified(file('journal.json', body))[0]).toMatchObject({ ok: true });
      const cut = JSON.parse(body);
      cut.entries.pop();
      expect(verified(file('cut.json', JSON.stringify(cut)))[0]?.problems).toHaveLength(2);
    }
  });

  test('is logged in one line, with its digest and its sums', () => {
    expect(evidence.log).toHaveLength(1);
    expect(evidence.log[0]).toMatchObject({
      message: 'invocation done',
      facts: { report: week, digest: whole().digest, follows: false, problems: 0 },
    });
  });

  test('holds no value of any secret', async () => {
    const all = world.cloud.objectVersions.map(({ body }) => body).join();
    expect(all.length).toBeGreaterThan(10_000);
    const { account, region } = world.place;
    const { secrets } = world.cloud.truth(account);
    const secret = secrets.find(({ name }) => name.startsWith('keyturn/'));
    const credentials = world.cloud.roleCredentials(account, 'operator', 'somebody');
    const input = { SecretId: secret?.arn };
    const asked = { service: 'secretsmanager', operation: 'GetSecretValue', input };
    const shown = await world.cloud.call({ ...asked, region, credentials });
    expect(Object(shown).SecretString).toContain(sentinel);
    for (const form of [sentinel, ...inBase64(sentinel)]) expect(all).not.toContain(form);
    expect(all).not.toContain('xoxb-');
  });

  test('says the same when it is made again, and the week after follows it', async () => {
    await world.runUntil(instant('2026-11-16T06:00:00Z'));
    const again = await evidence.evidenceReport(theWeek);
    expect(again).toMatchObject({ report: week, digest: whole().digest });
    const next = await evidence.evidenceReport({});
    expect(next).toMatchObject({ report: '2026-W46', follows: true });
    const body = evidence.objects().get('reports/2026-W46.json')?.body ?? '';
    const [first, second] = [file('45.json', text), file('46.json', body)];
    expect(verified(first, second).map(({ ok }) => ok)).toEqual([true, true]);
    const other = file('other.json', text.replace(whole().digest, firstHash));
    expect(verified(other, second)[1]?.problems).toEqual([
      'it follows another report 2026-W45 than the one given',
    ]);
  });
});

describe('an edit is found:', () => {
  const longest = (report: Editable) =>
    report.journals.toSorted((a: Editable, b: Editable) => b.entries.length - a.entries.length)[0];

  test('one byte in an entry', () => {
    const at = text.indexOf('"news":"', text.indexOf('"journals":')) + '"news":"'.length;
    const byte = text.slice(0, at) + (text[at] === 'X' ? 'Y' : 'X') + text.slice(at + 1);
    expect(verified(file('byte.json', byte))[0]?.problems[0]).toMatch(
      /^rotation \S+: entry \d+ was changed after it was written$/,
    );
  });

  test('an entry dropped, in the middle and at the end', () => {
    const middle = edited((report) => longest(report).entries.splice(3, 1));
    expect(middle.join()).toContain('entry 4 has version 5: an entry is missing or out of order');
    const end = edited((report) => longest(report).entries.pop());
    expect(end.join()).toMatch(/its record says entryCount \d+, by the journals it is \d+/);
  });

  test('two entries swapped', () => {
    const problems = edited((report) => {
      const { entries } = longest(report);
      [entries[2], entries[3]] = [entries[3], entries[2]];
    });
    expect(problems.join()).toContain('entry 3 has version 4');
  });

  test('a rotation dropped: its journal, its record, both', () => {
    const { rotationId } = whole().journals[0] ?? {};
    expect(edited((report) => report.journals.shift())).toEqual([
      `rotation ${rotationId}: its journal was dropped`,
    ]);
    expect(edited((report) => report.rotations.shift()).join()).toContain(
      `rotation ${rotationId}: there is its journal, but no record of it`,
    );
    const both = edited((report) => {
      report.rotations.shift();
      report.journals.shift();
      report.sums.rotations -= 1;
    });
    expect(both.join()).toContain('the digest is of another report');
  });

  test('rotations in another order, or twice', () => {
    expect(edited((report) => report.rotations.reverse()).join()).toContain('is out of order');
    expect(edited((report) => report.journals.unshift(report.journals[0])).join()).toContain(
      'its journal is there twice',
    );
  });

  test('an outcome, a name, a sum changed in the summary', () => {
    const change = (field: string, value: unknown) =>
      edited((report) => {
        const done = report.rotations.find(({ stage }: Editable) => stage === 'done');
        done[field] = value;
      });
    expect(change('outcome', 'exempt').join()).toMatch(/its record says outcome "exempt"/);
    expect(change('oldKeyId', 'AKIAIOSFODNN7EXAMPLE').join()).toContain('says oldKeyId');
    expect(change('acts', []).join()).toContain('says acts []');
    const sums = edited((report) => {
      report.sums.opened += 1;
    });
    expect(sums.join()).toContain('the sums says opened');
  });

  test('a gap, which is told of whether it was there or was added', () => {
    const problems = edited((report) => {
      report.gaps.push({ rotationId: 'a', problem: 'its state is gone' });
    });
    expect(problems[0]).toBe('rotation a: its state is gone');
    expect(problems.join()).toContain('the sums says problems 0, by the journals it is 1');
  });

  test('the stage, the period, the report before', () => {
    for (const edit of [
      (report: Editable) => Object.assign(report, { stage: 'prod' }),
      (report: Editable) => Object.assign(report.period, { timeZone: 'Europe/Berlin' }),
      (report: Editable) => Object.assign(report.previous, { why: 'lost' }),
    ]) {
      expect(edited(edit).join()).toContain('the digest is of another report');
    }
  });

  test('a journal written anew, every hash right', () => {
    const problems = edited((report) => {
      const journal = longest(report);
      const chain: Editable[] = [];
      for (const { schema, hash, previousHash, ...entry } of journal.entries) {
        const changed = { ...entry, at: instant(plus(entry.at, { seconds: 1 })) };
        chain.push(chained(changed, chain.at(-1)?.hash ?? firstHash, cryptoIds.digest));
      }
      journal.entries = chain;
    });
    expect(problems.join()).toContain('its record says lastHash');
  });
});

describe('the command', () => {
  test('says in words what it cannot read, and exits 1', () => {
    const noJson = file('no.json', text.slice(0, -9));
    const other = file('other.json', '{"rotations":[]}');
    const newer = file('newer.json', '{"schema":2}');
    const answer = evidenceCommand(['verify', noJson, other, newer, join(folder, 'none.json')]);
    expect(answer.status).toBe(1);
    const problems = answer.out.map((line) => JSON.parse(line).problems[0]);
    expect(problems[0]).toContain('the file is not JSON');
    expect(problems[1]).toContain("this is no journal of Keyturn's");
    expect(problems[2]).toContain('use a newer one');
    expect(problems[3]).toContain('the file cannot be read');
  });

  test('exits 0 on what is whole, 2 on wrong usage', () => {
    expect(evidenceCommand(['verify', file('whole.json', text)]).status).toBe(0);
    for (const args of [[], ['verify'], ['check', 'a'], ['verify', '--json', 'a']]) {
      expect(evidenceCommand(args)).toMatchObject({ status: 2, out: [] });
    }
  });
});
