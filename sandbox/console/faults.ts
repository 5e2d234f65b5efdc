/**
 * Trouble that can be switched on and off: what is at the far end of a network goes down, throttles
 * or loses things, and a function dies in the middle. Each counts what it has struck.
 */
import { awsError } from '../account/service.ts';
import type { World } from '../world.ts';
import type { FaultName, FaultView } from './view.ts';
import type { Watched } from './watched.ts';

export interface Faults {
  list(): readonly FaultView[];
  set(name: FaultName, on: boolean): void;
}

const about: Readonly<Record<FaultName, string>> = {
  'slack down': 'Slack cannot be reached: messages and answers wait, presses arrive.',
  'slack rate limited': 'Slack answers every call with HTTP 429 and asks for a pause of 30 s.',
  'pagerduty down': 'PagerDuty answers with HTTP 503: pages wait and are tried again.',
  'aws throttles':
    'IAM, Secrets Manager and CloudTrail refuse every call of Keyturn: rate exceeded.',
  'events lost': 'Events of AWS services reach nobody, such as the end of a runbook run.',
  'crash after create':
    'Once: right after CreateAccessKey succeeds, the custodian dies before it saves the key.',
};

const throttled: ReadonlySet<string> = new Set(['iam', 'secretsmanager', 'cloudtrail']);

export const faultNames = Object.keys(about) as readonly FaultName[];

/** `calls`: how many went out so far, for those that a far end refuses. */
export function faultsIn(world: World, calls: Watched['calls']): Faults {
  const on = new Set<FaultName>();
  const struck = new Map<FaultName, number>();
  /** Calls that had gone out when it was switched on. */
  const began = new Map<FaultName, number>();
  const sinceThen = (name: FaultName) =>
    on.has(name) ? (farEnd(name, calls)?.() ?? 0) - (began.get(name) ?? 0) : 0;
  const strike = (name: FaultName) => struck.set(name, (struck.get(name) ?? 0) + 1);
  interceptCalls(world, on, strike);
  world.setCourier(async (_event, deliver) => {
    if (on.has('events lost')) strike('events lost');
    else await deliver();
  });
  return {
    list: () =>
      faultNames.map((name) => ({
        name,
        about: about[name],
        on: on.has(name),
        struck: (struck.get(name) ?? 0) + sinceThen(name),
      })),
    set: (name, isOn) => {
      struck.set(name, (struck.get(name) ?? 0) + sinceThen(name));
      const counted = farEnd(name, calls);
      if (counted !== undefined) began.set(name, counted());
      if (isOn) on.add(name);
      else on.delete(name);
      failFarEnds(world, on);
    },
  };
}

/** How many calls went to where it strikes; undefined of a fault that counts for itself. */
function farEnd(name: FaultName, calls: Watched['calls']): (() => number) | undefined {
  if (name === 'slack down' || name === 'slack rate limited') return calls.slack;
  return name === 'pagerduty down' ? calls.pagerDuty : undefined;
}

function failFarEnds({ slack, pagerDuty }: World, on: ReadonlySet<FaultName>): void {
  if (on.has('slack down')) slack.fail({ kind: 'unreachable' });
  else if (on.has('slack rate limited'))
    slack.fail({ kind: 'rate limited', retryAfterSeconds: 30 });
  else slack.fail(null);
  pagerDuty.fail(on.has('pagerduty down') ? { kind: 'status', status: 503 } : null);
}

/** Programs and people, who call from elsewhere, are left alone. */
function interceptCalls(
  world: World,
  on: Set<FaultName>,
  strike: (name: FaultName) => unknown,
): void {
  let dead = false;
  world.cloud.setInterceptor(async (call, proceed) => {
    const isOurs = call.sourceIp === undefined;
    if (dead && isOurs) throw noAnswer();
    if (isOurs && on.has('aws throttles') && throttled.has(call.service)) {
      strike('aws throttles');
      throw awsError('ThrottlingException', 'Rate exceeded');
    }
    try {
      const answer = await proceed();
      if (on.has('crash after create') && call.operation === 'CreateAccessKey') {
        on.delete('crash after create');
        strike('crash after create');
        dead = true;
        throw noAnswer();
      }
      return answer;
    } finally {
      // However a function ended, the next one lives.
      if (call.service === 'lambda') dead = false;
    }
  });
}

/** What the SDK throws when a connection breaks: no HTTP status. */
function noAnswer(): Error {
  return Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
}
