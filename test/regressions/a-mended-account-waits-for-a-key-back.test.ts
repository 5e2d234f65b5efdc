/**
 * An order to give a key back that could not be carried out was tried as seldom as a message: once
 * the account was mended, its application waited for up to six hours more.
 */
import { expect, test } from 'vitest';
import { tick } from '../../app/tick.ts';
import { NotLetIn } from '../../domain/errors.ts';
import { plus } from '../../domain/instant.ts';
import { effectId } from '../../domain/journal.ts';
import { givenShell } from '../app/given-shell.ts';
import { restoring, rotationId, story, user } from '../builders.ts';

test('a key is given back within a quarter of an hour after its account was mended', async () => {
  const given = await givenShell(plus(story.deactivated, { hours: 5 }));
  const since = given.world.clock.now();
  const pollAt = plus(since, { days: 2 });
  const run = { status: 'ordered', effectId: effectId(rotationId, 1, 0), since, pollAt } as const;
  await given.put(restoring({ run }), [{ type: 'start runbook', runbook: 'restore-key' }]);
  const start = () => Promise.reject(new NotLetIn(user.account, 'it does not let Keyturn in'));
  const shell = { ...given.shell, runbooks: { ...given.shell.runbooks, start } };
  for (let minute = 0; minute < 260; minute++) {
    await tick(shell);
    await given.later({ minutes: 1 });
  }
  for (let minute = 0; minute < 15; minute++) {
    await tick(given.shell);
    await given.later({ minutes: 1 });
  }
  expect(await given.stageOf()).toMatchObject({ run: { status: 'started' } });
});
