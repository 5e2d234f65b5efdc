/** What is found in files is told, and moves deadlines later or not at all. */
import { describe, expect, test } from 'vitest';
import type { Rotation } from '../../domain/case.ts';
import type { FoundInFiles } from '../../domain/found-in-files.ts';
import { type Instant, plus } from '../../domain/instant.ts';
import { decide } from '../../domain/rotation.ts';
import type { Stage } from '../../domain/stage.ts';
import { reasons, wholeSentence } from '../../domain/status-text.ts';
import {
  approvedProposal,
  done,
  overlapping,
  policyWith,
  retirement,
  rotationAt,
  soaking,
  story,
} from '../builders.ts';

const found: FoundInFiles = { at: story.opened, places: ['deploy/.env:3', 'a.yml:7'], more: 1 };
const policy = policyWith({ graceHours: 24 });
const now = plus(story.opened, { hours: 30 });

function hear(stage: Stage, given: Partial<Rotation> = {}, files = found, at: Instant = now) {
  const rotation = rotationAt(stage, { policy, ...given });
  return decide(rotation, { type: 'found in files', found: files }, at);
}

describe('a key that is found in files', () => {
  test('is said to be, in the message and in its thread', () => {
    const { rotation, effects } = hear(approvedProposal({}));
    const said = 'The key also stands in deploy/.env:3, a.yml:7, and 1 more.';
    expect(wholeSentence(rotation)).toContain(said);
    expect(effects).toMatchObject([
      { type: 'update message', news: expect.stringContaining(said) },
    ]);
    expect(reasons({ ...rotation, stage: done() }).join()).not.toContain('a.yml');
  });

  test('has both keys work for 48 hours, whatever its policy said', () => {
    const short = plus(story.issued, { hours: 24 });
    const stage = overlapping({ since: story.issued, deactivateAt: short });
    const { rotation } = hear(stage);
    expect(rotation.stage).toMatchObject({ deactivateAt: plus(story.issued, { hours: 48 }) });
    expect(rotation.policy.graceHours).toBe(48);
  });

  test('never has a deadline come sooner', () => {
    const late = plus(story.issued, { hours: 90 });
    const { rotation } = hear(overlapping({ since: story.issued, deactivateAt: late }));
    expect(rotation.stage).toMatchObject({ deactivateAt: late });
    const off = soaking();
    expect(hear(off).rotation.stage).toEqual(off);
  });

  test('and is unused has its whole notice, once', () => {
    const approval = approvedProposal({}).approval;
    const { rotation } = hear(retirement({ approval, due: now }));
    const due = plus(now, { hours: 48 });
    expect(rotation.stage).toMatchObject({ due });
    const later = { ...found, at: plus(found.at, { days: 1 }) };
    const again = hear(rotation.stage, rotation, later, plus(now, { hours: 24 }));
    expect(again.rotation.stage).toMatchObject({ due });
    expect(again.rotation.found).toEqual(later);
  });

  test('is heard of once', () => {
    const { rotation } = hear(overlapping());
    const again = hear(rotation.stage, rotation);
    expect(again.ignored).toContain('known already');
  });
});
