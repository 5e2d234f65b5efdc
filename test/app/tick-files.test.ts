/** What was recorded of files is heard of before anything is done to the key. */
import { expect, test } from 'vitest';
import { tick } from '../../app/tick.ts';
import { Transient } from '../../domain/errors.ts';
import { plus } from '../../domain/instant.ts';
import {
  approvedProposal,
  oldKeyId,
  overlapping,
  policyWith,
  safe,
  soaking,
  story,
  user,
} from '../builders.ts';
import { givenShell } from './given-shell.ts';

const { partition, account } = user;
const noted = {
  ...{ partition, account, keyId: oldKeyId },
  ...{ at: story.opened, places: ['deploy/.env:3'], more: 0 },
};

test('before a new key is issued, so that its overlap is 48 hours', async () => {
  const given = await givenShell();
  await given.put(approvedProposal({ due: story.opened }), [], {
    policy: policyWith({ graceHours: 24 }),
  });
  await given.shell.store.noteFiles(noted);
  await tick(given.shell);
  expect(await given.eventsOf()).toEqual(['found in files', 'admitted', 'run started']);
  expect(
    given
      .replies()
      .map(({ text }) => text)
      .join(),
  ).toContain('deploy/.env:3');
});

test('at the deadline of an overlap, which is put off', async () => {
  const short = plus(story.issued, { hours: 24 });
  const given = await givenShell(short);
  await given.put(overlapping({ since: story.issued, deactivateAt: short, nextProbeAt: short }));
  await given.shell.store.noteFiles(noted);
  const examine = async () => safe({ at: short });
  await tick({ ...given.shell, witness: { examine } });
  const [first] = await given.eventsOf();
  expect(first).toBe('found in files');
  const deactivateAt = plus(story.issued, { hours: 48 });
  expect(await given.stageOf()).toMatchObject({ name: 'overlapping', deactivateAt });
});

test('while nobody can tell whether there are any, nothing is done', async () => {
  const given = await givenShell();
  await given.put(approvedProposal({ due: story.opened }));
  const filesOf = async () => {
    throw new Transient('the table did not answer');
  };
  await tick({ ...given.shell, store: { ...given.shell.store, filesOf } });
  expect(await given.eventsOf()).toEqual([]);
});

test('once the key is off, an unreadable note keeps nobody from seeing its use', async () => {
  const given = await givenShell(plus(story.deactivated, { hours: 6 }));
  await given.put(soaking({ nextProbeAt: plus(story.deactivated, { hours: 6 }) }));
  const filesOf = async () => {
    throw new Transient('the table did not answer');
  };
  const examine = async () => safe({ at: given.world.clock.now() });
  const store = { ...given.shell.store, filesOf };
  await tick({ ...given.shell, store, witness: { examine } });
  expect(await given.eventsOf()).toEqual(['evidence gathered']);
});
