/** The token for GitHub, read from a secret or a parameter of the operator's. */
import { describe, expect, test } from 'vitest';
import { gitHubToken } from '../../adapters/github-token.ts';
import { Permanent } from '../../domain/errors.ts';
import { instant } from '../../domain/instant.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { cannedAws } from './canned-aws.ts';

const token = 'github_pat_11AAEXAMPLE0123456789';
const start = instant('2026-11-02T08:00:00Z');

function given(text: string, Type = 'SecureString') {
  const held = { text };
  const aws = cannedAws({
    GetSecretValue: () => ({ SecretString: held.text }),
    GetParameter: () => ({ Parameter: { Type, Value: held.text } }),
  });
  const clock = virtualClock(start);
  const kept = (name: string) => gitHubToken(aws.connection, name, clock);
  return { aws, clock, held, kept };
}

describe('the token', () => {
  test.each(['keyturn-dev-github-token', '/keyturn-dev/github-token'])('of %s', async (name) => {
    const { kept } = given(JSON.stringify({ gitHubToken: token }));
    expect(await kept(name).read()).toBe(token);
  });

  test('is kept for minutes, and read again where it was refused', async () => {
    const { aws, clock, held, kept } = given(JSON.stringify({ gitHubToken: token }));
    const secret = kept('keyturn-dev-github-token');
    await secret.read();
    held.text = JSON.stringify({ gitHubToken: 'ghs_16C7e42F292c6912E7710c838347Ae178B4a' });
    expect(await secret.read()).toBe(token);
    expect(aws.calls).toHaveLength(1);
    await clock.runUntil(instant('2026-11-02T08:02:00Z'));
    expect(await secret.readAgain()).toMatch(/^ghs_/);
  });

  test.each([
    'no JSON, and a CANARY',
    '{}',
    JSON.stringify({ gitHubToken: 'ghp_CANARY0123456789' }),
    JSON.stringify({ gitHubToken: `${token} CANARY` }),
    JSON.stringify({ gitHubToken: `${token}\nX-Header: CANARY` }),
    JSON.stringify({ gitHubToken: 7, note: 'CANARY' }),
  ])('is refused, and not quoted: %j', async (text) => {
    const { kept } = given(text);
    const error: unknown = await kept('keyturn-dev-github-token')
      .read()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Permanent);
    expect(String(error)).not.toContain('CANARY');
    expect(String(error)).toContain('github_pat_…');
  });

  test('in a parameter that everybody reads is refused', async () => {
    const { kept } = given(JSON.stringify({ gitHubToken: token }), 'String');
    await expect(kept('/keyturn-dev/github-token').read()).rejects.toThrow('no SecureString');
  });
});
