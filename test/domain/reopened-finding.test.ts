/** A finding that its rotation knows already: the same report again, or one that is newer. */
import { describe, expect, test } from 'vitest';
import { type Finding, findingKey, withFinding } from '../../domain/finding.ts';
import { instant } from '../../domain/instant.ts';
import { decide } from '../../domain/rotation.ts';
import { configFinding, done, hubFinding, overlapping, rotationAt } from '../builders.ts';

const v2Finding: Finding = {
  source: 'security hub v2',
  account: '111122223333',
  region: 'us-east-1',
  findingUid: 'arn:aws:securityhub:us-east-1:111122223333:security-control/IAM.3/finding/a1b2',
  productUid: 'arn:aws:securityhub:us-east-1::productv2/aws/securityhub',
  control: 'IAM.3',
  updatedAt: instant('2026-11-01T08:00:00Z'),
};
const now = instant('2026-11-03T09:00:00Z');
const later = (finding: Finding): Finding => ({
  ...finding,
  ...(finding.source === 'config' ? {} : { updatedAt: instant('2026-11-02T20:00:00Z') }),
});
const earlier = (finding: Finding): Finding => ({
  ...finding,
  ...(finding.source === 'config' ? {} : { updatedAt: instant('2026-10-31T20:00:00Z') }),
});
const reported = (finding: Finding, known: readonly Finding[], stage = overlapping()) =>
  decide(rotationAt(stage, { findings: known }), { type: 'finding reported', finding }, now);

describe.each([
  ['Security Hub', hubFinding],
  ['Security Hub V2', v2Finding],
])('a finding of %s that is known', (_, finding) => {
  test('and newly updated is recorded as NOTIFIED again, and remembered as it is now', () => {
    const again = reported(later(finding), [configFinding, finding]);
    expect(again.effects).toEqual([
      {
        type: 'record result',
        workflow: 'NOTIFIED',
        note: expect.stringMatching(/^Reported again: joins the rotation of .*overlapping\.$/),
      },
    ]);
    expect(again.rotation.findings).toEqual([configFinding, later(finding)]);
    expect(again.rotation.stage).toEqual(overlapping());
  });

  test('and delivered twice is recorded once', () => {
    const first = reported(later(finding), [finding]);
    const second = reported(later(finding), first.rotation.findings);
    expect(second).toMatchObject({ effects: [], ignored: 'this finding has joined already' });
  });

  test('and delivered late, after a newer report, changes nothing', () => {
    expect(reported(earlier(finding), [finding])).toMatchObject({
      effects: [],
      ignored: 'this finding has joined already',
    });
  });

  test('changes nothing once its rotation is done', () => {
    const decision = decide(
      rotationAt(done(), { findings: [finding] }),
      { type: 'finding reported', finding: later(finding) },
      now,
    );
    expect(decision).toMatchObject({ effects: [], ignored: 'the rotation is done' });
  });
});

test('a Config finding says nothing by which a second report could be told from a repeat', () => {
  expect(reported(configFinding, [configFinding]).ignored).toBe('this finding has joined already');
});

test('the three sources of one user are three findings of one rotation', () => {
  const all = [configFinding, hubFinding, v2Finding];
  expect(new Set(all.map(findingKey)).size).toBe(3);
  expect(all.reduce<readonly Finding[]>(withFinding, [])).toEqual(all);
  expect(findingKey(later(v2Finding))).toBe(findingKey(v2Finding));
});
