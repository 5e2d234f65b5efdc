/** Whole rotations with parameters and with secrets of a repository as further places. */
import { describe, expect, test } from 'vitest';
import type { Policy } from '../../domain/policy.ts';
import { expectHeldActive, expectRotated } from './endings.ts';
import { account, type GivenWorld, givenWorld } from './given-world.ts';
import { currentKeyId } from './promises.ts';

const repository = 'acme/web';
const [idName, valueName] = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
const region = 'us-east-1';
const parameters: Policy['copies'] = [
  { kind: 'parameter-store', region },
  { kind: 'parameter-store', region: 'eu-west-1' },
];
const onGitHub: Policy['copies'] = [{ kind: 'github-actions', repository }];

function pairIn(text: string | undefined) {
  return JSON.parse(text ?? '{}') as Readonly<Record<string, string>>;
}

const parameterIn = ({ world }: GivenWorld, where: string) =>
  world.cloud
    .parameters(account, where)
    .find(({ name }) => name === '/keyturn/users/svc-billing')
    ?.versions.at(-1)?.value;

const onGitHubNow = ({ world }: GivenWorld) => [
  world.gitHub.valueOf(repository, idName),
  world.gitHub.valueOf(repository, valueName),
];

function failWriting({ world }: GivenWorld, failing: string): void {
  world.gitHub.failWith(({ method, what }) =>
    method === 'PUT' && what === failing ? { kind: 'status', status: 503 } : undefined,
  );
}

describe('parameters', () => {
  test('beside the vault and in another Region show the new key, to the letter', async () => {
    const given = await givenWorld({ policy: { copies: parameters } });
    await expectRotated(given);
    const current = currentKeyId(given.world, given.user);
    const there = [region, 'eu-west-1'].map((where) => pairIn(parameterIn(given, where)));
    expect(there.map(({ accessKeyId }) => accessKeyId)).toEqual([current, current]);
    expect(there[0]).toEqual(there[1]);
  });

  test('that somebody edits keep the old key Active', async () => {
    const given = await givenWorld({ policy: { copies: parameters } });
    await given.until('overlapping');
    await given.world.cloud.call({
      service: 'ssm',
      operation: 'PutParameter',
      input: { Name: '/keyturn/users/svc-billing', Value: 'mine now', Overwrite: true },
      region: 'eu-west-1',
      credentials: given.world.cloud.roleCredentials(account, 'operator', 'somebody'),
    });
    await given.until('held', { days: 40 });
    expect(given.oldKeyChanges()).toEqual(['Active']);
    const { stage } = await given.rotation();
    expect(JSON.stringify(stage)).toContain('the parameter in eu-west-1 does not show');
  });
});

describe('secrets of a repository', () => {
  test('get the new key, whole; no state, message, run or call shows its value', async () => {
    const given = await givenWorld({ policy: { copies: onGitHub } });
    await expectRotated(given);
    const [id, value = ''] = onGitHubNow(given);
    expect(id).toBe(currentKeyId(given.world, given.user));
    expect(value).toMatch(/^.{40,}$/);
    const { cloud, log, runner, place, slack, gitHub } = given.world;
    const journal = await given.world.store.journal((await given.rotation()).id);
    const said = [cloud.history, log, runner.list(place), slack.messages(), gitHub.calls, journal];
    expect(JSON.stringify(said)).not.toContain(value);
    const runs = JSON.stringify(runner.list(place));
    expect(runs).toContain('"finishSecret.WrittenTo":["github-actions:acme/web"]');
  });

  test('that cannot be written at all: AWSCURRENT stays, the issue is held', async () => {
    const given = await givenWorld({ policy: { copies: onGitHub } });
    given.world.gitHub.failWith(({ method }) =>
      method === 'PUT' ? { kind: 'status', status: 403 } : undefined,
    );
    await expectHeldActive(given, 'issue failed');
    expect(currentKeyId(given.world, given.user)).toBeNull();
    expect(onGitHubNow(given)).toEqual([undefined, undefined]);
    expect(given.newKeys().every(({ deletedAt }) => deletedAt !== null)).toBe(true);
    expect(given.incidents()[0]?.summary).toContain('Secrets, read and write');
  });

  test('that cannot be written for hours: a later attempt issues the key', async () => {
    const given = await givenWorld({ policy: { copies: onGitHub } });
    given.world.gitHub.failWith(() => ({ kind: 'status', status: 503 }));
    await given.until('issuing');
    await given.pass({ minutes: 30 });
    given.world.gitHub.failWith(() => undefined);
    await expectRotated(given);
  });

  test.each([idName, valueName])('that fall behind (%s) keep the old key Active', async (name) => {
    const given = await givenWorld({ policy: { copies: onGitHub } });
    failWriting(given, name);
    await given.until('held', { days: 40 });
    expect(given.oldKeyChanges()).toEqual(['Active']);
    const { stage } = await given.rotation();
    expect(JSON.stringify(stage)).toContain('acme/web are not known to hold the new key');
    const left = given.keys().filter(({ deletedAt }) => deletedAt === null);
    expect(left).toHaveLength(2);
  });

  test('under other names than the usual ones', async () => {
    const named = { accessKeyId: 'BILLING_ID', secretAccessKey: 'BILLING_KEY' };
    const given = await givenWorld({
      policy: { copies: [{ kind: 'github-actions', repository, ...named }] },
    });
    await expectRotated(given);
    const { gitHub } = given.world;
    expect(gitHub.valueOf(repository, 'BILLING_ID')).toBe(currentKeyId(given.world, given.user));
    expect(gitHub.valueOf(repository, idName)).toBeUndefined();
  });
});
