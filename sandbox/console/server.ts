/**
 * The console over HTTP, on the loopback address only. Reading is by GET and changes nothing; every
 * act is one POST; what has changed is told by server-sent events.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { messageOf } from '../../domain/errors.ts';
import { readAct } from './act.ts';
import { type Refusal, readBody, refuseAct, refuseStrangers, safeHeaders } from './guard.ts';
import { type PageFile, pageFiles } from './page-files.ts';
import type { Playground } from './playground.ts';

export interface ConsoleServer {
  readonly url: string;
  readonly token: string;
  /** Ends every connection. */
  close(): Promise<void>;
}

interface Room {
  readonly playground: Playground;
  readonly token: string;
  readonly files: ReadonlyMap<string, PageFile>;
  readonly port: () => number;
}

/** At most so many times a second is a page told that something has changed. */
const toldEveryMillis = 100;

/** Throws the error of the system if the port cannot be had (EADDRINUSE). Port 0: any free one. */
export async function serveConsole(playground: Playground, port: number): Promise<ConsoleServer> {
  const token = randomBytes(24).toString('base64url');
  const files = await pageFiles(token);
  const room: Room = { playground, token, files, port: () => portOf(server) };
  const server = createServer((request, response) => {
    answer(room, request, response).catch((error: unknown) => {
      if (!response.headersSent) json(response, 500, { problem: messageOf(error) });
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  return {
    url: urlOf(server),
    token,
    close: () =>
      new Promise((resolve) => {
        playground.end();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function urlOf(server: Server): string {
  const address = server.address();
  const host = typeof address === 'object' && address !== null ? address.address : 'nowhere';
  return `http://${host}:${portOf(server)}/`;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function answer(room: Room, request: IncomingMessage, response: ServerResponse) {
  const stranger = refuseStrangers(request, room.port());
  if (stranger !== undefined) return refuse(response, stranger);
  const { pathname, searchParams } = addressOf(request);
  if (pathname === '/api/act') return act(room, request, response);
  if (request.method !== 'GET') {
    return refuse(response, { status: 405, problem: 'This can only be read, by GET.' });
  }
  const file = room.files.get(pathname);
  if (file !== undefined) return send(response, 200, file.type, file.content);
  if (pathname === '/api/live') return live(room.playground, response);
  const view = await viewOf(room.playground, pathname, searchParams);
  return view === undefined
    ? refuse(response, { status: 404, problem: `There is no ${pathname} here.` })
    : json(response, 200, view);
}

/** A path such as `//` is none that a URL can have: it is nothing that is here. */
function addressOf({ url = '/' }: IncomingMessage): URL {
  return URL.parse(url, 'http://console') ?? new URL('http://console/nowhere');
}

async function viewOf(playground: Playground, path: string, asked: URLSearchParams) {
  switch (path) {
    case '/api/pulse':
      return playground.pulse();
    case '/api/fleet':
      return playground.fleet(Number(asked.get('since') ?? 0) || 0);
    case '/api/rotation':
      // A link may be older than the world: that is no error of the page.
      return (await playground.rotation(asked.get('id') ?? '')) ?? null;
    case '/api/runs':
      return playground.runs();
    case '/api/slack':
      return playground.slack(asked.get('as') ?? '', asked.get('rotation'));
    case '/api/outside':
      return playground.outside();
    default:
      return undefined;
  }
}

async function act({ playground, token }: Room, request: IncomingMessage, to: ServerResponse) {
  const refusal = refuseAct(request, token);
  if (refusal !== undefined) return refuse(to, refusal);
  const body = await readBody(request);
  if (!body.ok) {
    to.setHeader('connection', 'close');
    return refuse(to, body);
  }
  let value: unknown;
  try {
    value = JSON.parse(body.text);
  } catch (error) {
    return refuse(to, { status: 400, problem: `The body is no JSON: ${messageOf(error)}` });
  }
  const read = readAct(value);
  if (!read.ok) return refuse(to, { status: 400, problem: read.problems.join('; ') });
  return json(to, 200, await playground.act(read.value));
}

/** The pulse now, and whenever it has changed. */
function live(playground: Playground, response: ServerResponse): void {
  response.writeHead(200, { ...safeHeaders, 'content-type': 'text/event-stream' });
  let timer: NodeJS.Timeout | undefined;
  const tell = () => {
    timer = undefined;
    // A page that does not read is told the latest once it does.
    if (response.writableNeedDrain) {
      timer = setTimeout(tell, toldEveryMillis);
      return;
    }
    response.write(`data: ${JSON.stringify(playground.pulse())}\n\n`);
  };
  const deaf = playground.listen(() => {
    timer ??= setTimeout(tell, toldEveryMillis);
  });
  response.on('close', () => {
    clearTimeout(timer);
    deaf();
  });
  tell();
}

function refuse(response: ServerResponse, { status, problem }: Refusal): void {
  json(response, status, { ok: false, problem });
}

function json(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, 'application/json', JSON.stringify(value));
}

function send(response: ServerResponse, status: number, type: string, content: string): void {
  response.writeHead(status, { ...safeHeaders, 'content-type': type });
  response.end(content);
}
