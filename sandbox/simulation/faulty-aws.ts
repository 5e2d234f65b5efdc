/**
 * AWS as it fails: every call that Keyturn makes may be refused, throttled, answered with nothing
 * although it took effect, answered as of a little earlier, or be the last one of its process.
 * What programs and people outside call never fails for that; it is noted all the same.
 */
import type { CallRecord } from '../account/door.ts';
import type { CloudCall } from '../account/plugin.ts';
import { awsError } from '../account/service.ts';
import type { World } from '../world.ts';
import type { Dice } from './dice.ts';
import { effectName, invokedName, isMutation, kindsOf } from './effect-name.ts';
import { type Invocation, invoke, ProcessDied, running } from './invocation.ts';
import { type Act, type Ledger, noteUse } from './ledger.ts';
import { moveIn } from './moves.ts';
import type { Target } from './plan.ts';
import type { StaleReads } from './stale-reads.ts';
import type { FaultKind, Strikes } from './strikes.ts';
import { isKeyturn } from './truth.ts';

export interface FaultyAws {
  readonly world: World;
  readonly ledger: Ledger;
  readonly strikes: Strikes;
  readonly stale: StaleReads;
  readonly dice: Dice;
  readonly isDown: (target: Target) => boolean;
  /** Whether nobody may read this now, however often it is asked. */
  readonly isBlind: (call: CloudCall) => boolean;
  /** Whether everybody is answered as of so many seconds ago; 0 if not. */
  readonly isLate: (call: CloudCall) => number;
  /** Something changed in an account. */
  readonly changed: () => void;
  /** The call has just taken effect and is about to be answered. */
  readonly meddle: () => Promise<void>;
  readonly answered: (call: CloudCall, answer: unknown) => void;
}

/** Stands in every call's way. */
export function makeFaulty(parts: FaultyAws): void {
  const { world } = parts;
  world.cloud.setInterceptor(async (call, proceed) => {
    const who = running();
    if (who === 'outside') return noted(parts, call, proceed);
    if (who?.dead === true) throw noAnswer();
    const { around } = parts.strikes;
    const really = () => noted(parts, call, () => invoked(call, proceed));
    const go = around === undefined ? really : () => around(really);
    return struck(parts, call, who, go);
  });
}

const targets: Readonly<Record<string, Target>> = {
  sns: 'sns',
  securityhub: 'securityhub',
  events: 'events',
};

const stopSwitchRead = 'ssm:GetParameter stop switch';

async function struck(
  parts: FaultyAws,
  call: CloudCall,
  who: Invocation | undefined,
  go: () => Promise<unknown>,
): Promise<unknown> {
  const { strikes, isDown } = parts;
  const effect = effectName(call);
  if (who?.throttled.has(effect) === true) throw throttled();
  if (parts.isBlind(call)) {
    strikes.struck('down', effect);
    throw awsError('AccessDenied', `not authorized to perform: ${effect}`, 403);
  }
  const target = effect === stopSwitchRead ? 'stop switch' : targets[call.service];
  if (target !== undefined && isDown(target)) {
    strikes.struck('down', effect);
    throw unavailable();
  }
  const kind = strikes.decide(effect, kindsOf(call, who === undefined));
  switch (kind) {
    case undefined: {
      const late = parts.isLate(call);
      if (late > 0) return staleOr(parts, call, effect, go, late);
      const answer = await go();
      parts.answered(call, answer);
      await parts.meddle();
      return answer;
    }
    case 'stale':
      return staleOr(parts, call, effect, go, staleSeconds(parts));
    default:
      strikes.struck(kind, effect);
      return strike(kind, effect, who, go);
  }
}

async function strike(
  kind: FaultKind,
  effect: string,
  who: Invocation | undefined,
  go: () => Promise<unknown>,
): Promise<unknown> {
  switch (kind) {
    case 'throttled':
      who?.throttled.add(effect);
      throw throttled();
    case 'reply lost':
      await go();
      throw noAnswer();
    case 'died': {
      const answer = await go();
      if (who !== undefined) who.dead = true;
      return answer;
    }
    default:
      throw unavailable();
  }
}

function staleSeconds({ dice }: FaultyAws): number {
  return dice.chance(0.7) ? dice.between(1, 10) : dice.between(10, 180);
}

async function staleOr(
  { world, stale, strikes }: FaultyAws,
  call: CloudCall,
  effect: string,
  go: () => Promise<unknown>,
  seconds: number,
): Promise<unknown> {
  const account = accountOf(world, call);
  const answer = account === undefined ? undefined : stale.of(account, call, seconds);
  if (answer === undefined) return go();
  strikes.struck('stale', effect);
  return answer();
}

