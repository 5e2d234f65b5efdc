/** What must hold of forms can fail, too: here is what makes it fail. */
import { expect, test } from 'vitest';
import { advance } from '../../../app/advance.ts';
import { claim } from '../../../app/claim.ts';
import type { HumanEvent } from '../../../domain/event.ts';
import { plus } from '../../../domain/instant.ts';
import { quietPlan, stagedWorld, userName } from './staged-world.ts';

type Given = Awaited<ReturnType<typeof stagedWorld>>;

const ada = { kind: 'person', id: 'U0ADA', name: 'Ada Approver' } as const;
const olivia = { kind: 'person', id: 'U0OLIVIA', name: 'Olivia Owens' } as const;

/** What Keyturn commits, as if somebody had sent that; nobody has, or it is left out. */
async function committed(given: Given, event: HumanEvent): Promise<void> {
  const { rotation } = given.rotation();
  await advance(given.world.hub.slackAction.shell, rotation.id, event);
}

test('S11: what nobody filled in counts', async () => {
  const given = await stagedWorld();
  await given.pass(24);
  const owner = { known: true, slackUserId: 'U0OMAR', name: 'Omar Haddad' } as const;
  await committed(given, { type: 'reassigned', by: olivia, owner, assigned: true });
  expect(given.problems('S11').join()).toContain('nobody had pressed anything');
});

test('S2: a key goes off on the word of somebody who gave the key up since', async () => {
  const plan = quietPlan([]);
  const given = await stagedWorld({ ...plan, policy: { ...plan.policy, unused: 'replace' } });
  await given.pass(24);
  await committed(given, { type: 'attested', by: olivia });
  const owner = { known: false } as const;
  await committed(given, { type: 'reassigned', by: olivia, owner, assigned: false });
  await given.pass(24 * 3);
  expect(given.rotation().rotation.stage).toMatchObject({ reason: { code: 'not picked up' } });
  const off = { UserName: userName, AccessKeyId: given.oldKey.keyId, Status: 'Inactive' };
  await given.asKeyturn('UpdateAccessKey', off);
  expect(given.problems('S2')).toEqual([expect.stringContaining('nor attested')]);
});

test('S13: a key is claimed anew, or goes off, before its exemption ends', async () => {
  const given = await stagedWorld();
  await given.pass(24);
  const now = given.world.clock.now();
  const until = plus(now, { days: 20 });
  await committed(given, { type: 'key exempted', by: ada, reason: 'A drill.', until });
  const { keyId } = given.oldKey;
  given.ledger.exempted.push({ keyId, since: now, until });
  await given.pass(24);
  const { key, policy, region, generation } = given.rotation().rotation;
  const wanted = {
    user: key.user,
    key: { keyId, createdAt: key.createdAt, status: 'Active' },
    ...({ policy, region, kind: 'replace', findings: [], generation: generation + 1 } as const),
  } as const;
  await claim(given.world.hub.tick, wanted);
  expect(given.problems('S13').join()).toContain(`${keyId} was claimed, exempt until`);
  const { userName } = key.user;
  const off = { UserName: userName, AccessKeyId: keyId, Status: 'Inactive' };
  await given.asKeyturn('UpdateAccessKey', off);
  expect(given.problems('S13').join()).toContain('was touched, exempt until');
});

test('L1: nothing comes of what is reported after the exemption', async () => {
  const given = await stagedWorld();
  await given.pass(24);
  const now = given.world.clock.now();
  const until = plus(now, { days: 2 });
  await committed(given, { type: 'key exempted', by: ada, reason: 'A drill.', until });
  const { keyId } = given.oldKey;
  given.ledger.exempted.push({ keyId, since: now, until });
  given.ledger.awaited.set(keyId, plus(until, { minutes: -1 }));
  await given.watch.ended();
  expect(given.problems('L1')).toEqual([]);
  given.ledger.awaited.set(keyId, until);
  await given.watch.ended();
  expect(given.problems('L1').join()).toContain(`nothing ever came of the findings about ${keyId}`);
});
