/** What the console's server refuses: strangers, by name, origin, method, token, size and form. */
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mostBodyBytes, tokenHeader } from '../../../sandbox/console/guard.ts';
import { openPlayground, type Playground } from '../../../sandbox/console/playground.ts';
import { type ConsoleServer, serveConsole } from '../../../sandbox/console/server.ts';

let playground: Playground;
let served: ConsoleServer;

beforeAll(async () => {
  playground = await openPlayground();
  served = await serveConsole(playground, 0);
});

afterAll(() => served.close());

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** With Node's own client, which sends the host and the origin that it is told. */
function ask({ method = 'GET', path = '/', headers = {}, body = '' }: Asked): Promise<Answered> {
  const { port } = new URL(served.url);
  return new Promise((resolve, reject) => {
    const sent = { 'content-length': `${Buffer.byteLength(body)}`, ...headers };
    const where = { host: '127.0.0.1', port, method, path, headers: sent, agent: false };
    const asking = request(where, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        const { statusCode: status = 0, headers: given } = answer;
        resolve({ status, headers: given, body: Buffer.concat(parts).toString() });
      });
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

const proper = () => ({ 'content-type': 'application/json', [tokenHeader]: served.token });
const step = JSON.stringify({ type: 'advance', hours: 1 });
const moved = async (asked: Asked) => {
  const before = playground.pulse().now;
  const answered = await ask({ method: 'POST', path: '/api/act', body: step, ...asked });
  return { ...answered, moved: playground.pulse().now !== before };
};

test('a proper act changes the world', async () => {
  const { status, moved: didMove } = await moved({ headers: proper() });
  expect(status).toBe(200);
  expect(didMove).toBe(true);
});

test.each([
  ['another host name', { host: 'console.example.com' }],
  ['another host name with the port', { host: 'console.example.com:4180' }],
  ['this machine under another port', { host: '127.0.0.1:1' }],
  ['another origin', { origin: 'https://example.com' }],
  ['an origin that is none', { origin: 'null' }],
  ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
  ['a frame of another site', { 'sec-fetch-site': 'cross-site' }],
  ['another port, as a browser says it', { 'sec-fetch-site': 'same-site' }],
])('a request by %s changes nothing and reads nothing', async (_, headers) => {
  const acted = await moved({ headers: { ...proper(), ...headers } });
  expect(acted).toMatchObject({ status: 403, moved: false });
  for (const path of ['/', '/api/pulse', '/api/live', '/api/rotation?id=x']) {
    const read = await ask({ path, headers });
    expect(read.status, path).toBe(403);
    expect(read.body).not.toContain(served.token);
  }
});

test.each([
  ['GET', 405],
  ['PUT', 405],
  ['DELETE', 405],
  ['OPTIONS', 405],
])('%s changes nothing', async (method, status) => {
  expect(await moved({ method, headers: proper() })).toMatchObject({ status, moved: false });
  const elsewhere = await ask({ method, path: '/api/pulse', headers: proper() });
  expect(elsewhere.status).toBe(method === 'GET' ? 200 : 405);
});

test('reading every view, again and again, changes nothing', async () => {
  const before = JSON.stringify(playground.pulse());
  const [row] = (await playground.fleet(0)).rows;
  const paths = ['pulse', 'fleet?since=0', `rotation?id=${row?.rotation}`, 'runs', 'outside'];
  for (const path of [...paths, 'slack?as=ada']) {
    expect((await ask({ path: `/api/${path}` })).status, path).toBe(200);
  }
  expect(JSON.stringify(playground.pulse())).toBe(before);
});

test.each([
  ['no token', { 'content-type': 'application/json' }, 403],
  ['a wrong token', { 'content-type': 'application/json', [tokenHeader]: 'guess' }, 403],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ['plain text', { 'content-type': 'text/plain' }, 415],
  ['no content type', {}, 415],
])('%s: refused, and nothing is changed', async (_, headers, status) => {
  expect(await moved({ headers })).toMatchObject({ status, moved: false });
});

test.each([
  ['{', 'The body is no JSON'],
  ['', 'The body is no JSON'],
  ['null', 'act: '],
  ['[]', 'type: '],
  ['{"type":"explode"}', 'type: '],
  ['{"type":"advance"}', 'hours: '],
  ['{"type":"advance","hours":-1}', 'hours: '],
  ['{"type":"advance","hours":1e9}', 'hours: '],
  ['{"type":"pause","extra":1}', 'extra: '],
  ['{"type":"begin","scene":{"kind":"fleet","seed":"7","users":5001}}', 'scene.users: '],
  ['{"type":"press","as":"root","ts":"1","actionId":"a"}', 'as: '],
])('the body %s is refused with what is wrong in it', async (body, problem) => {
  const answered = await moved({ headers: proper(), body });
  expect(answered).toMatchObject({ status: 400, moved: false });
  expect(answered.body).toContain(problem);
});

test('a body beyond the limit is refused unread', async () => {
  const body = JSON.stringify({ type: 'deliver', event: 'x'.repeat(mostBodyBytes) });
  const answered = await moved({ headers: proper(), body }).catch((error: Error) => error);
  // The connection may be closed while the rest is still being sent.
  if (answered instanceof Error) expect(answered.message).toMatch(/EPIPE|ECONNRESET|hang up/);
  else expect(answered).toMatchObject({ status: 413, moved: false });
  expect((await ask({ path: '/api/pulse' })).status).toBe(200);
});

test('what cannot be parsed as HTTP ends its connection, and nothing else', async () => {
  const { port } = new URL(served.url);
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write('nonsense\r\n\r\n'));
    socket.on('close', () => resolve());
    socket.resume();
  });
  expect((await ask({ path: '/api/pulse' })).status).toBe(200);
});

test('every answer forbids what the page needs not, and allows no other origin', async () => {
  for (const path of ['/', '/console.js', '/console.css', '/api/pulse', '/nowhere']) {
    const { headers } = await ask({ path });
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; /,
    );
    expect(headers['x-content-type-options']).toBe('nosniff');
    const open = Object.keys(headers).filter((name) => name.startsWith('access-control'));
    expect(open).toEqual([]);
  }
  expect((await ask({ path: '/nowhere' })).status).toBe(404);
});

test('it listens on the loopback address alone; each start has its own token', async () => {
  expect(served.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  const other = await serveConsole(playground, 0);
  expect(other.token).not.toBe(served.token);
  await other.close();
});

test('who listens hears the pulse at once, and again once something has changed', async () => {
  const { port } = new URL(served.url);
  const heard: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, path: '/api/live' }, (answer) => {
      expect(answer.headers['content-type']).toBe('text/event-stream');
      answer.on('data', (part: Buffer) => {
        heard.push(...part.toString().split('\n\n').slice(0, -1));
        if (heard.length === 1) void playground.act({ type: 'advance', hours: 1 });
        else {
          asking.destroy();
          resolve();
        }
      });
    });
    asking.on('error', reject);
    asking.end();
  });
  const [first, second] = heard.map((each) => JSON.parse(each.replace('data: ', '')));
  expect(second.version).toBeGreaterThan(first.version);
  expect(second.now > first.now).toBe(true);
});
