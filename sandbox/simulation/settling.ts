/** Puts everybody and everything of a plan into a world: users with keys, programs, policies. */
import { type Instant, isDue, plus } from '../../domain/instant.ts';
import type { IamUser } from '../../domain/key.ts';
import { ownerTag } from '../../domain/owner.ts';
import type { PolicyBook } from '../../domain/policy-book.ts';
import { secretNameOf } from '../../domain/secret-name.ts';
import { secretTags } from '../../domain/secret-tags.ts';
import { reportStaleUser } from '../reports.ts';
import { names, people, sandboxBook } from '../settings.ts';
import type { World } from '../world.ts';
import { outside } from './invocation.ts';
import type { Ledger } from './ledger.ts';
import type { KeyPlan, NativePlan, UserPlan, WorldPlan } from './plan.ts';
import { teamChannel } from './plan-channels.ts';
import { healthCheckName } from './plan-policy.ts';
import { type Program, pastUsesOf, startProgram } from './programs.ts';
import { untouchableAt } from './subjects.ts';
import { secretOf, shelvesOf } from './truth.ts';

export interface Settling {
  readonly world: World;
  readonly ledger: Ledger;
  readonly dice: WorldPlan['dice'];
  readonly tell: (line: string) => void;
}

/** The policy of the whole world. */
export function bookOf({ mode, policy, rules, users, start, channels }: WorldPlan): PolicyBook {
  const exemptions = users.flatMap(({ account, userName, exempt }, index) =>
    exempt === null
      ? []
      : [
          {
            index,
            account,
            whom: { by: 'name', userName } as const,
            reason: 'Replaced by hand in the drill.',
            by: 'Sam Oncall',
            from: plus(start, { days: exempt.fromDay }),
            until: plus(start, { days: exempt.toDay }),
          },
        ],
  );
  const channel = channels.isTeams ? { channel: teamChannel } : {};
  return { ...sandboxBook(mode, { ...policy, ...channel }), rules, exemptions };
}

export interface SettledProgram {
  readonly userId: string;
  readonly program: Program;
}

/** Puts a user with keys and programs into the world, and has findings sent about it. */
export function settle(parts: Settling, plan: UserPlan): readonly SettledProgram[] {
  const { world, ledger, dice } = parts;
  const now = world.clock.now();
  const { account, userName, path, owner } = plan;
  const oldest = Math.max(...plan.keys.map(({ ageDays }) => ageDays));
  const user = world.cloud.addUser({
    account,
    userName,
    path,
    createdAt: plus(now, { days: -oldest - 1 }),
    tags: owner === null ? {} : { [ownerTag]: people[owner].slackUserId },
  });
  ledger.users.set(user.userId, plan);
  const [vault, copy = vault] = shelvesOf(world, ledger.plan, plan);
  const programs = plan.keys.flatMap((planned, index) => {
    const { ageDays, status } = planned;
    const createdAt = plus(now, { days: -ageDays });
    const key = world.cloud.addKey(account, userName, { createdAt, status });
    pastUsesOf(parts, key.keyId, planned);
    const programDice = dice.split(`${account}/${userName}/${index}`);
    if (index === 0 && plan.keys.length === 1) putOnGitHub(parts, plan, key, planned);
    const running = planned.programs.filter(({ stoppedDaysAgo }) => stoppedDaysAgo === null);
    return running.map((each, which) => {
      const own = { ...parts, dice: programDice.split(String(which)) };
      const shelf = each.reads === 'copy' ? copy : vault;
      return { userId: user.userId, program: startProgram(own, user, key, each, shelf) };
    });
  });
  if (plan.turn !== null) turn(parts, user, plan.turn);
  if (plan.native !== null) rotateNatively(parts, user, plan.native);
  if (plan.reportedOnDay !== null) report(parts, user, plan, plan.reportedOnDay);
  return programs;
}

/** A repository had the key before Keyturn came: by hand, if something uses it. */
function putOnGitHub(
  { world, ledger }: Settling,
  plan: UserPlan,
  key: { readonly keyId: string; readonly secret: string },
  { programs }: KeyPlan,
): void {
  if (plan.reportedOnDay === null || programs.every((each) => each.stoppedDaysAgo !== null)) return;
  for (const shelf of shelvesOf(world, ledger.plan, plan)) {
    if (shelf.kind !== 'github-actions') continue;
    const { repository, accessKeyId, secretAccessKey } = shelf;
    if (world.gitHub.names(repository).includes(accessKeyId)) continue;
    world.gitHub.putByHand(repository, accessKeyId, key.keyId);
    world.gitHub.putByHand(repository, secretAccessKey, key.secret);
  }
}

/** The user gets a policy that makes it one that is left alone. */
function turn(
  { world, ledger, tell }: Settling,
  user: IamUser,
  { into, onDay }: NonNullable<UserPlan['turn']>,
) {
  const { cloud, clock } = world;
  clock.at(plus(ledger.plan.start, { days: onDay }), () => {
    const now = cloud.truth(user.account).users.find(({ userId }) => userId === user.userId);
    if (now === undefined || now.deletedAt !== null) return;
    tell(`${now.userName} becomes ${into}`);
    if (into === 'privileged') {
      const administrator = `arn:${world.place.partition}:iam::aws:policy/AdministratorAccess`;
      cloud.attachPolicy(user.account, now.userName, administrator);
      return;
    }
    cloud.putUserPolicy(user.account, now.userName, 'AmazonSesSendingAccess', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'ses:SendRawEmail', Resource: '*' }],
    });
  });
}

