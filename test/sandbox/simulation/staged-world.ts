/**
 * A simulated world in which nothing goes wrong by itself, so that a test can do to it what must
 * never be done, as Keyturn or as an outsider, and see that the watch tells.
 */
import { instant, plus } from '../../../domain/instant.ts';
import { secretNameOf } from '../../../domain/secret-name.ts';
import { outside } from '../../../sandbox/simulation/invocation.ts';
import type { ProgramPlan, WorldPlan } from '../../../sandbox/simulation/plan.ts';
import { planOf } from '../../../sandbox/simulation/plan.ts';
import { staged } from '../../../sandbox/simulation/simulated-world.ts';

export const account = '111122223333';
export const userName = 'svc-billing';

export const daily: ProgramPlan = {
  service: 's3',
  operation: 'ListBuckets',
  region: 'us-east-1',
  sourceIp: '203.0.113.17',
  userAgent: 'aws-cli/2.31 program',
  everyHours: 6,
  changesOverAfterHours: 8,
  onFailure: 'goes on',
  relapsesAfterHours: null,
  reads: 'vault',
  stoppedDaysAgo: null,
};

/** One user with one stale key, reported at once, in mode auto, with no faults at all. */
export function quietPlan(programs: readonly ProgramPlan[] = [daily]): WorldPlan {
  return {
    ...planOf(1, false),
    start: instant('2026-11-02T08:00:00Z'),
    calmFrom: plus(instant('2026-11-02T08:00:00Z'), { days: 55 }),
    place: { partition: 'aws', account, region: 'us-east-1' },
    accounts: [account],
    mode: 'auto',
    policy: { graceHours: 48, soakHours: 24, window: 'any time' },
    rules: [],
    capacity: 1,
    cloud: { lastUsedLagMinutes: 30, trailLagMinutes: 5 },
    users: [
      {
        account,
        userName,
        path: '/',
        owner: 'olivia',
        keys: [{ ageDays: 200, status: 'Active', programs, lastUsedDaysAgo: null }],
        reportedOnDay: 0,
        reporters: ['security hub'],
        turn: null,
        exempt: null,
        native: null,
      },
    ],
    manners: { looksEveryHours: 24, answers: 0, meddles: 0, snoozes: false },
    outsiderActs: 0,
  };
}

function runbookRoleOf(operation: string): string {
  const runbook = operation === 'DeleteAccessKey' ? 'delete-key' : 'deactivate-key';
  return `keyturn-runbook-${runbook}`;
}

export async function stagedWorld(plan: WorldPlan = quietPlan()) {
  const story: string[] = [];
  const stage = await staged(plan, story);
  const { world, ledger, watch } = stage;
  const call = (role: string, service: string, operation: string, input: object) => {
    const credentials = world.cloud.roleCredentials(account, role, 'by-hand');
    return world.cloud.call({
      ...{ service, operation, input, credentials },
      region: world.place.region,
    });
  };
  const [oldKey] = world.cloud.truth(account).keys;
  if (oldKey === undefined) throw new Error('the user has no key');
  return {
    ...stage,
    story,
    oldKey,
    /** Lets hours pass. */
    pass: async (hours: number) => {
      await world.runUntil(plus(world.clock.now(), { hours }));
    },
    /** A call as one of Keyturn's roles; as the runbook's that makes it, unless said. */
    asKeyturn: async (operation: string, input: object, role = runbookRoleOf(operation)) => {
      const service = operation.includes('Secret') ? 'secretsmanager' : 'iam';
      return call(role, service, operation, input);
    },
    /** A call of any service as one of Keyturn's roles. */
    asRole: call,
    asOutsider: async (operation: string, input: object) => {
      const service = operation.includes('Secret') ? 'secretsmanager' : 'iam';
      return outside(() => call('operator', service, operation, input));
    },
    secret: () => {
      const { secrets } = world.cloud.truth(account);
      const secret = secrets.find(({ name }) => name === secretNameOf({ userName }));
      if (secret === undefined) throw new Error('there is no secret yet');
      return secret;
    },
    /** The invariants that are broken by now. */
    broken: () => [...new Set(watch.broken.map(({ invariant }) => invariant))].sort(),
    problems: (id: string) =>
      watch.broken.filter(({ invariant }) => invariant === id).map(({ problem }) => problem),
    rotation: () => {
      const [one] = ledger.rotations.values();
      if (one === undefined) throw new Error('there is no rotation yet');
      return one;
    },
  };
}
