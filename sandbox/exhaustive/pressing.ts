/** Somebody presses a button at an exact moment: beside an effect, once or twice at once. */
import { actionId, blockId, formId, formOf } from '../../adapters/slack-buttons.ts';
import { formNames, presses } from '../../domain/press.ts';
import { buttonsOf } from '../clicker.ts';
import type { Meddlers } from '../simulation/meddlers.ts';
import type { ShownMessage } from '../slack.ts';
import type { ShownBlock } from '../slack-rules.ts';
import { currentMessages, sendFilled, sendPress } from './diligent-people.ts';
import type { Beside, Moment, Point } from './exact-strikes.ts';

export interface Pressing {
  readonly index: number;
  readonly moment: Moment;
  /** The button's action, `keyturn:approve`. A form that it opens is sent as well. */
  readonly action: string;
  readonly slackUserId: string;
  readonly isDouble: boolean;
}

const moments: readonly Moment[] = ['before', 'after', 'at once', 'later'];
const admin = 'U0SAM';

/** Every press and form at a point, by somebody who may and by one who may not; twice at once. */
export function pressingsAt({ index }: Point): readonly Pressing[] {
  const actions = [...presses.map(actionId), ...formNames.map(formId)];
  return actions.flatMap((action) => {
    const by = { index, action, slackUserId: admin };
    const stranger = { ...by, slackUserId: strangerTo(action) };
    return [
      ...moments.flatMap((moment) => [
        { ...by, moment, isDouble: false },
        { ...stranger, moment, isDouble: false },
      ]),
      { ...by, moment: 'before' as const, isDouble: true },
    ];
  });
}

/** Who has a role, but not this one: nobody presses as plainly wrong as one of the house. */
function strangerTo(action: string): string {
  if (action === 'keyturn:force' || action === 'keyturn:abandon') return 'U0ADA';
  const isForOthers = action === 'keyturn:approve' || action === 'keyturn:form:exempt';
  return isForOthers ? 'U0OLIVIA' : 'U0OMAR';
}

/** Effects that somebody can press beside: events and timers have no moment in their middle. */
export function isPressable({ kinds }: Point): boolean {
  return kinds.includes('reply lost');
}

/** `keyturn:approve by U0ADA before@17`, ` twice` at its end for a double press. */
export function pressingName(pressing: Pressing): string {
  const { action, slackUserId, moment, index, isDouble } = pressing;
  return `${action} by ${slackUserId} ${moment}@${index}${isDouble ? ' twice' : ''}`;
}

/** Reads what pressingName wrote. Throws an Error that says how presses are written. */
export function readPressing(text: string): Pressing {
  const found = [...pressingsAt({ index: indexIn(text), effect: '', kinds: [] })].find(
    (each) => pressingName(each) === text,
  );
  if (found !== undefined) return found;
  throw new Error(
    `"${text}" is no press: write "keyturn:PRESS by SLACK-USER MOMENT@INDEX", as a violation says`,
  );
}

function indexIn(text: string): number {
  return Number(/@(\d{1,6})/.exec(text)?.[1] ?? -1);
}

/** Told with undefined once somebody has pressed, or why nobody could. */
export function pressBeside(
  { index, moment, action, slackUserId, isDouble }: Pressing,
  meddlers: () => Meddlers | undefined,
  told: (why: string | undefined) => void,
): Beside {
  const press = async (parts: Meddlers): Promise<void> => {
    const message = currentMessages(parts).at(-1);
    if (message === undefined) return told('there is no message yet');
    told(undefined);
    const shown = withButton(parts, message, action);
    const form = formOf(action);
    await sendPress(parts, shown, action, slackUserId, form === undefined && isDouble);
    if (form !== undefined) await sendFilled(parts, shown, form, slackUserId, isDouble);
  };
  const act = async (): Promise<void> => {
    const parts = meddlers();
    if (parts === undefined) return;
    const { clock } = parts.world;
    if (moment !== 'later') return press(parts);
    told('the story ended before');
    clock.at(clock.now(), async () => {
      await press(parts);
      await parts.world.wake();
    });
  };
  return { index, moment, act };
}

/**
 * The message as it is, or, where it does not offer that button, with one made out to be it, for
 * the rotation as it is now: a request that no screen would send.
 */
function withButton({ ledger }: Meddlers, message: ShownMessage, action: string): ShownMessage {
  const isOffered = buttonsOf(message).some(({ button }) => button.action_id === action);
  const known = ledger.places.find(({ place }) => place.ts === message.ts)?.rotationId ?? '';
  const rotation = ledger.rotations.get(known)?.rotation;
  if (isOffered || rotation === undefined) return message;
  const actions: ShownBlock = {
    type: 'actions',
    block_id: blockId(rotation),
    elements: [
      {
        type: 'button',
        text: { type: 'plain_text', text: action },
        action_id: action,
        value: rotation.id,
      },
    ],
  };
  return { ...message, blocks: [...message.blocks.filter(isNoActions), actions] };
}

function isNoActions({ type }: ShownBlock): boolean {
  return type !== 'actions';
}
