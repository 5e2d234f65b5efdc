/**
 * Looks on while the storm goes over: at every call, at every message in Slack, at every claim. It
 * counts in the account's own truth (the runner's executions, the calls that arrive), never in what
 * Keyturn thinks of itself.
 */
import type { Place, RotationStore } from '../../domain/ports.ts';
import type { Interceptor } from '../account/door.ts';
import type { CloudCall } from '../account/plugin.ts';
import type { VirtualClock } from '../clock.ts';
import type { Runner } from '../sandbox-runner.ts';
import { type Fairness, fairness } from './fairness.ts';
import { storm } from './options.ts';
import { type Outcomes, outcomes } from './outcomes.ts';
import { type Rate, rateWithin } from './rates.ts';

export interface Watch {
  readonly calls: ReadonlyMap<string, number>;
  /** Calls that failed, by operation and error. */
  readonly failures: ReadonlyMap<string, number>;
  readonly mostInFlight: () => number;
  readonly mostInFlightInOneAccount: () => number;
  readonly fairness: Fairness;
  /** What is written into the channel; edits of messages. */
  readonly slack: { readonly second: Rate; readonly minute: Rate; readonly edits: Rate };
  /** Claims by key; more than one of a key is one too many. */
  readonly claims: ReadonlyMap<string, number>;
  /** Keys for which a run began. */
  readonly started: ReadonlySet<string>;
  /** Keys of which the witness was asked. */
  readonly examined: ReadonlySet<string>;
  readonly outcomes: Outcomes;
  /** Effects that were ordered and have not ended. */
  readonly outstanding: ReadonlySet<string>;
  readonly rotationIds: ReadonlySet<string>;
}

export interface Watching extends Watch {
  readonly interceptor: Interceptor;
  slackCalled(url: string): void;
  watched(store: RotationStore): RotationStore;
  /** The runner is known once the world is there. */
  runner: Runner | undefined;
}

export function watch(clock: VirtualClock, place: Place): Watching {
  const calls = new Map<string, number>();
  const failures = new Map<string, number>();
  const claims = new Map<string, number>();
  const [started, examined] = [new Set<string>(), new Set<string>()];
  const [outstanding, rotationIds] = [new Set<string>(), new Set<string>()];
  const slack = { second: rateWithin(1000), minute: rateWithin(60_000), edits: rateWithin(60_000) };
  const order = fairness();
  const most = { all: 0, one: 0 };
  const watching: Watching = {
    ...{ calls, failures, slack, claims, started, examined, outstanding, rotationIds },
    ...{ fairness: order, outcomes: outcomes(), runner: undefined },
    mostInFlight: () => most.all,
    mostInFlightInOneAccount: () => most.one,
    interceptor: async (call, proceed) => {
      await clock.sleep(storm.latencyMillis.aws);
      const name = `${call.service}:${call.operation}`;
      add(calls, name);
      try {
        const answer = await proceed();
        if (name === 'ssm:StartAutomationExecution') begun(call);
        if (name === 'lambda:Invoke') noteExamined(call, examined);
        return answer;
      } catch (error) {
        add(failures, `${name} ${error instanceof Error ? error.name : 'unknown'}`);
        throw error;
      }
    },
    slackCalled: (url) => noteSlack(slack, url, clock),
    watched: (store) => ({
      ...store,
      commit: async (change) => {
        await store.commit(change);
        const { entry, rotation, onVersion } = change;
        for (const { id } of entry.effects) outstanding.add(id);
        if (onVersion > 0) return;
        add(claims, rotation.key.keyId);
        rotationIds.add(rotation.id);
        if (rotation.kind === 'replace') order.waits(rotation.key.user.account);
      },
      settle: async (effectId, how) => {
        await store.settle(effectId, how);
        outstanding.delete(effectId);
      },
    }),
  };
  const begun = ({ input }: CloudCall): void => {
    const { runner } = watching;
    if (runner === undefined) return;
    const { AutomationAssumeRole = [], OldKeyId = [] } = Object(Object(input).Parameters);
    const account = String(AutomationAssumeRole[0]).split(':')[4] ?? '';
    const inFlight = (of: string) => runner.inFlight({ ...place, account: of });
    started.add(String(OldKeyId[0]));
    order.begins(account, inFlight);
    most.all = Math.max(most.all, runner.inFlight());
    most.one = Math.max(most.one, inFlight(account));
  };
  return watching;
}

function noteExamined({ input }: CloudCall, examined: Set<string>): void {
  const { FunctionName = '', Payload } = Object(input);
  if (!String(FunctionName).includes('witness')) return;
  const { OldKeyId } = JSON.parse(Buffer.from(Payload).toString());
  if (typeof OldKeyId === 'string') examined.add(OldKeyId);
}

function noteSlack(slack: Watch['slack'], url: string, clock: VirtualClock): void {
  if (url.endsWith('/chat.update')) slack.edits.note(clock.now());
  if (!url.endsWith('/chat.postMessage')) return;
  slack.second.note(clock.now());
  slack.minute.note(clock.now());
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
