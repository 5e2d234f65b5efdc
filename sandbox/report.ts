/** What became of everything, as one JSON object. */
import type { Rotation } from '../domain/case.ts';
import { issuedOf } from '../domain/ending.ts';
import { millisBetween, millisOf } from '../domain/instant.ts';
import { reasonOfStage } from './reason.ts';
import type { World } from './world.ts';

export interface RotationReport {
  readonly account: string;
  readonly userName: string;
  readonly kind: Rotation['kind'];
  readonly oldKeyId: string;
  /** As the account shows it, not as Keyturn believes. */
  readonly oldKeyStatus: 'Active' | 'Inactive' | 'Deleted';
  readonly newKeyId: string | null;
  readonly stage: string;
  readonly outcome: string | null;
  readonly reason: string;
}

export interface FindingReport {
  readonly account: string;
  readonly userName: string;
  readonly workflow: string;
}

export interface Report {
  readonly simulatedDays: number;
  readonly rotations: readonly RotationReport[];
  readonly findings: readonly FindingReport[];
  readonly runbookExecutions: number;
  readonly slackMessages: number;
  readonly pagerDutyIncidents: number;
}

/** Everything that is known of the world by then. `start` is when it began. */
export async function report(
  world: World,
  accounts: readonly string[],
  start: Parameters<typeof millisBetween>[0],
): Promise<Report> {
  const rotations = await everyRotation(world, accounts);
  const executions = accounts.flatMap((account) => world.runner.list({ ...world.place, account }));
  const elapsed = millisBetween(start, world.clock.now());
  return {
    simulatedDays: Math.round((10 * elapsed) / millisOf({ days: 1 })) / 10,
    rotations: await Promise.all(rotations.map((rotation) => reportOn(world, rotation))),
    findings: accounts.flatMap((account) => findingsIn(world, account)),
    runbookExecutions: executions.length,
    slackMessages: world.slack.messages().length,
    pagerDutyIncidents: world.pagerDuty.incidents().length,
  };
}

/** Every rotation there is, in the order of accounts and users. */
export async function everyRotation(
  world: World,
  accounts: readonly string[],
): Promise<readonly Rotation[]> {
  const rotations: Rotation[] = [];
  for (const account of accounts) {
    for (const { userId } of world.cloud.truth(account).users) {
      for (const id of await world.store.ofUser(account, userId)) {
        const rotation = await world.store.load(id);
        if (rotation !== undefined) rotations.push(rotation);
      }
    }
  }
  return rotations;
}

async function reportOn(world: World, rotation: Rotation): Promise<RotationReport> {
  const { key, kind, stage } = rotation;
  const { account, userName } = key.user;
  const { keys } = world.cloud.truth(account);
  const truth = keys.find(({ keyId }) => keyId === key.keyId);
  const journal = await world.store.journal(rotation.id);
  const issued = journal.map(({ state }) => issuedOf(state)).findLast((each) => each !== null);
  return {
    account,
    userName,
    kind,
    oldKeyId: key.keyId,
    oldKeyStatus: truth === undefined || truth.deletedAt !== null ? 'Deleted' : truth.status,
    newKeyId: issued?.newKeyId ?? null,
    stage: stage.name,
    outcome: stage.name === 'done' ? stage.outcome : null,
    reason: reasonOfStage(rotation),
  };
}

function findingsIn(world: World, account: string): readonly FindingReport[] {
  return world.cloud.findings.list(account, world.place.region).map((finding) => {
    const { Workflow, Resources } = finding as unknown as {
      readonly Workflow: { readonly Status: string };
      readonly Resources: readonly { readonly Id: string }[];
    };
    const userName = Resources[0]?.Id.split('/').at(-1) ?? '';
    return { account, userName, workflow: Workflow.Status };
  });
}