/** The caller's account: a call of the same session lately tells. */
function accountOf(world: World, { credentials }: CloudCall): string | undefined {
  const { accessKeyId } = credentials;
  const { history } = world.cloud;
  const last = Math.max(0, history.length - 60);
  for (let index = history.length - 1; index >= last; index--) {
    if (history[index]?.accessKeyId === accessKeyId) return history[index]?.account;
  }
  return undefined;
}

/** A function that is invoked runs as an invocation of its own; if it dies, it has no result. */
async function invoked(call: CloudCall, proceed: () => Promise<unknown>): Promise<unknown> {
  if (call.service !== 'lambda') return proceed();
  try {
    return await invoke(invokedName(call.input as Record<string, unknown>), call.input, proceed);
  } catch (error) {
    if (!(error instanceof ProcessDied)) throw error;
    return timedOut();
  }
}

/** As Lambda answers when a function ran out of time or memory. */
function timedOut(): object {
  const told = { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out' };
  const bytes = new TextEncoder().encode(JSON.stringify(told));
  const Payload = Object.assign(bytes, {
    transformToString: (encoding: BufferEncoding = 'utf8') => Buffer.from(bytes).toString(encoding),
  });
  return {
    StatusCode: 200,
    FunctionError: 'Unhandled',
    Payload,
    $metadata: { httpStatusCode: 200 },
  };
}

/** Lets a call happen and writes down what it was. */
async function noted(
  parts: FaultyAws,
  call: CloudCall,
  proceed: () => Promise<unknown>,
): Promise<unknown> {
  const { world, stale } = parts;
  const mutates = isMutation(call);
  noteAsking(parts, call);
  const account = mutates ? undefined : accountOf(world, call);
  if (mutates && (call.service === 'iam' || call.service === 'secretsmanager')) {
    for (const each of parts.ledger.plan.accounts) stale.remember(each);
  }
  try {
    const answer = await proceed();
    note(parts, call, requestIdOf(answer), mutates);
    if (account !== undefined) stale.answered(account, call, answer);
    return answer;
  } catch (error) {
    note(parts, call, requestIdOf(error), false);
    throw error;
  }
}

/** Noted before IAM answers: it may refuse, and asking again is the mistake. */
function noteAsking({ ledger }: FaultyAws, { operation }: CloudCall): void {
  const who = inside();
  if (operation !== 'CreateAccessKey' || who === undefined) return;
  ledger.keysAsked.set(who, (ledger.keysAsked.get(who) ?? 0) + 1);
}

function requestIdOf(answer: unknown): string | undefined {
  const { $metadata } = Object(answer) as { readonly $metadata?: { readonly requestId?: string } };
  return $metadata?.requestId;
}

function note(
  { world, ledger, changed }: FaultyAws,
  call: CloudCall,
  requestId: string | undefined,
  changes: boolean,
): void {
  if (requestId === undefined) return;
  const record = world.cloud.history.findLast((each) => each.requestId === requestId);
  if (record?.account === undefined || record.arn === undefined) return;
  if (record.accessKeyId.startsWith('AKIA')) noteUseOf(ledger, call, record);
  if (!changes) return;
  const { at, service, operation, account, region, input, arn } = record;
  const by = isKeyturn(arn) ? 'keyturn' : 'outsider';
  if (by === 'keyturn') ledger.effects += 1;
  const invocation = inside();
  const act = { at, service, operation, account, region, input, by, arn, invocation } as const;
  noteMove(ledger, act);
  ledger.acts.push(act);
  // An outsider's act is looked at once it is written down whose it was.
  if (running() !== 'outside') changed();
}

function noteMove(ledger: Ledger, act: Act): void {
  const move = act.by === 'keyturn' ? moveIn(ledger.world, act) : undefined;
  if (move === undefined) return;
  ledger.moves.push(move);
  // What a copy shows before the vault does may be taken back.
  if (act.region === ledger.plan.place.region) ledger.wereCurrent.add(move.keyId);
}

function noteUseOf(ledger: Ledger, call: CloudCall, record: CallRecord): void {
  const { at, service, operation, region, accessKeyId } = record;
  const own = running() !== 'outside';
  const userAgent = call.userAgent ?? '';
  const use = { at, service, operation, region, userAgent, own, invocation: inside() };
  noteUse(ledger, accessKeyId, use);
}

function inside(): Invocation | undefined {
  const who = running();
  return who === 'outside' ? undefined : who;
}

/** What the SDK throws when a connection breaks: no HTTP status. */
function noAnswer(): Error {
  return Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
}

function throttled(): Error {
  return awsError('ThrottlingException', 'Rate exceeded');
}

function unavailable(): Error {
  return awsError('ServiceUnavailable', 'The service is unavailable', 503);
}
