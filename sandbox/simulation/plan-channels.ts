/** What befalls the people and channels of Slack in a simulated world. */
import { type Instant, plus } from '../../domain/instant.ts';
import { people, slackSetup } from '../settings.ts';
import type { World } from '../world.ts';
import type { Dice } from './dice.ts';

export interface ChannelPlan {
  /** Rotations are told of in a team's channel. */
  readonly isTeams: boolean;
  /** From then on that channel is archived; null: never. */
  readonly archivedFrom: Instant | null;
  /** Owners whose account is closed from then on. */
  readonly leavers: readonly { readonly slackUserId: string; readonly from: Instant }[];
}

export const calmChannels: ChannelPlan = { isTeams: false, archivedFrom: null, leavers: [] };

/** The channel of a team, in the worlds that have one. */
export const teamChannel = slackSetup.channels[0].id;

export function channelsOf(dice: Dice, start: Instant): ChannelPlan {
  const soon = () => plus(start, { hours: dice.between(0, 24 * 25) });
  const isTeams = dice.chance(0.3);
  const isArchived = isTeams && dice.chance(0.4);
  const owners = [people.olivia, people.omar].filter(() => dice.chance(0.15));
  return {
    isTeams,
    archivedFrom: isArchived ? soon() : null,
    leavers: owners.map(({ slackUserId }) => ({ slackUserId, from: soon() })),
  };
}

/** Lets it happen, each at its time. */
export function startChannels(
  { isTeams: _, archivedFrom, leavers }: ChannelPlan,
  { clock, slack }: World,
  tell: (line: string) => void,
): void {
  if (archivedFrom !== null) {
    clock.at(archivedFrom, () => {
      tell('the channel of the team is archived');
      slack.archive(teamChannel);
    });
  }
  for (const { slackUserId, from } of leavers) {
    clock.at(from, () => {
      tell(`${slackUserId} leaves the company`);
      slack.deactivate(slackUserId);
    });
  }
}
