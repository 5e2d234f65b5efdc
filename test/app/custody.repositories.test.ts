/** Secrets of a repository as a further place: what workflows get, whatever happens at once. */
import { describe, expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { attemptName } from '../../domain/runbook-order.ts';
import { placesIn } from '../../domain/written-places.ts';
import type { GitHubFailure } from '../../sandbox/github.ts';
import { keyIds, outsider, secretName, through } from './custody-acts.ts';
import {
  answerOf,
  type CustodyWorld,
  custodyWorld,
  errorOf,
  oldKeyId,
  repository,
} from './custody-world.ts';

const place = `github-actions:${repository}`;
const [idName, valueName] = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
const refused: GitHubFailure = { kind: 'status', status: 403 };
const down: GitHubFailure = { kind: 'status', status: 503 };

/** The repository has the old key, put there by hand. */
function given(): CustodyWorld {
  const world = custodyWorld({}, { Copies: place });
  world.gitHub.putByHand(repository, idName, oldKeyId);
  world.gitHub.putByHand(repository, valueName, 'old value');
  return world;
}

const pairOf = ({ gitHub }: CustodyWorld) => [
  gitHub.valueOf(repository, idName),
  gitHub.valueOf(repository, valueName),
];
const untouched = [oldKeyId, 'old value'];
const noted = (world: CustodyWorld) =>
  placesIn(world.secret()?.tags ?? {}).map(({ state, keyId }) => [state, keyId]);

/** From now on writing that secret fails so. */
function failWriting(world: CustodyWorld, failing: readonly string[], how: GitHubFailure): void {
  world.gitHub.failWith(({ method, what }) =>
    method === 'PUT' && failing.includes(what) ? how : undefined,
  );
}

const beforeFinish = ['createSecret', 'setSecret', 'testSecret'] as const;

describe('step by step', () => {
  test('setSecret proves that Keyturn may write, and writes no key', async () => {
    const world = given();
    await through(world, 'createSecret', 'setSecret');
    expect(pairOf(world)).toEqual(untouched);
    const marks = [idName, valueName].map((name) => `KEYTURN_${world.user.userId}_${name}`);
    expect(world.gitHub.names(repository)).toEqual([idName, valueName, ...marks]);
    expect(noted(world)).toEqual([]);
  });

  test('finishSecret writes both once the key is AWSCURRENT, and notes it', async () => {
    const world = given();
    await through(world, ...beforeFinish);
    const current: (string | null)[] = [];
    const states: unknown[] = [];
    world.gitHub.failWith(({ method, what }) => {
      if (method === 'PUT' && !what.startsWith('KEYTURN_')) {
        current.push(what, world.currentKeyId());
        states.push(noted(world)[0]?.[0]);
      }
      return undefined;
    });
    const { NewKeyId } = answerOf(await world.run('finishSecret'));
    expect(current).toEqual([idName, NewKeyId, valueName, NewKeyId]);
    expect(states).toEqual(['writing', 'writing']);
    expect(noted(world)).toEqual([['written', NewKeyId]]);
    expect(world.isPairOnGitHub()).toBe(true);
  });

  test('the answer names the places that have the key', async () => {
    const world = given();
    const also = { Copies: `us-east-2,${place},parameter-store:eu-west-1` };
    for (const step of beforeFinish) {
      expect(answerOf(await world.run(step, 1, null, also))).toMatchObject({ WrittenTo: 'none' });
    }
    failWriting(world, [idName], down);
    errorOf(await world.run('finishSecret', 1, null, also));
    expect(answerOf(await world.run('undo', 1, null, also))).toMatchObject({
      WrittenTo: 'us-east-2,parameter-store:eu-west-1',
    });
    world.gitHub.failWith(() => undefined);
    expect(answerOf(await world.run('finishSecret', 1, null, also))).toMatchObject({
      WrittenTo: also.Copies,
    });
  });

  test('finishSecret again writes the same again, and heals what was changed by hand', async () => {
    const world = given();
    await through(world, ...beforeFinish, 'finishSecret');
    world.gitHub.putByHand(repository, valueName, 'by hand');
    answerOf(await world.run('finishSecret'));
    expect(world.isPairOnGitHub()).toBe(true);
    expect(noted(world)).toEqual([['written', world.currentKeyId()]]);
  });

  test.each([
    ['the token may not write', refused],
    ['GitHub is down', down],
    ['GitHub does not answer', { kind: 'lost request' }],
    ['the limit is reached', { kind: 'status', status: 429, headers: { 'retry-after': '900' } }],
  ] as const)('%s: setSecret fails, AWSCURRENT stays, undo removes the key', async (_, how) => {
    const world = given();
    await through(world, 'createSecret');
    world.gitHub.failWith(({ method }) => (method === 'PUT' ? how : undefined));
    errorOf(await world.run('setSecret'));
    expect(world.currentKeyId()).toBeNull();
    expect(answerOf(await world.run('undo'))).toMatchObject({ Issued: 'false' });
    expect([keyIds(world), pairOf(world)]).toEqual([[oldKeyId], untouched]);
  });

  test('undo before finishSecret leaves the repository on the old key', async () => {
    const world = given();
    await through(world, ...beforeFinish, 'undo');
    expect([keyIds(world), pairOf(world)]).toEqual([[oldKeyId], untouched]);
  });
});

describe('a repository that cannot be written after AWSCURRENT has moved', () => {
  test('is behind on the old key; a later finishSecret writes the new one', async () => {
    const world = given();
    await through(world, ...beforeFinish);
    failWriting(world, [idName], down);
    const error = errorOf(await world.run('finishSecret'));
    expect(error).toBeInstanceOf(Transient);
    expect(error.message).toContain(`Behind: secrets ${idName} and ${valueName} of GitHub`);
    expect(pairOf(world)).toEqual(untouched);
    const current = world.currentKeyId();
    expect(answerOf(await world.run('undo'))).toMatchObject({ Issued: 'true', NewKeyId: current });
    expect([keyIds(world), noted(world)]).toEqual([[oldKeyId, current], [['writing', current]]]);
    world.gitHub.failWith(() => undefined);
    answerOf(await world.run('finishSecret'));
    expect([world.isPairOnGitHub(), noted(world)]).toEqual([true, [['written', current]]]);
  });

  test('half, and refused: the old id is put back, so that both go together', async () => {
    const world = given();
    await through(world, ...beforeFinish);
    failWriting(world, [valueName], refused);
    const { message } = errorOf(await world.run('finishSecret'));
    expect(message).toContain(`${idName} is that of the old key again`);
    expect(pairOf(world)).toEqual(untouched);
    expect(noted(world)).toEqual([['written', oldKeyId]]);
    errorOf(await world.run('finishSecret'));
    expect(pairOf(world)).toEqual(untouched);
    world.gitHub.failWith(() => undefined);
    answerOf(await world.run('undo'));
    expect(world.isPairOnGitHub()).toBe(true);
  });

  test('half, and nobody knows: nothing is put back, and it is not noted as written', async () => {
    const world = given();
    await through(world, ...beforeFinish);
    failWriting(world, [valueName], { kind: 'lost answer' });
    errorOf(await world.run('finishSecret'));
    expect(world.isPairOnGitHub()).toBe(true);
    expect(noted(world)).toEqual([['writing', world.currentKeyId()]]);
  });

  test('half, while somebody switches the old key off: it is not put back', async () => {
    const world = given();
    await through(world, ...beforeFinish);
    failWriting(world, [valueName], refused);
    world.meddle(async (call, proceed) => {
      if (call.operation === 'TagResource' && JSON.stringify(call.input).includes('writing')) {
        world.meddle((_call, onwards) => onwards());
        const off = { UserName: 'svc-billing', AccessKeyId: oldKeyId, Status: 'Inactive' };
        await outsider(world, 'iam', 'UpdateAccessKey', off);
      }
      return proceed();
    });
    expect(errorOf(await world.run('finishSecret')).message).toContain('do not match until');
    expect(pairOf(world)[0]).toBe(world.currentKeyId());
    expect(noted(world)).toEqual([['writing', world.currentKeyId()]]);
  });

  test('a key that IAM no longer shows as Active is not written', async () => {
    const world = given();
    await through(world, ...beforeFinish);
    failWriting(world, [idName], down);
    errorOf(await world.run('finishSecret'));
    world.gitHub.failWith(() => undefined);
    const gone = { UserName: 'svc-billing', AccessKeyId: world.currentKeyId() };
    await outsider(world, 'iam', 'DeleteAccessKey', gone);
    errorOf(await world.run('finishSecret'));
    expect(pairOf(world)).toEqual(untouched);
  });
});

describe('whose secrets they are', () => {
  test('another user’s are never written over', async () => {
    const world = given();
    world.gitHub.putByHand(repository, `KEYTURN_AIDAEXAMPLEOTHERUSER_${valueName}`, 'x');
    await through(world, 'createSecret');
    const error = errorOf(await world.run('setSecret'));
    expect(error).toBeInstanceOf(Permanent);
    expect(error.message).toContain('AIDAEXAMPLEOTHERUSER');
    expect(pairOf(world)).toEqual(untouched);
  });

  test('another user’s under other names do not matter', async () => {
    const world = given();
    world.gitHub.putByHand(repository, 'KEYTURN_AIDAEXAMPLEOTHERUSER_OTHER_ID', 'x');
    await through(world, ...beforeFinish, 'finishSecret');
    expect(world.isPairOnGitHub()).toBe(true);
  });

  test('a deployment without a token makes no key', async () => {
    const world = given();
    Object.assign(world.deps, { repositories: null });
    const { message } = errorOf(await world.run('createSecret'));
    expect(message).toContain('githubTokenIn');
    expect(keyIds(world)).toEqual([oldKeyId]);
  });
});

describe('a repository that policy no longer names', () => {
  const nextRotation = '5b1e0c7a-2f64-5d3c-9a81-0e6d7c5b4a39';

  async function dropped() {
    const world = given();
    await through(world, ...beforeFinish, 'finishSecret');
    const current = world.currentKeyId() ?? '';
    const gone = { UserName: 'svc-billing', AccessKeyId: oldKeyId };
    await outsider(world, 'iam', 'DeleteAccessKey', gone);
    const next = {
      Copies: 'none',
      OldKeyId: current,
      RotationId: nextRotation,
      ClientRequestToken: cryptoIds.uuid(attemptName(nextRotation, 1)),
    };
    return { world, current, next };
  }

  test('keeps its key: none is made behind it', async () => {
    const { world, current, next } = await dropped();
    const { message } = errorOf(await world.run('createSecret', 1, null, next));
    expect(message).toContain(`${place} was given key ${current}`);
    expect(keyIds(world)).toEqual([current]);
  });

  test('until somebody takes the tag off', async () => {
    const { world, next } = await dropped();
    const [tagged] = placesIn(world.secret()?.tags ?? {});
    await outsider(world, 'secretsmanager', 'TagResource', {
      SecretId: secretName,
      Tags: [{ Key: tagged?.tag, Value: 'nobody reads it' }],
    });
    answerOf(await world.run('createSecret', 1, null, next));
  });
});

test('no call of GitHub shows the value, and the pending key is never there', async () => {
  const world = given();
  await through(world, ...beforeFinish, 'finishSecret');
  const { NewKeyId } = answerOf(await world.run('finishSecret'));
  const writes = world.gitHub.calls.filter(
    ({ method, status }) => method === 'PUT' && status < 300,
  );
  expect(writes.length).toBeGreaterThan(5);
  expect(JSON.stringify(world.gitHub.calls)).not.toContain(NewKeyId);
});
