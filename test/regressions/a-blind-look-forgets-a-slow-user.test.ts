/**
 * A look showed a slow user of the old key. The next one found no use any more (its uses had left
 * CloudTrail, and last-used was not readable), one after that could see nothing at all: then the
 * slow user was forgotten, and the key was switched off after a day of quiet.
 */
import { expect, test } from 'vitest';
import type { Rotation } from '../../domain/case.ts';
import { plus } from '../../domain/instant.ts';
import { noEvidence } from '../../domain/judge.ts';
import { overlapping, rotationAt, safe, story, unknown, use } from '../builders.ts';
import { seen } from '../domain/machine-steps.ts';

const due = story.deactivateAt;
const quietAt = plus(due, { days: 20 });
const at = (hours: number) => plus(due, { hours });

const looks = [
  safe({ at: at(-20), uses: [use(at(-60))], quietHours: 800, quietAt }),
  unknown({ at: at(-14) }, 'last-used'),
  noEvidence('the witness did not answer', at(-8)),
];

function afterLooks(): Rotation {
  return looks.reduce<Rotation>(
    (rotation, look) => seen(rotation, look, look.at).rotation,
    rotationAt(overlapping()),
  );
}

test('what one look asked for stands, whatever later looks could not see', () => {
  const { rotation } = seen(afterLooks(), safe({ at: due, uses: [use(at(-60))] }), due);
  expect(rotation.stage).toMatchObject({ name: 'overlapping', deactivateAt: quietAt });
});

test('a look that could see nothing asks for nothing by itself', () => {
  const blind = seen(rotationAt(overlapping()), noEvidence('no answer', at(-8)), at(-8)).rotation;
  const { rotation } = seen(blind, safe({ at: due, uses: [use(at(-60))] }), due);
  expect(rotation.stage.name).toBe('deactivating');
});
