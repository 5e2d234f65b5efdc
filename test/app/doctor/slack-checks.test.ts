/** The doctor's questions to Slack, through the real adapter, against the strict stand-in. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { slackAppIn } from '../../../adapters/slack-manifest.ts';
import { slackReads } from '../../../adapters/slack-reads.ts';
import type { Diagnosis } from '../../../app/doctor/diagnosis.ts';
import { stageNames } from '../../../app/doctor/names.ts';
import { slackChecks } from '../../../app/doctor/slack-checks.ts';
import type { Answer } from '../../../domain/account-reads.ts';
import { instant } from '../../../domain/instant.ts';
import { emptyBook, type PolicyBook } from '../../../domain/policy-book.ts';
import { integrationSecret, slackSetup } from '../../../sandbox/settings.ts';
import { slackStandIn } from '../../../sandbox/slack.ts';
import type { SlackAppSetup } from '../../../sandbox/slack-app.ts';
import { bareReads } from './bare-reads.ts';

const manifest = parse(
  readFileSync(join(import.meta.dirname, '../../../infra/slack-app.yml'), 'utf8'),
);
const wanted = slackAppIn(manifest);
const names = stageNames('prod');
const payments = 'C0PAYMENTS';
const configuration = { appId: 'A0KEYTURN', token: ['xoxe', 'sandbox'].join('-') };
const base = 'https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com';

interface Given {
  readonly app?: SlackAppSetup;
  readonly book?: PolicyBook;
  readonly archived?: readonly string[];
  readonly api?: Answer<string | null>;
  readonly isToldApart?: boolean;
  readonly before?: boolean;
}

async function checked(given: Given = {}): Promise<Readonly<Record<string, Diagnosis>>> {
  const slack = slackStandIn({
    ...slackSetup,
    now: () => instant('2026-11-02T08:00:00Z'),
    botToken: integrationSecret.slackBotToken,
    app: { configuration, manifest: at(base), ...given.app },
  });
  for (const channel of given.archived ?? []) slack.archive(channel);
  const reads = slackReads({
    botToken: async () => integrationSecret.slackBotToken,
    fetch: slack.fetch,
    ...(given.isToldApart === false ? {} : { configuration }),
  });
  const api = given.api ?? { read: true, value: base };
  const home = { ...bareReads, apiOf: async () => api };
  const { teamId: team, channel } = slackSetup;
  const patient = { reads, team, channel: channel.id, wanted };
  const deployed = given.before === true ? undefined : { reads: home, names };
  const all = await slackChecks(patient, given.book ?? emptyBook, deployed);
  return Object.fromEntries(all.map((each) => [each.check, each]));
}

/** Our own manifest as an operator has put a deployment's addresses into it. */
function at(address: string): object {
  const text = JSON.stringify(manifest);
  return JSON.parse(
    text.replaceAll('https://example.execute-api.us-east-1.amazonaws.com', address),
  );
}

const lacking = (all: Readonly<Record<string, Diagnosis>>) =>
  Object.values(all).flatMap(({ state, check }) => (state === 'ok' ? [] : [check]));

test('an app made from our own manifest, with the right addresses, lacks nothing', async () => {
  const all = await checked();
  expect(lacking(all)).toEqual([]);
  expect(Object.keys(all)).toEqual([
    'workspace',
    'scopes',
    'channel C0ACCESSKEYS',
    'address of interactivity',
    'address of commands',
    'address of events',
  ]);
});

describe('scopes', () => {
  test.each(wanted.scopes)(
    '%s lacking is named, with what does not work without it',
    async (it) => {
      const { scopes } = await checked({
        app: { scopes: wanted.scopes.filter((scope) => scope !== it) },
      });
      expect(scopes).toMatchObject({ state: 'missing', says: `The token lacks ${it}.` });
      expect(scopes).toHaveProperty('means', expect.not.stringContaining('is needed'));
      expect(scopes).toHaveProperty('todo', expect.stringContaining('Reinstall to Workspace'));
    },
  );

  test('of private channels are enough in the place of those of public ones', async () => {
    const scopes = [...wanted.scopes.filter((each) => each !== 'channels:read'), 'groups:read'];
    expect(lacking(await checked({ app: { scopes } }))).toEqual([]);
  });

  test('that lack for a look at the channel make it unknown, not well', async () => {
    const all = await checked({ app: { scopes: ['chat:write', 'im:write', 'commands'] } });
    expect(all['channel C0ACCESSKEYS']).toMatchObject({
      state: 'unknown',
      todo: 'Give the app the scope that lacks, and install it again.',
    });
  });
});

