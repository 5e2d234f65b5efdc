/**
 * Stories by chance as the shell plays them: through `advance`, real presses and a store. The model
 * says the same of them, and in the end the journal alone gives the whole rotation again.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cryptoIds } from '../../../adapters/crypto-ids.ts';
import { memoryStore } from '../../../adapters/memory-store.ts';
import { advance } from '../../../app/advance.ts';
import { commitOpening } from '../../../app/commit-opening.ts';
import { receiveForm } from '../../../app/receive-form.ts';
import { receivePress } from '../../../app/receive-press.ts';
import { fromMillis, type Instant } from '../../../domain/instant.ts';
import { actorOf, chainProblems, type JournalEntry } from '../../../domain/journal.ts';
import type { RotationStore } from '../../../domain/ports.ts';
import type { Filled } from '../../../domain/requests.ts';
import { decide } from '../../../domain/rotation.ts';
import { rotationId } from '../../builders.ts';
import { type Act, actInWords } from './acts.ts';
import { anyAct, anyBeginning } from './any-acts.ts';
import { happening, pressOf } from './happening.ts';
import { people, personOf } from './people-here.ts';
import { begin, concluded, eventIn, nothingReached, type Play } from './playing.ts';

const seed = Number(process.env.KEYTURN_STORY_SEED ?? 20261123);
const stories = Math.ceil(Number(process.env.KEYTURN_STORIES ?? 4000) / 10);

interface Shop {
  readonly play: Play;
  readonly store: RotationStore;
  now: Instant;
}

const place = { channel: 'C0123KEYS', ts: '1762074000.000100' };
const quiet = { error: () => undefined, info: () => undefined } as const;

async function open(beginning: Parameters<typeof begin>[0]): Promise<Shop> {
  const play = begin(beginning);
  const shop: Shop = { play, store: memoryStore(), now: play.rotation.openedAt };
  await commitOpening(shellOf(shop), { rotation: play.rotation, effects: [] });
  await shop.store.rememberMessage(rotationId, place);
  return shop;
}

function shellOf(shop: Shop) {
  return {
    store: shop.store,
    clock: { now: () => shop.now, sleep: async () => undefined },
    ids: cryptoIds,
  };
}

/** The same act as the shell does it; a press comes in as Slack would send it. */
async function live(shop: Shop, act: Act): Promise<void> {
  const { play } = shop;
  const next = happening(act, play.scene);
  const { story, stopped } = play.scene;
  const wanted = eventIn(play, next);
  if (wanted === null) return;
  const now = 'now' in next ? next.now : play.scene.now;
  shop.now = fromMillis(now);
  const before = (await shop.store.journal(rotationId)).length;
  if (next.is === 'press') {
    await send(shop, next.press, stopped, story.shown);
  } else {
    await advance(shellOf(shop), rotationId, wanted);
  }
  const entries = (await shop.store.journal(rotationId)).slice(before);
  await judged(shop, entries, wanted, now);
}

async function send(
  shop: Shop,
  act: Extract<Act, { does: 'press' }>,
  stopped: boolean,
  shown: number,
): Promise<void> {
  const from = {
    slackUserId: personOf(act.who).id,
    appId: 'A0123',
    teamId: 'T0123',
    message: place,
    rotationId,
    shownVersion: shown - (act.message === 'current' ? 0 : 1),
  };
  const desk = deskOf(shop, stopped);
  const press = pressOf(act, shop.play.scene);
  switch (press.type) {
    case 'snooze until':
    case 'exempt': {
      const { type: form, ...filled } = press;
      await receiveForm(desk, { sent: 'form', ...from, filled: { form, ...filled } as Filled });
      break;
    }
    case 'not mine': {
      const namedId = press.owner.known ? press.owner.slackUserId : null;
      await receiveForm(desk, { sent: 'form', ...from, filled: { form: press.type, namedId } });
      break;
    }
    default:
      await receivePress(desk, { sent: 'press', ...from, press });
  }
}

async function judged(
  { play, store }: Shop,
  entries: readonly JournalEntry[],
  wanted: Parameters<typeof concluded>[1],
  now: number,
): Promise<void> {
  const rotation = await store.load(rotationId);
  if (rotation === undefined) throw new Error('the rotation is lost');
  const [entry, ...more] = entries;
  expect(more).toEqual([]);
  const effects = entry?.effects.map(({ effect }) => effect) ?? [];
  // What is illegal is kept as a refused press: to the model it is the press that changes nothing.
  const isInVain = entry === undefined || entry.ignored !== null;
  const ignored = isInVain ? 'nothing changed' : null;
  concluded(play, wanted, now, { rotation, effects, ignored }, nothingReached());
}

function deskOf(shop: Shop, stopped: boolean) {
  return {
    shell: shellOf(shop),
    people,
    slack: { teamId: 'T0123' },
    messenger: { update: async () => undefined },
    whisper: { whisper: async () => undefined },
    forms: { open: async () => undefined },
    stopSwitch: {
      read: async () =>
        stopped ? ({ stopped, why: 'a drill', since: null } as const) : ({ stopped } as const),
    },
    log: quiet,
  };
}

/** The journal says everything: its last entry is the state; each follows from the one before. */
async function isRebuilt({ store }: Shop): Promise<void> {
  const entries = await store.journal(rotationId);
  const rotation = await store.load(rotationId);
  expect(chainProblems(entries, cryptoIds.digest)).toEqual([]);
  expect(entries.at(-1)?.state).toEqual(rotation);
  for (const [index, entry] of entries.slice(1).entries()) {
    const before = entries[index]?.state;
    if (before === undefined || entry.event.type === 'opened') throw new Error('opened twice');
    const again = decide(before, entry.event, entry.at);
    expect({ ...again.rotation, version: before.version + 1 }).toEqual(entry.state);
    expect(again.effects).toEqual(entry.effects.map(({ effect }) => effect));
    const ids = again.effects.map((__, place) => `${rotationId}/${index + 2}/${place}`);
    expect(entry.effects.map(({ id }) => id)).toEqual(ids);
    const told = { from: before.stage.name, to: entry.state.stage.name, version: index + 2 };
    expect(entry).toMatchObject({ ...told, actor: actorOf(entry.event), rotationId });
  }
}

class Lives implements fc.AsyncCommand<object, Shop> {
  readonly act: Act;
  constructor(act: Act) {
    this.act = act;
  }
  check(): boolean {
    return true;
  }
  async run(_: object, shop: Shop): Promise<void> {
    await live(shop, this.act);
  }
  toString(): string {
    return `\n  - ${actInWords(this.act)}`;
  }
}

const acts = fc.commands([anyAct.map((act) => new Lives(act))], { maxCommands: 60, size: 'max' });

test('every story goes so in the shell, and its journal tells it whole', {
  timeout: 600_000,
}, async () => {
  const property = fc.asyncProperty(anyBeginning, acts, async (beginning, story) => {
    const shop = await open(beginning);
    await fc.asyncModelRun(() => ({ model: {}, real: shop }), story);
    await isRebuilt(shop);
  });
  await fc.assert(property, { seed, numRuns: stories });
});
