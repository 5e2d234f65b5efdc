/**
 * Lists what is in flight, and brings it to rest before Keyturn is removed:
 *
 *   npm run --silent drain -- --stage prod [--hold|--finish] [--minutes N] [--json]
 *   npm run --silent drain -- --sandbox [--hold|--finish]
 *
 * Exit status 0: nothing moves and nothing is owed; 1: something still does; 2: wrong usage.
 */
import { parseArgs } from 'node:util';
import { accountReads } from '../adapters/account-reads.ts';
import { cryptoIds } from '../adapters/crypto-ids.ts';
import { ssmStopSwitch } from '../adapters/ssm-stop-switch.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { storeForOperator } from '../app/compose.ts';
import { stageNames } from '../app/doctor/names.ts';
import { type Drain, drain, type InFlight, isAtRest, surelyInFlight } from '../app/drain.ts';
import { deadlineOf } from '../domain/at-a-glance.ts';
import type { Rotation } from '../domain/case.ts';
import { messageOf } from '../domain/errors.ts';
import { inUtcWords, plus } from '../domain/instant.ts';
import { shortKey, userLabel } from '../domain/key.ts';
import { partitionOf, regionProblem } from '../domain/region.ts';
import { stageInWords, whatToDo } from '../domain/status-text.ts';
import { playDemo } from '../sandbox/demo.ts';
import { people } from '../sandbox/settings.ts';
import { type CommandAnswer, say } from './answer.ts';
import { stageProblem } from './stages.ts';
import { visible, wrapped } from './terminal-text.ts';

const usage = [
  'usage: npm run --silent drain -- --stage STAGE [--region R] [--hold|--finish] [--minutes N]',
  '       npm run --silent drain -- --sandbox [--hold|--finish]',
  '  --hold       hold every rotation that may be held, and wait for the runs that are under way',
  '  --finish     hold nothing: wait until each is done or held by itself',
  '  --minutes N  wait that long at most: 30 unless said, in the sandbox 20160 (two weeks)',
  '  --sandbox    a small company in the middle of its rotations; needs no AWS account',
  '  --json       one JSON object',
];

