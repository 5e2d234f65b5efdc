/**
 * The one AWS endpoint of everything in the suite. It hands on to moto what moto does well, and
 * answers from the sandbox's models what moto lacks or gets wrong (docs/emulator.md lists it all).
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { messageOf } from '../../../domain/errors.ts';
import { fromMillis, millisBetween } from '../../../domain/instant.ts';
import { noteUse } from '../../../sandbox/account/door.ts';
import type { Principal } from '../../../sandbox/account/identity.ts';
import { redacted } from '../../../sandbox/account/redaction.ts';
import { awsError, type CallContext, type Operation } from '../../../sandbox/account/service.ts';
import { isDataEvent } from '../../../sandbox/account/trail.ts';
import { operator } from '../stage.ts';
import { answered, refused, type WireAnswer } from './answer.ts';
import { forward } from './forward.ts';
import type { Models } from './models.ts';
import { asAws, outputOf } from './put-right.ts';
import type { StandIns } from './stand-ins.ts';
import type { Answerer, Tally } from './tally.ts';
import { permissionsOf } from './used-permissions.ts';
import { readWire, type WireRequest } from './wire.ts';

/** Stands around every call, as `proceed` would answer it. */
export type Interceptor = (
  call: { readonly request: WireRequest; readonly principal: Principal | undefined },
  proceed: () => Promise<WireAnswer>,
) => Promise<WireAnswer>;

export interface ProxyParts {
  readonly motoPort: number;
  readonly models: Models;
  readonly standIns: StandIns;
  readonly tally: Tally;
  /** Whether moto's policies let the caller do what the proxy itself would answer. */
  readonly mayAct: (principal: Principal, action: string) => boolean;
  /** Whether a role trusts the caller, which moto finds out of no session. */
  readonly mayAssume: (
    principal: Principal,
    roleArn: string,
    externalId: string | undefined,
  ) => boolean;
}

export interface ProxyServer {
  readonly endpoint: string;
  intercept(interceptor: Interceptor | undefined): void;
  /** What went wrong in the proxy itself: the suite fails if there is anything. */
  readonly faults: readonly string[];
  stop(): Promise<void>;
}

