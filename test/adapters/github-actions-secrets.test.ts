/** Secrets of a repository, written to a strict stand-in that opens them as GitHub does. */
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { gitHubActionsSecrets } from '../../adapters/github-actions-secrets.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { instant, millisBetween } from '../../domain/instant.ts';
import { Sealed } from '../../domain/sealed.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { type GitHubFailure, gitHubStandIn } from '../../sandbox/github.ts';

const repository = 'acme/web';
const name = 'AWS_SECRET_ACCESS_KEY';
const canary = 'wJalrXUtnFEMI-CANARY';
const token = 'github_pat_TOKEN-CANARY';
const start = instant('2026-11-02T08:00:00Z');

function given(may: 'write' | 'read' | 'nothing' = 'write') {
  const gitHub = gitHubStandIn();
  gitHub.addRepository(repository);
  gitHub.setToken(token, may);
  const clock = virtualClock(start);
  const tokens = { now: token, again: token };
  const secrets = gitHubActionsSecrets({
    token: { read: async () => tokens.now, readAgain: async () => tokens.again },
    clock,
    fetch: gitHub.fetch,
  });
  const write = (value = canary, to = repository, as = name) =>
    secrets.write(to, as, new Sealed(value));
  /** Fails the calls of these numbers, from 1. */
  const failAt = (failures: Readonly<Record<number, GitHubFailure>>) => {
    let calls = 0;
    gitHub.failWith(() => {
      calls += 1;
      return failures[calls];
    });
  };
  return { gitHub, clock, secrets, write, failAt, tokens };
}

async function failureOf(act: Promise<unknown>): Promise<Error> {
  const error: unknown = await act.then(() => undefined).catch((thrown: unknown) => thrown);
  if (!(error instanceof Error)) throw new Error('it did not fail');
  const shown = inspect(error, { depth: 20, showHidden: true });
  expect(shown).not.toContain(canary);
  expect(shown).not.toContain(token);
  return error;
}

const status = (code: number, headers = {}): GitHubFailure => ({
  kind: 'status',
  status: code,
  headers,
});

describe('writing a secret', () => {
  test('makes it, and the same again replaces it', async () => {
    const { gitHub, write } = given();
    await write();
    await write();
    expect(gitHub.valueOf(repository, name)).toBe(canary);
    expect(gitHub.calls.map((call) => [call.what, call.status])).toEqual([
      ['public-key', 200],
      [name, 201],
      ['public-key', 200],
      [name, 204],
    ]);
  });

  test('carries any text, up to 48 KB', async () => {
    const { gitHub, write } = given();
    for (const value of ['', 'ü€😀', 'a'.repeat(48 * 1024)]) {
      await write(value);
      expect(gitHub.valueOf(repository, name)).toBe(value);
    }
    expect((await failureOf(write('€'.repeat(16 * 1024 + 1)))).message).toContain('48 KB');
    expect(gitHub.valueOf(repository, name)).toHaveLength(48 * 1024);
  });

  test('gets the public key anew, once, if it was exchanged in between', async () => {
    const { gitHub, write } = given();
    gitHub.failWith(({ method, what }) => {
      if (method === 'PUT' && gitHub.calls.every((call) => call.what !== what)) {
        gitHub.exchangeKey(repository);
      }
      return undefined;
    });
    await write();
    expect(gitHub.valueOf(repository, name)).toBe(canary);
    expect(gitHub.calls.map((call) => call.status)).toEqual([200, 422, 200, 201]);
    gitHub.failWith(({ method }) => {
      if (method === 'PUT') gitHub.exchangeKey(repository);
      return undefined;
    });
    expect(await failureOf(write('other'))).toBeInstanceOf(Permanent);
    expect(gitHub.valueOf(repository, name)).toBe(canary);
  });

  test.each(['acme', 'acme/..', '../x', 'acme/web/x', 'acme/web?y', ''])(
    'never calls %j',
    async (to) => {
      const { gitHub, write } = given();
      expect(await failureOf(write(canary, to))).toBeInstanceOf(Permanent);
      expect(gitHub.calls).toEqual([]);
    },
  );

  test.each(['', 'a', 'A/../B', 'PUBLIC-KEY'])('never writes to the name %j', async (as) => {
    const { gitHub, write } = given();
    expect(await failureOf(write(canary, repository, as))).toBeInstanceOf(Permanent);
    expect(gitHub.calls).toEqual([]);
  });
});

describe('what GitHub refuses', () => {
  test.each([
    ['read', 403, 'read and write'],
    ['nothing', 404, 'does not reach it'],
  ] as const)('a token that may %s: %i, told', async (may, code, told) => {
    const { gitHub, write } = given(may);
    const error = await failureOf(write());
    expect(error).toBeInstanceOf(Permanent);
    expect(error.message).toContain(String(code));
    expect(error.message).toContain(told);
    expect(gitHub.names(repository)).toEqual([]);
  });

  test('a token that is exchanged for another one: it is read again, once', async () => {
    const { gitHub, write, tokens } = given();
    tokens.now = 'github_pat_old';
    await write();
    expect(gitHub.calls.map((call) => call.status)).toEqual([401, 200, 401, 201]);
    tokens.again = tokens.now;
    const error = await failureOf(write());
    expect(error).toBeInstanceOf(Permanent);
    expect(error.message).toContain('put another one');
  });

  test.each([301, 307, 308])(
    'a repository that has moved (%i): the key goes nowhere',
    async (code) => {
      const { gitHub, write, failAt } = given();
      failAt({ 1: status(code) });
      expect((await failureOf(write())).message).toContain('another name');
      expect(gitHub.names(repository)).toEqual([]);
    },
  );

  test('a hundred secrets are enough', async () => {
    const { gitHub, write } = given();
    for (let n = 0; n < 100; n++) gitHub.putByHand(repository, `N${n}`, 'x');
    expect(await failureOf(write())).toBeInstanceOf(Permanent);
    await write('y', repository, 'N7');
    expect(gitHub.valueOf(repository, 'N7')).toBe('y');
  });
});

