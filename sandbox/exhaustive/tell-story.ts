/** Plays a story to its end, with exact faults, or with somebody who acts at an exact moment. */

import { type Instant, plus } from '../../domain/instant.ts';
import type { IamUser } from '../../domain/key.ts';
import type { Ledger } from '../simulation/ledger.ts';
import { act, type Meddlers } from '../simulation/meddlers.ts';
import { type Simulated, simulatePlan } from '../simulation/simulated-world.ts';
import { keyIdOn, keyOf, shelvesOf } from '../simulation/truth.ts';
import { letPeopleLook } from './diligent-people.ts';
import { type ExactFault, type ExactStrikes, exactStrikes, type Point } from './exact-strikes.ts';
import { type Pressing, pressBeside } from './pressing.ts';
import { cutAfter } from './run-cuts.ts';
import type { Story } from './story.ts';
import { storyDice } from './story-dice.ts';
import { letItBeUsedOnceMore } from './stray-use.ts';

/** What is different from the story as it is without faults. */
export interface Changes {
  readonly faults: readonly ExactFault[];
  readonly pressing?: Pressing | undefined;
}

export interface ToldStory extends Simulated {
  readonly points: readonly Point[];
  /** Planned faults that made no difference, or never came to be. */
  readonly missed: readonly ExactFault[];
  /** Whether somebody pressed as planned; why not. */
  readonly unpressed: string | undefined;
  /** What became of every rotation and of every key, in one line. */
  readonly end: string;
}

/** Much longer than any story takes: with every retry, answer and repeated finding. */
const mostDays = 60;

export async function tellStory(story: Story, { faults, pressing }: Changes): Promise<ToldStory> {
  const made: { strikes?: ExactStrikes; meddlers?: Meddlers; unpressed?: string | undefined } = {
    unpressed: 'the point never came',
  };
  const plan = story.plan(storyDice(() => made.strikes?.reach() ?? 'least'));
  const beside =
    pressing === undefined
      ? undefined
      : pressBeside(
          pressing,
          () => made.meddlers,
          (why) => {
            made.unpressed = why;
          },
        );
  const simulated = await simulatePlan(plan, {
    mostDays,
    strikes: (tell) => {
      made.strikes = exactStrikes(faults, beside, tell);
      return made.strikes;
    },
    begin: (meddlers) => {
      made.meddlers = meddlers;
      begin(story, meddlers);
    },
    answered: (world, call) => {
      if (made.strikes !== undefined) cutAfter(made.strikes, plan.accounts)(world, call);
    },
  });
  const { points = [], landed = new Set() } = made.strikes ?? {};
  return {
    ...simulated,
    points,
    missed: faults.filter((each) => !landed.has(each)),
    unpressed: pressing === undefined ? undefined : made.unpressed,
    end: endOf(simulated.ledger),
  };
}

function begin(story: Story, meddlers: Meddlers): void {
  const { world, ledger } = meddlers;
  letPeopleLook(meddlers, story.wishes(world.clock.now));
  if (story.hasStrayUse) letItBeUsedOnceMore(meddlers);
  for (const { afterHours, what } of story.outsiders) {
    world.clock.at(plus(ledger.plan.start, { hours: afterHours }), async () => {
      const user = world.cloud
        .truth(world.place.account)
        .users.find(({ userId }) => ledger.users.has(userId));
      if (user !== undefined) await act(meddlers, { ...user, account: world.place.account }, what);
    });
  }
}

/** The same for worlds that end the same, whatever their keys are called. */
function endOf(ledger: Ledger): string {
  const rotations = [...ledger.rotations.values()].map(({ rotation: { kind, stage } }) => {
    if (stage.name === 'done') return `${kind} done ${stage.outcome}`;
    return stage.name === 'held' ? `${kind} held ${stage.reason.code}` : `${kind} ${stage.name}`;
  });
  const keys = ledger.plan.accounts.flatMap((account) =>
    ledger.world.cloud.truth(account).users.flatMap((user) => keysIn(ledger, { ...user, account })),
  );
  return [...rotations.sort(), ...keys].join(', ');
}

/** A user's keys, and which of them readers get. */
function keysIn({ world, plan, users }: Ledger, { account, userId, userName }: IamUser) {
  const planned = users.get(userId);
  if (planned === undefined) return [];
  const mine = world.cloud.truth(account).keys.filter((key) => key.userId === userId);
  const old = mine.filter(({ createdAt }) => createdAt <= plan.start);
  const made = mine.filter(
    ({ createdAt, deletedAt }) => createdAt > plan.start && deletedAt === null,
  );
  const read = shelvesOf(world, plan, planned).map((shelf) => {
    const keyId = keyIdOn(world, account, userName, shelf);
    const key = keyId === null ? undefined : keyOf(world, account, keyId);
    const where = 'region' in shelf ? shelf.region : shelf.repository;
    return `readers in ${where} get ${key === undefined ? 'none' : standing(key)}`;
  });
  return [
    ...old.map((key) => `old ${standing(key)}`),
    `new ${made.map(standing).join(' ') || 'none'}`,
    ...read,
  ];
}

function standing(key: { readonly status: string; readonly deletedAt: Instant | null }): string {
  return key.deletedAt === null ? key.status : 'deleted';
}
