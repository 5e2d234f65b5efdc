/** The story of the small company, from the first finding until all is done or held. */
import { instant, plus } from '../domain/instant.ts';
import { type Cast, startCast } from './cast.ts';
import { companyAccounts, type Settled, settleCompany } from './company.ts';
import { applicationRole } from './consumer.ts';
import { everyRotation, type Report, report } from './report.ts';
import { type StoryLine, storyLines } from './story.ts';
import { createWorld, type World } from './world.ts';

export const storyStart = instant('2026-11-02T08:00:00Z');

/** The story never takes longer; beyond that something is stuck, which is an error. */
const mostDays = 45;

export interface DemoOptions {
  readonly sentinel?: string;
  readonly documents?: Parameters<typeof createWorld>[0]['documents'];
  /** Told of each quarter day with what happened in it; may stop the story by returning false. */
  readonly onProgress?: (day: number, lines: readonly StoryLine[]) => boolean | Promise<boolean>;
}

export interface Demo {
  readonly world: World;
  readonly company: readonly Settled[];
  readonly cast: Cast;
  readonly report: Report;
  /** Whether everything is done or held and nobody means to do anything more. */
  readonly settled: boolean;
}

/** Plays the story to its end in virtual time. */
export async function playDemo(options: DemoOptions = {}): Promise<Demo> {
  const accounts = [...companyAccounts];
  const world = await createWorld({
    start: storyStart,
    place: { partition: 'aws', account: companyAccounts[0], region: 'us-east-1' },
    accounts,
    mode: 'approve',
    seed: 'story',
    ...(options.sentinel === undefined ? {} : { sentinel: options.sentinel }),
    ...(options.documents === undefined ? {} : { documents: options.documents }),
  });
  for (const account of accounts) world.cloud.createRole(account, applicationRole);
  const company = settleCompany(world);
  const cast = startCast(world, company);
  const consumers = company.flatMap((settled) => settled.consumers);
  const doings = { pressed: cast.pressed, consumers };
  let settled = false;
  let after = plus(storyStart, { milliseconds: -1 });
  for (let quarter = 1; quarter <= 4 * mostDays && !settled; quarter++) {
    const until = plus(storyStart, { hours: 6 * quarter });
    await world.runUntil(until);
    const lines = await storyLines(world, accounts, doings, { after, until });
    after = until;
    if ((await options.onProgress?.(quarter / 4, lines)) === false) break;
    settled = await isSettled(world, accounts, company, cast);
  }
  return { world, company, cast, report: await report(world, accounts, storyStart), settled };
}

async function isSettled(
  world: World,
  accounts: readonly string[],
  company: readonly Settled[],
  cast: Cast,
): Promise<boolean> {
  const rotations = await everyRotation(world, accounts);
  const isOver = rotations.every(({ stage }) => stage.name === 'done' || stage.name === 'held');
  const nothingLeft = (await world.store.outstanding(world.clock.now(), 1)).length === 0;
  return rotations.length >= company.length && isOver && nothingLeft && cast.isThrough();
}
