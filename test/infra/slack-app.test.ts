/** The Slack app's manifest asks for what Keyturn calls and answers, and for nothing else. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const repository = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(repository, path), 'utf8');
const manifest = parse(read('infra/slack-app.yml'));

/** One of these scopes each, as the documentation of each method says (2026-11); none for some. */
const scopesOf: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'views.publish': [],
  'views.open': [],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.open': ['im:write'],
  'users.info': ['users:read'],
  'users.lookupByEmail': ['users:read.email'],
};

const methods = new Set(
  readdirSync(join(repository, 'adapters'))
    .filter((file) => file.startsWith('slack-'))
    .flatMap((file) => [...read(`adapters/${file}`).matchAll(/'([a-z]+\.[a-zA-Z]+)'/g)])
    .map(([, method = '']) => method)
    .filter((method) => /^(?:auth|chat|conversations|users|views)\./.test(method)),
);

test('every method that is called has its scope', () => {
  expect([...methods]).toEqual(expect.arrayContaining(['chat.postMessage', 'views.publish']));
  const given: readonly string[] = manifest.oauth_config.scopes.bot;
  for (const method of methods) {
    const scopes = scopesOf[method];
    expect(scopes, `${method}: say in this test which scope it takes`).toBeDefined();
    const isEnough = scopes?.length === 0 || scopes?.some((scope) => given.includes(scope));
    expect(isEnough, `${method} takes ${scopes}: add it to infra/slack-app.yml`).toBe(true);
  }
});

test('no scope is asked for that nothing takes', () => {
  const taken = [...methods].flatMap((method) => scopesOf[method] ?? []);
  for (const scope of manifest.oauth_config.scopes.bot) {
    expect([...taken, 'commands'], scope).toContain(scope);
  }
});

test('its addresses are those of the HTTP API', () => {
  const { features, settings } = manifest;
  const urls = [
    features.slash_commands[0].url,
    settings.event_subscriptions.request_url,
    settings.interactivity.request_url,
  ];
  const routes = [...read('serverless.yml').matchAll(/httpApi: POST (\/slack\/\S+)/g)];
  expect(urls.map((url) => new URL(url).pathname).toSorted()).toEqual(
    routes.map(([, path]) => path).toSorted(),
  );
  expect(features.slash_commands.map(({ command }: { command: string }) => command)).toEqual([
    '/keyturn',
  ]);
  expect(settings.event_subscriptions.bot_events).toEqual(['app_home_opened']);
  expect(features.app_home.home_tab_enabled).toBe(true);
});
