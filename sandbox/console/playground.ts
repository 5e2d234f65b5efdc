/**
 * The world of the console: one at a time, in virtual time. Whatever is asked of it, and every turn
 * of its time, happens one after the other; whoever listens hears that something may have changed.
 */
import { randomUUID } from 'node:crypto';
import { inUtcWords, plus } from '../../domain/instant.ts';
import { people } from '../settings.ts';
import { personaKeys } from './act.ts';
import type { Act, ActAnswer, SceneChoice } from './acts.ts';
import { type Doing, doIt, done, nameOf } from './doings.ts';
import { faultsIn } from './faults.ts';
import { type FleetRows, fleetRows } from './fleet-view.ts';
import { effectEnds } from './journal-view.ts';
import { outsideView } from './outside-view.ts';
import { type Pacing, pacing } from './pacing.ts';
import { type Looking, rotationView } from './rotation-view.ts';
import { runsIn } from './run-view.ts';
import { beginScene } from './scenes.ts';
import { slackView } from './slack-view.ts';
import type {
  FleetView,
  OutsideView,
  PersonView,
  Pulse,
  RotationView,
  RunView,
  SlackView,
} from './view.ts';
import { callsByKey, type Watched, watch } from './watched.ts';

export interface Playground {
  pulse(): Pulse;
  /** Returns what ends it. */
  listen(listener: () => void): () => void;
  act(act: Act): Promise<ActAnswer>;
  fleet(since: number): Promise<FleetView>;
  /** undefined if there is no such rotation. */
  rotation(id: string): Promise<RotationView | undefined>;
  runs(): Promise<readonly RunView[]>;
  /** Of one rotation only, if one is named. */
  slack(as: string, rotation: string | null): Promise<SlackView>;
  outside(): Promise<OutsideView>;
  /** Time stands still from then on. */
  end(): void;
}

/** One world and everything that is kept beside it. */
interface Table extends Doing, Looking {
  readonly number: number;
  readonly watched: Watched;
  readonly rows: FleetRows;
  readonly pacing: Pacing;
}

export interface PlaygroundOptions {
  readonly scene?: SceneChoice;
  /** Embedded in every generated secret value, for those who search for it. */
  readonly sentinel?: string;
}

/** Executions that are shown; of a rotation, all of them. */
const mostRuns = 60;

export async function openPlayground(options: PlaygroundOptions = {}): Promise<Playground> {
  const opened = randomUUID();
  const listeners = new Set<() => void>();
  let version = 1;
  const changed = () => {
    version += 1;
    for (const listener of listeners) listener();
  };
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
  const begin = (choice: SceneChoice, number: number) =>
    layTable(choice, number, { inTurn, changed }, options.sentinel);
  let table = await begin(options.scene ?? { kind: 'company' }, 1);

  return {
    pulse: () => ({ opened, ...pulseOf(table, version) }),
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    act: async (act) => {
      if (act.type === 'begin') {
        table.pacing.end();
        table = await inTurn(() => begin(act.scene, table.number + 1));
        changed();
        return done(`A new world: ${table.scene.name}.`);
      }
      const answer = await carryOut(table, act, inTurn);
      changed();
      return answer;
    },
    fleet: (since) => inTurn(async () => table.rows.since(since, table.number, version)),
    rotation: (id) =>
      inTurn(async () => {
        const rotation = table.watched.rotation(id);
        return rotation === undefined ? undefined : rotationView(table, rotation);
      }),
    runs: () => inTurn(async () => runsIn(table.scene).slice(0, mostRuns)),
    slack: (as, rotation) =>
      inTurn(async () => {
        const { world } = table.scene;
        const slackUserId = persons.find(({ key }) => key === as)?.slackUserId ?? '';
        const place = rotation === null ? null : await world.store.messageOf(rotation);
        const ts = place === null ? null : (place?.ts ?? 'none');
        return slackView(world, { slackUserId, ts }, table.closed);
      }),
    outside: () => inTurn(async () => outsideView(table.scene.world)),
    end: () => table.pacing.end(),
  };
}

async function layTable(
  choice: SceneChoice,
  number: number,
  { inTurn, changed }: { inTurn: <T>(work: () => Promise<T>) => Promise<T>; changed: () => void },
  sentinel: string | undefined,
): Promise<Table> {
  const watched = watch();
  const scene = await beginScene(choice, watched.interposed, sentinel);
  const { world } = scene;
  const seen = () =>
    watched.commits() +
    world.deliveries.length +
    world.slack.calls() +
    world.pagerDuty.incidents().length +
    world.cloud.published.length +
    (world.runner.inFlight() > 0 ? world.cloud.history.length : 0);
  return {
    number,
    watched,
    scene,
    faults: faultsIn(world, watched.calls),
    closed: new Set(),
    stopped: { why: null },
    callsOf: callsByKey(world.cloud.history),
    ends: effectEnds(world.log),
    rows: fleetRows(scene, watched),
    pacing: pacing({ world, inTurn, seen, changed }),
  };
}

async function carryOut(
  table: Table,
  act: Exclude<Act, { type: 'begin' }>,
  inTurn: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<ActAnswer> {
  const { clock } = table.scene.world;
  switch (act.type) {
    case 'play':
      table.pacing.play(act.secondsPerSecond);
      return done('Time runs.');
    case 'pause':
      table.pacing.pause();
      return done('Time stands still.');
    case 'step':
      if (await table.pacing.step()) return done('One step.');
      return done(`There was nothing new to see until ${inUtcWords(clock.now())}.`);
    case 'advance':
      await table.pacing.goTo(plus(clock.now(), { hours: act.hours }));
      return done(`It is ${inUtcWords(clock.now())}.`);
    default: {
      const answer = await inTurn(() => doIt(table, act));
      // Whoever presses reads the answer before they press again: the message follows by a tick.
      const isPress = act.type === 'press' || act.type === 'send';
      if (isPress && table.pacing.playing() === null) {
        await table.pacing.goTo(plus(clock.now(), { minutes: 1 }));
      }
      return answer;
    }
  }
}

const persons: readonly PersonView[] = personaKeys.map((key) => ({
  key,
  name: nameOf(key),
  slackUserId: key === 'mallory' ? 'U0MALLORY' : people[key].slackUserId,
  roles: key === 'mallory' ? 'no role' : people[key].roles.join(', '),
}));

function pulseOf(table: Table, version: number): Omit<Pulse, 'opened'> {
  const { scene, watched, pacing: pace, stopped, faults } = table;
  const { world } = scene;
  const stages: Pulse['stages'] = {};
  for (const { stage } of watched.rotations()) {
    Object.assign(stages, { [stage.name]: (stages[stage.name] ?? 0) + 1 });
  }
  const incidents = world.pagerDuty.incidents();
  return {
    world: table.number,
    version,
    scene: scene.name,
    start: scene.start,
    now: world.clock.now(),
    playing: pace.playing(),
    until: pace.until(),
    stopped: stopped.why,
    users: scene.about.size,
    stages,
    messages: world.slack.messages().length,
    openIncidents: incidents.filter(({ status }) => status !== 'resolved').length,
    runsInFlight: world.runner.inFlight(),
    undelivered: world.undelivered.length,
    faults: faults.list(),
    people: persons,
  };
}