describe('what passes', () => {
  test.each<[string, GitHubFailure]>([
    ['503', status(503)],
    ['500', status(500)],
    ['no answer', { kind: 'lost request' }],
    ['a lost answer', { kind: 'lost answer' }],
    ['429', status(429)],
    ['429 with Retry-After', status(429, { 'Retry-After': '3' })],
    ['403 with Retry-After', status(403, { 'Retry-After': '3' })],
    [
      '403 at the limit',
      status(403, {
        'X-RateLimit-Remaining': '0',
        'X-RateLimit-Reset': `${Date.parse(start) / 1000 + 4}`,
      }),
    ],
  ])('%s is tried again, at either call', async (_, failure) => {
    for (const call of [1, 2]) {
      const { gitHub, clock, write, failAt } = given();
      failAt({ [call]: failure });
      await write();
      expect(gitHub.valueOf(repository, name)).toBe(canary);
      const waited = millisBetween(start, clock.now());
      expect(waited).toBeGreaterThanOrEqual(1000);
      expect(waited).toBeLessThanOrEqual(5000);
    }
  });

  test('what is asked to wait is awaited', async () => {
    const { clock, write, failAt } = given();
    failAt({ 1: status(429, { 'Retry-After': '9' }) });
    await write();
    expect(millisBetween(start, clock.now())).toBe(9000);
  });

  test.each<[string, GitHubFailure]>([
    ['Retry-After', status(403, { 'Retry-After': '60' })],
    [
      'the end of the limit',
      status(403, {
        'X-RateLimit-Remaining': '0',
        'X-RateLimit-Reset': `${Date.parse(start) / 1000 + 1800}`,
      }),
    ],
  ])('a long wait by %s is left to a later try', async (_, failure) => {
    const { gitHub, clock, write, failAt } = given();
    failAt({ 2: failure });
    const error = await failureOf(write());
    expect(error).toBeInstanceOf(Transient);
    expect(error.message).toMatch(/to wait for \d+ seconds/);
    expect(clock.now()).toBe(start);
    expect(gitHub.names(repository)).toEqual([]);
  });

  test('three times in a row it is given up, for now', async () => {
    const { gitHub, write, failAt } = given();
    failAt({ 2: status(503), 3: status(502), 4: { kind: 'lost request' } });
    expect(await failureOf(write())).toBeInstanceOf(Transient);
    expect(gitHub.names(repository)).toEqual([]);
  });

  test.each<GitHubFailure>([{ kind: 'lost answer' }, status(500)])(
    'a refusal after %j is no proof that nothing was written',
    async (first) => {
      const { write, failAt } = given();
      failAt({ 2: first, 3: status(404) });
      const error = await failureOf(write());
      expect(error).toBeInstanceOf(Transient);
      expect(error.message).toContain('may have taken effect');
    },
  );
});

test.each([
  ['an answer', async () => ({ status: 400, text: JSON.stringify({ message: `no ${token}` }) })],
  ['a broken connection', () => Promise.reject(new Error(`cannot send ${token}`))],
] as const)('%s that quotes the token is shown without it', async (_, ask) => {
  const secrets = gitHubActionsSecrets({
    token: { read: async () => token, readAgain: async () => token },
    clock: virtualClock(start),
    fetch: async () => {
      const { status: code, text } = await ask();
      return { status: code, headers: { get: () => null }, text: async () => text };
    },
  });
  const { message } = await failureOf(secrets.names(repository));
  expect(message).toContain('(token)');
});

describe('the names of secrets', () => {
  test('are read to their end', async () => {
    const { gitHub, secrets } = given();
    for (let n = 0; n < 130; n++) gitHub.putByHand(repository, `N${n}`, 'x');
    expect(await secrets.names(repository)).toEqual(gitHub.names(repository));
    expect(gitHub.calls).toHaveLength(2);
  });

  test.each(['', '[]', '{"secrets":[]}', '<html>'])('an answer of %j is none', async (text) => {
    const { gitHub } = given();
    const secrets = gitHubActionsSecrets({
      token: { read: async () => token, readAgain: async () => token },
      clock: virtualClock(start),
      fetch: async (url, request) => {
        await gitHub.fetch(url, request);
        return { status: 200, headers: { get: () => null }, text: async () => text };
      },
    });
    expect(await failureOf(secrets.names(repository))).toBeInstanceOf(Transient);
    expect(await failureOf(secrets.write(repository, name, new Sealed(canary)))).toBeInstanceOf(
      Transient,
    );
  });
});