export async function startProxy(parts: ProxyParts): Promise<ProxyServer> {
  let interceptor: Interceptor | undefined;
  const faults: string[] = [];
  const server = createServer((incoming, outgoing) => {
    serve(parts, () => interceptor, incoming)
      .then((answer) => send(outgoing, answer))
      .catch((error: unknown) => {
        faults.push(`${incoming.method} ${incoming.url}: ${messageOf(error)}`);
        send(outgoing, { status: 501, headers: {}, body: Buffer.from(messageOf(error)) });
      });
  });
  // What crashed while it called is no fault of the proxy.
  server.on('clientError', (_error, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('there is no free port');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    intercept: (next) => {
      interceptor = next;
    },
    faults,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function serve(
  parts: ProxyParts,
  interceptor: () => Interceptor | undefined,
  incoming: IncomingMessage,
): Promise<WireAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const { method = '', url: path = '', headers } = incoming;
  const raw = { method, path, headers, body: Buffer.concat(chunks) };
  const elsewhere = await parts.standIns.answer(raw);
  if (elsewhere !== undefined) return elsewhere;
  const request = readWire(raw);
  const { ground, callers } = parts.models;
  if (request.signedAt !== undefined) {
    const at = fromMillis(request.signedAt.getTime());
    // Whoever waited has let time pass for everybody.
    if (at > ground.clock.now()) await ground.clock.sleep(millisBetween(ground.clock.now(), at));
  }
  const principal = callers.find(request.accessKeyId);
  const proceed = () => performed(parts, request, principal);
  const around = interceptor();
  const answer = await (around === undefined ? proceed() : around({ request, principal }, proceed));
  const date = new Date(ground.clock.now()).toUTCString();
  return { ...answer, headers: { ...answer.headers, date } };
}

/** The call, answered by whom it is for, and noted as AWS notes it. */
async function performed(
  parts: ProxyParts,
  request: WireRequest,
  principal: Principal | undefined,
): Promise<WireAnswer> {
  const { models, tally } = parts;
  const { ground, callers } = models;
  const requestId = ground.names.uuid('request');
  const { service, operation } = request;
  const refusal =
    callers.refusal(request) ??
    distrust(parts, request, principal) ??
    parts.models.tokens.refusal(request);
  if (refusal !== undefined) {
    tally.count(service, operation, 'proxy');
    return refused(request, requestId, refusal);
  }
  const model = models.find(service, operation);
  const by: Answerer = model === undefined ? 'moto' : 'proxy';
  tally.count(service, operation, by);
  if (principal !== undefined) {
    for (const used of permissionsOf(request, principal)) note(parts, principal, used);
  }
  const answer =
    model === undefined
      ? asAws(request, await forward(parts.motoPort, request, ground.clock.now()), requestId)
      : await modelled(parts, request, principal, model, requestId);
  callers.learn(request, answer);
  if (principal !== undefined) remember(parts, request, principal, answer, requestId);
  return answer;
}

function distrust(
  { mayAssume }: ProxyParts,
  { service, operation, input }: WireRequest,
  principal: Principal | undefined,
): Error | undefined {
  if (service !== 'sts' || operation !== 'AssumeRole' || principal === undefined) return undefined;
  const externalId = typeof input.ExternalId === 'string' ? input.ExternalId : undefined;
  if (mayAssume(principal, String(input.RoleArn), externalId)) return undefined;
  const what = `${principal.caller.arn} is not authorized to perform: sts:AssumeRole`;
  return awsError('AccessDenied', `${what} on resource: ${input.RoleArn}`, 403);
}

function note(
  { tally }: ProxyParts,
  principal: Principal,
  used: { readonly action: string; readonly resource: string },
): void {
  // Whoever the suite itself acts as is no part of the product.
  if (principal.kind !== 'session' || principal.role.roleName === operator) return;
  tally.use({ role: principal.role.roleName, ...used });
}

async function modelled(
  parts: ProxyParts,
  request: WireRequest,
  principal: Principal | undefined,
  model: Operation,
  requestId: string,
): Promise<WireAnswer> {
  const { service } = request;
  try {
    if (principal === undefined) throw awsError('UnrecognizedClientException', 'unknown key', 403);
    for (const { action } of permissionsOf(request, principal)) {
      if (parts.mayAct(principal, action)) continue;
      const what = `${principal.caller.arn} is not authorized to perform: ${action}`;
      throw awsError(service === 'iam' ? 'AccessDenied' : 'AccessDeniedException', what, 403);
    }
    const input = withDates(service, request.input);
    return answered(
      request,
      requestId,
      await model(input, contextOf(parts, request, principal, requestId)),
    );
  } catch (error) {
    if (error instanceof Error && '$metadata' in error) return refused(request, requestId, error);
    throw error;
  }
}

function contextOf(
  { models: { ground } }: ProxyParts,
  { region, headers }: WireRequest,
  { caller }: Principal,
  requestId: string,
): CallContext {
  const { partition, clock } = ground;
  const { account } = caller;
  const origin = { userAgent: headers['user-agent'] ?? '', sourceIp: '192.0.2.10' };
  return { partition, account, region, caller, now: clock.now(), requestId, ...origin };
}

/** Times come as seconds since 1970 in CloudTrail's requests. */
function withDates(service: string, input: WireRequest['input']): WireRequest['input'] {
  if (service !== 'cloudtrail') return input;
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) =>
      /Time$/.test(name) && typeof value === 'number'
        ? [name, new Date(value * 1000)]
        : [name, value],
    ),
  );
}

/** Last use and CloudTrail. */
function remember(
  { models }: ProxyParts,
  request: WireRequest,
  principal: Principal,
  answer: WireAnswer,
  requestId: string,
): void {
  const { ground, lastUsed, trail } = models;
  const { service, operation, region } = request;
  const at = ground.clock.now();
  const origin = { userAgent: request.headers['user-agent'] ?? '', sourceIp: '192.0.2.10' };
  if (principal.kind === 'user') {
    noteUse(lastUsed, principal, { at, service, region, eventName: operation, ...origin });
  }
  if (isDataEvent(service, operation)) return;
  trail.write({
    at,
    service,
    operation,
    region,
    principal,
    requestId,
    ...origin,
    input: redacted(request.input),
    ...outputOf(request, answer),
  });
}

function send(outgoing: ServerResponse, { status, headers, body }: WireAnswer): void {
  if (outgoing.destroyed) return;
  outgoing.writeHead(status, { ...headers, 'content-length': body.length });
  outgoing.end(body);
}