describe('channels that the policy names', () => {
  const rules = [
    { index: 0, scope: { path: '/payments/' }, changes: { channel: payments } },
    { index: 1, scope: { path: '/ci/' }, changes: { channel: 'default' } },
    { index: 2, scope: { path: '/pay/' }, changes: { channel: payments } },
  ] as const;
  const book = { ...emptyBook, rules };

  test('are looked at beside the deployment’s own, each once', async () => {
    const all = await checked({ book });
    expect(Object.keys(all).filter((check) => check.startsWith('channel'))).toEqual([
      'channel C0ACCESSKEYS',
      'channel C0PAYMENTS',
    ]);
    expect(lacking(all)).toEqual([]);
  });

  test.each<[string, Given, string]>([
    ['without the bot', { app: { notIn: [payments] } }, 'The bot is not in it.'],
    ['archived', { archived: [payments] }, 'It is archived.'],
  ])('%s', async (_, given, says) => {
    const all = await checked({ book, ...given });
    expect(lacking(all)).toEqual(['channel C0PAYMENTS']);
    expect(all['channel C0PAYMENTS']).toMatchObject({ says });
  });

  test('that nobody knows', async () => {
    const all = await checked({ book: { ...emptyBook, defaults: { channel: 'C0NOWHERE' } } });
    expect(all['channel C0NOWHERE']).toMatchObject({ says: 'The bot sees no such channel.' });
  });
});

describe('addresses', () => {
  test('of another deployment are named, each with where to enter which', async () => {
    const old = 'https://f6g7h8i9j0.execute-api.us-east-1.amazonaws.com';
    const all = await checked({ app: { manifest: at(old) } });
    expect(lacking(all)).toHaveLength(3);
    expect(all['address of commands']).toMatchObject({
      says: `Slack sends to ${old}/slack/commands, which is another one.`,
      todo: expect.stringContaining(`Slash Commands, /keyturn: enter ${base}/slack/commands`),
    });
  });

  test('that are not there, or switched off', async () => {
    const settings = { interactivity: { is_enabled: false, request_url: `${base}/slack/actions` } };
    const all = await checked({ app: { manifest: { settings } } });
    for (const kind of ['interactivity', 'commands', 'events']) {
      expect(all[`address of ${kind}`]).toMatchObject({ says: 'The app has none.' });
    }
  });

  test('are told to be compared where Slack does not show them to a bot', async () => {
    const { addresses } = await checked({ isToldApart: false });
    expect(addresses?.state).toBe('ok');
    for (const path of ['actions', 'commands', 'events']) {
      expect(addresses?.says).toContain(`${base}/slack/${path}`);
    }
  });

  test('with a token that may not see them are unknown', async () => {
    const other = { appId: 'A0OTHER', token: configuration.token };
    const all = await checked({ app: { configuration: other } });
    expect(all.addresses).toMatchObject({ state: 'unknown' });
    expect(all.addresses).toHaveProperty('todo', expect.not.stringContaining('--policy'));
  });

  test('of no API, or of one that cannot be looked at, are not well', async () => {
    expect(await checked({ api: { read: true, value: null } })).toMatchObject({
      addresses: { state: 'missing' },
    });
    const denied = {
      read: false,
      action: 'lambda:GetPolicy',
      denied: true,
      problem: 'no',
    } as const;
    expect(await checked({ api: denied })).toMatchObject({ addresses: { state: 'unknown' } });
  });

  test('are no question before a deployment', async () => {
    expect(Object.keys(await checked({ before: true })).join()).not.toContain('address');
  });
});

test('a manifest of another form is refused by name', () => {
  expect(() => slackAppIn({ oauth_config: { scopes: { bot: 'chat:write' } } })).toThrow(
    'oauth_config.scopes.bot',
  );
  expect(() => slackAppIn(undefined)).toThrow('another form');
});
