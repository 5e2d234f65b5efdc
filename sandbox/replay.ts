/**
 * `npm run replay -- FILE…`: each file holds one EventBridge event; it goes through the real
 * handler in a sandbox that holds the user and stale key it speaks of. A JSON line each.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Received } from '../app/receive.ts';
import { messageOf } from '../domain/errors.ts';
import { millisBetween } from '../domain/instant.ts';
import { received } from './deliver.ts';
import { accountsOf, type Scene, sceneOf, setScenes } from './scene.ts';
import { createWorld, type World } from './world.ts';

const usage = `Usage: npm run --silent replay -- [--together] FILE…
  FILE        one EventBridge event as JSON
  --together  one sandbox for all files, instead of a fresh one for each; it serves the
              partition of most events and refuses the others`;

/** What happened to the event of one file. */
export interface ReplayLine extends Received {
  readonly file: string;
}

/** A file as it was read: its event, or why there is none. */
type Read =
  | { readonly file: string; readonly is: 'event'; readonly event: unknown }
  /** It can be read, and is no event that anything could send. */
  | { readonly file: string; readonly is: 'no JSON'; readonly problem: string }
  | { readonly file: string; readonly is: 'unreadable'; readonly problem: string };

interface Sent {
  readonly file: string;
  readonly event: unknown;
}

/**
 * Sends events through the handler, each in a world of its own, or all in one. A handler that fails
 * is told to `failed`; the other events still get their answers.
 */
export async function replay(
  events: readonly Sent[],
  together: boolean,
  print: (line: ReplayLine) => void,
  failed: (file: string, error: unknown) => void = (_file, error) => {
    throw error;
  },
): Promise<void> {
  const shared = together ? await worldOf(events.map(({ event }) => sceneOf(event))) : undefined;
  for (const { file, event } of events) {
    try {
      const scene = sceneOf(event);
      const world = shared ?? (await worldOf([scene]));
      const wait = millisBetween(world.clock.now(), scene.at);
      if (wait > 0) await world.clock.sleep(wait);
      const { outcome, reason, problems, rotations } = await received(world.handlers, event);
      print({ file, outcome, reason, problems, rotations });
    } catch (error) {
      failed(file, error);
    }
  }
}

/** One hub serves one partition: the one that most events are of. */
async function worldOf(scenes: readonly Scene[]): Promise<World> {
  const count = (each: Scene) => scenes.filter((one) => one.partition === each.partition).length;
  const most = Math.max(...scenes.map(count));
  const [start] = scenes.map(({ at }) => at).toSorted();
  const home = scenes
    .toSorted((one, other) => one.at.localeCompare(other.at))
    .find((each) => count(each) === most);
  if (start === undefined || home === undefined) throw new Error('a world needs a scene');
  const { partition, account, region } = home;
  const world = await createWorld({
    start,
    place: { partition, account, region },
    accounts: [...new Set([account, ...scenes.flatMap(accountsOf)])],
    mode: 'approve',
    seed: 'replay',
  });
  setScenes(world, scenes);
  return world;
}

function readEvent(file: string): Read {
  let content: string;
  try {
    content = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    return { file, is: 'unreadable', problem: `${file} cannot be read: ${messageOf(error)}` };
  }
  if (content.trim() === '') return { file, is: 'no JSON', problem: `${file} is empty` };
  try {
    return { file, is: 'event', event: JSON.parse(content) };
  } catch (error) {
    return { file, is: 'no JSON', problem: `${file} is not JSON: ${messageOf(error)}` };
  }
}

function readArguments(): { readonly files: readonly string[]; readonly together: boolean } {
  try {
    const { values, positionals } = parseArgs({
      options: { together: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    if (positionals.length === 0) throw new Error('No file was named.');
    return { files: positionals, together: values.together };
  } catch (error) {
    console.error(`${messageOf(error)}\n${usage}`);
    process.exit(2);
  }
}

/** What is no JSON can be no event: rejected like anything else that is malformed. */
function noEvent(file: string, problem: string): ReplayLine {
  const reason = 'the file is no JSON: EventBridge could not have sent it';
  return { file, outcome: 'rejected', reason, problems: [problem], rotations: [] };
}

/** Exit status 0: every event was answered; 1: a handler failed; 2: a file or option is wrong. */
async function main(): Promise<void> {
  const { files, together } = readArguments();
  const read = files.map(readEvent);
  const print = (line: ReplayLine) => console.log(JSON.stringify(line));
  for (const each of read) {
    if (each.is !== 'event') console.error(each.problem);
    if (each.is === 'no JSON') print(noEvent(each.file, each.problem));
  }
  const events = read.filter((each) => each.is === 'event');
  if (events.length > 0) {
    await replay(events, together, print, (file, error) => {
      console.error(`${file}: the handler failed: ${messageOf(error)}`);
      process.exitCode = 1;
    });
  }
  if (events.length < read.length) process.exitCode ??= 2;
}

if (import.meta.main) await main();