const options = {
  stage: { type: 'string' },
  region: { type: 'string' },
  hold: { type: 'boolean', default: false },
  finish: { type: 'boolean', default: false },
  minutes: { type: 'string' },
  sandbox: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

type Chosen = ReturnType<typeof read>;
type Environment = Readonly<Record<string, string | undefined>>;
type Desk = Pick<Drain, 'shell' | 'stopSwitch' | 'by' | 'pause'>;

/** The whole command but for the printing. */
export async function drainCommand(
  args: readonly string[],
  env: Environment,
  onProgress: (line: string) => void = () => undefined,
): Promise<CommandAnswer> {
  let chosen: Chosen;
  try {
    chosen = read(args);
  } catch (error) {
    return misused(messageOf(error));
  }
  const minutes = Number(chosen.minutes ?? (chosen.sandbox ? 20_160 : 30));
  const problem = problemWith(chosen, minutes, env);
  if (problem !== undefined) return misused(problem);
  try {
    const desk = chosen.sandbox ? await sandboxDesk() : await realDesk(chosen, env);
    return await answerFrom(desk, chosen, minutes, onProgress);
  } catch (error) {
    return { status: 1, out: [], errors: [messageOf(error)] };
  }
}

async function answerFrom(
  desk: Desk,
  { hold, finish, json }: Chosen,
  minutes: number,
  onProgress: (line: string) => void,
): Promise<CommandAnswer> {
  const { clock } = desk.shell;
  if (!hold && !finish) return report(await surelyInFlight(desk.shell), json, []);
  const drained = await drain({
    ...desk,
    how: hold ? 'hold' : 'finish',
    until: plus(clock.now(), { minutes }),
    onProgress: (left) => onProgress(`${inUtcWords(clock.now())}  ${counts(left)}`),
  });
  if (drained.refused !== undefined) return { status: 1, out: [], errors: [drained.refused] };
  const told = hold ? [`Held now: ${drained.heldNow}.`] : [];
  return report(drained.left, json, told);
}

function read(args: readonly string[]) {
  return parseArgs({ args: [...args], options }).values;
}

function problemWith(
  { stage, sandbox, hold, finish, region: named }: Chosen,
  minutes: number,
  env: Environment,
): string | undefined {
  if (hold && finish) return '--hold or --finish, not both';
  if (!Number.isInteger(minutes) || minutes < 1) return '--minutes takes a whole number from 1';
  if (sandbox) {
    return stage === undefined ? undefined : `--stage ${stage} or --sandbox, not both`;
  }
  const none = stage === undefined ? '--stage names a stage' : stageProblem(stage);
  const region = regionIn(named, env);
  const strange = regionProblem(region, partitionOf(region));
  return none ?? (strange === undefined ? undefined : `Region ${region} ${strange}`);
}

/** An empty variable is an unset one. */
function regionIn(named: string | undefined, env: Environment): string {
  return named ?? (env.AWS_REGION || 'us-east-1');
}

function misused(problem: string): CommandAnswer {
  return { status: 2, out: [], errors: [problem, ...usage] };
}

function report(left: InFlight, json: boolean, told: readonly string[]): CommandAnswer {
  const status = isAtRest(left) ? 0 : 1;
  if (json) return { status, out: [JSON.stringify(left)], errors: [] };
  const part = (title: string, rotations: readonly Rotation[]) =>
    rotations.length === 0 ? [] : [title, ...rotations.flatMap(linesOf), ''];
  const end = isAtRest(left)
    ? 'Nothing moves, and nothing is owed to anybody.'
    : `Still in flight: ${counts(left)}.`;
  const out = [
    ...told,
    ...part('Going on by themselves:', left.moving),
    ...part('Held, until a person decides:', left.held),
    end,
  ];
  return { status, out, errors: [] };
}

function counts({ moving, held, outstanding }: InFlight): string {
  return `${moving.length} going on, ${held.length} held, ${outstanding} order(s) outstanding`;
}

function linesOf(rotation: Rotation): readonly string[] {
  const { id, key } = rotation;
  const deadline = deadlineOf(rotation);
  const when = deadline === null ? '' : `, ${deadline.what} ${inUtcWords(deadline.at)}`;
  const head = `  ${userLabel(key.user)} ${shortKey(key.keyId)}: ${stageInWords(rotation)}${when}`;
  return [visible(head), ...wrapped(whatToDo(rotation), '      ', 110), `      rotation ${id}`];
}

async function sandboxDesk(): Promise<Desk> {
  const { world } = await playDemo({ onProgress: (day) => day < 2.5 });
  const { store, clock, hub } = world;
  const { slackUserId: id, name } = people.sam;
  return {
    shell: { store, clock, ids: cryptoIds },
    stopSwitch: hub.tick.stopSwitch,
    by: { kind: 'person', id, name },
    pause: () => world.runUntil(plus(clock.now(), { hours: 6 })),
  };
}

/** The hub goes on meanwhile: its ticks end the runs and perform what was ordered. */
async function realDesk({ stage = '', region: named }: Chosen, env: Environment): Promise<Desk> {
  const region = regionIn(named, env);
  const place = { partition: partitionOf(region), account: '', region };
  const connection = { region };
  const caller = await accountReads(connection, place, systemClock).caller();
  if (!caller.read) throw new Error(`nobody is signed in: ${caller.problem}`);
  const { arn } = caller.value;
  const names = stageNames(stage);
  return {
    shell: { store: storeForOperator(stage, region), clock: systemClock, ids: cryptoIds },
    stopSwitch: ssmStopSwitch(connection, names.stopParameter, systemClock, { seconds: 0 }),
    by: { kind: 'person', id: arn, name: `${arn.split('/').at(-1) ?? arn} (npm run drain)` },
    pause: () => systemClock.sleep(15_000),
  };
}

async function main(): Promise<void> {
  const progress = (line: string) => process.stderr.write(`${line}\n`);
  say(await drainCommand(process.argv.slice(2), process.env, progress));
}

if (import.meta.main) await main();
