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
import { accountsOf, type Scene, sceneOf, setScene } from './scene.ts';
import { createWorld, type World } from './world.ts';

const usage = `Usage: npm run --silent replay -- [--together] FILE…
  FILE        one EventBridge event as JSON
  --together  one sandbox for all files, instead of a fresh one for each`;

/** What happened to the event of one file. */
export interface ReplayLine extends Received {
  readonly file: string;
}

/** A file as it was read: its event, or why there is none. */
type Read =
  | { readonly file: string; readonly ok: true; readonly event: unknown }
  | { readonly file: string; readonly ok: false; readonly problem: string };

/** Sends events through the handler, each in a world of its own, or all in one. */
export async function replay(
  events: readonly { readonly file: string; readonly event: unknown }[],
  together: boolean,
  print: (line: ReplayLine) => void,
): Promise<void> {
  const scenes = events.map(({ event }) => sceneOf(event));
  const shared = together && scenes.length > 0 ? await worldFor(scenes) : undefined;
  for (const [index, { file, event }] of events.entries()) {
    const scene = scenes[index] ?? sceneOf(event);
    const world = shared ?? (await worldFor([scene]));
    setScene(world, scene);
    const wait = millisBetween(world.clock.now(), scene.at);
    if (wait > 0) await world.clock.sleep(wait);
    const { outcome, reason, problems, rotations } = await received(world.handlers, event);
    print({ file, outcome, reason, problems, rotations });
  }
}

/** One hub serves one partition: the one that most events are of. */
async function worldFor(scenes: readonly Scene[]): Promise<World> {
  const count = (each: Scene) => scenes.filter((one) => one.partition === each.partition).length;
  const most = Math.max(...scenes.map(count));
  const [start] = scenes.map(({ at }) => at).toSorted();
  const home = scenes
    .toSorted((one, other) => one.at.localeCompare(other.at))
    .find((each) => count(each) === most);
  if (start === undefined || home === undefined) throw new Error('a world needs a scene');
  const { partition, account, region } = home;
  return createWorld({
    start,
    place: { partition, account, region },
    accounts: [...new Set([account, ...scenes.flatMap(accountsOf)])],
    mode: 'approve',
    seed: 'replay',
  });
}

function readEvent(file: string): Read {
  let content: string;
  try {
    content = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    return { file, ok: false, problem: `${file} cannot be read: ${messageOf(error)}` };
  }
  if (content.trim() === '') return { file, ok: false, problem: `${file} is empty` };
  try {
    return { file, ok: true, event: JSON.parse(content) };
  } catch (error) {
    return { file, ok: false, problem: `${file} is not JSON: ${messageOf(error)}` };
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

/** Exit status 0: every event was answered; 1: a handler failed; 2: a file or option is wrong. */
async function main(): Promise<void> {
  const { files, together } = readArguments();
  const read = files.map(readEvent);
  for (const each of read) if (!each.ok) console.error(each.problem);
  try {
    const events = read.filter((each) => each.ok);
    await replay(events, together, (line) => console.log(JSON.stringify(line)));
  } catch (error) {
    console.error(`The handler failed: ${messageOf(error)}`);
    process.exit(1);
  }
  if (read.some((each) => !each.ok)) process.exit(2);
}

if (import.meta.main) await main();