/** So long after everything is calm, Secrets Manager still begins rotations. */
const nativeDaysInCalm = 2;

/** The operator makes the secret and has it rotated, until the end of the story nears. */
function rotateNatively({ world, ledger, tell }: Settling, user: IamUser, plan: NativePlan): void {
  const { account, userName, userId } = user;
  const { region } = world.place;
  const name = secretNameOf(user);
  const lambda = `arn:${world.place.partition}:lambda:${region}:${account}`;
  const custodian = `${lambda}:function:${names.custodian}`;
  const operator = (operation: string, input: object) =>
    outside(() =>
      world.cloud.call({
        service: 'secretsmanager',
        operation,
        input,
        region,
        credentials: world.cloud.roleCredentials(account, 'operator', 'operator'),
      }),
    );
  const tags = {
    [secretTags.userId]: userId,
    [secretTags.userName]: userName,
    [secretTags.driver]: 'secrets-manager',
    ...(plan.copies.length === 0 ? {} : { [secretTags.copies]: plan.copies.join(' ') }),
    ...(plan.healthCheck ? { [secretTags.healthCheck]: healthCheckName } : {}),
  };
  let isRotated = false;
  world.clock.at(plus(ledger.plan.start, { days: plan.fromDay, minutes: 1 }), async () => {
    // Somebody reported the key before, so that Keyturn has made the secret and rotates it itself.
    if (secretOf(world, account, userName) !== undefined) return;
    isRotated = true;
    tell(`Secrets Manager rotates ${name} every ${plan.everyDays} days`);
    await operator('CreateSecret', {
      Name: name,
      SecretString: JSON.stringify({ placeholder: true, userName }),
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    });
    await operator('RotateSecret', {
      SecretId: name,
      RotationLambdaARN: custodian,
      RotationRules: { AutomaticallyAfterDays: plan.everyDays },
    });
  });
  world.clock.at(plus(ledger.plan.calmFrom, { days: nativeDaysInCalm }), async () => {
    // An outsider may have deleted it, and left its copy.
    if (!isRotated || secretOf(world, account, userName) === undefined) return;
    await operator('CancelRotateSecret', { SecretId: name });
  });
}

/** Config and Security Hub report again as long as a key is stale, some days apart. */
function report(parts: Settling, user: IamUser, { reporters }: UserPlan, firstDay: number): void {
  const { world, dice, ledger } = parts;
  const { plan } = ledger;
  const days = dice.split(`reports/${user.account}/${user.userName}`);
  const send = (): void => {
    const now = world.clock.now();
    if (now < plus(plan.calmFrom, { days: 12 })) {
      world.clock.at(plus(now, { days: days.between(3, 10), minutes: 7 }), send);
    }
    const keyIds = staleKeys(parts, user, now);
    if (keyIds.length === 0) return;
    const { reported, awaited } = ledger;
    const known = reported.get(user.userId) ?? new Set<string>();
    reported.set(user.userId, new Set([...known, ...keyIds]));
    const isExempt = untouchableAt(ledger, user.account, user.userId, now) !== undefined;
    if (isDue(plan.calmFrom, now) && !isExempt) for (const keyId of keyIds) awaited.set(keyId, now);
    for (const reporter of reporters) {
      const minutes = days.between(0, 90);
      world.clock.at(plus(now, { minutes }), () => reportStaleUser(world, user, [reporter]));
    }
  };
  world.clock.at(plus(plan.start, { days: firstDay, minutes: 3 }), send);
}

function staleKeys({ world }: Settling, user: IamUser, now: Instant): readonly string[] {
  return world.cloud
    .truth(user.account)
    .keys.filter(({ userId, deletedAt }) => userId === user.userId && deletedAt === null)
    .filter(({ status }) => status === 'Active')
    .filter(({ createdAt }) => isDue(plus(createdAt, { days: 90 }), now))
    .map(({ keyId }) => keyId);
}

/** The operator's own check of new keys, in every account. */
export function deployHealthChecks({ world, ledger }: Settling): void {
  const { plan } = ledger;
  const { ails, from, to } = plan.health;
  for (const account of plan.accounts) {
    const place = { account, region: world.place.region, name: healthCheckName };
    world.cloud.registerFunction(place, async (question) => {
      const now = world.clock.now();
      const isIll = from <= now && now < to;
      if (isIll && ails === 'crashes') throw new Error('it crashed');
      if (isIll && ails === 'sick') return { Healthy: false, Reason: 'the queue refuses it' };
      const { NewKeyId } = question as { readonly NewKeyId: string };
      ledger.healthy.add(NewKeyId);
      return { Healthy: true };
    });
  }
}

/** An operator stops Keyturn and lets it go on later. */
export function stopNowAndThen({ world, ledger, tell }: Settling): void {
  for (const { how, from, to } of ledger.plan.stops) {
    world.clock.at(from, async () => {
      tell(`Keyturn is ${how}`);
      if (how === 'stopped') await outside(() => world.stop('a drill'));
    });
    world.clock.at(to, async () => {
      tell(`Keyturn may go on`);
      if (how === 'stopped') await outside(() => world.go());
      await world.wake();
    });
  }
}
