/**
 * The buttons under a rotation's message: exactly the presses that the machine would obey now.
 * Their block is named after rotation and shown version, so a press on an outdated message gives
 * itself away; a button's value is the rotation's id and nothing else.
 */
import { deadlineOf, keptStage } from '../domain/at-a-glance.ts';
import type { Rotation } from '../domain/case.ts';
import { unreachable } from '../domain/errors.ts';
import { type Instant, inUtcWords } from '../domain/instant.ts';
import { shortKey } from '../domain/key.ts';
import {
  afterPress,
  type ButtonPress,
  type FormName,
  formNames,
  offers,
  pressName,
  pressNamed,
  whyNoForm,
} from '../domain/press.ts';
import { plainText } from './slack-escape.ts';
import { slackLimits } from './slack-limits.ts';
import { type Block, type Button, type ConfirmDialog, plain } from './slack-message.ts';

const actionPrefix = 'keyturn:';

/** The action_id of a press's button. */
export function actionId(press: ButtonPress): string {
  return `${actionPrefix}${pressName(press)}`;
}

/** The press of a button, or undefined if the id is none of ours. */
export function pressOfAction(id: string): ButtonPress | undefined {
  return id.startsWith(actionPrefix) ? pressNamed(id.slice(actionPrefix.length)) : undefined;
}

const formPrefix = `${actionPrefix}form:`;

/** The action_id of the button that opens a form, and the callback_id of the form. */
export function formId(form: FormName): string {
  return `${formPrefix}${form}`;
}

/** The form of a button or of a form that was sent, or undefined if the id is none of ours. */
export function formOf(id: string): FormName | undefined {
  return formNames.find((form) => formId(form) === id);
}

/** The name of the block of buttons: which rotation, as it was shown at which version. */
export function blockId(rotation: Rotation): string {
  return `rot:${rotation.id}:${rotation.shownVersion}`;
}

/** Reads a name made by blockId; undefined if it is none. */
export function readBlockId(
  id: string,
): { readonly rotationId: string; readonly shownVersion: number } | undefined {
  const parts = /^rot:([0-9a-f-]{36}):([1-9]\d{0,8})$/u.exec(id);
  if (parts === null) return undefined;
  const [, rotationId = '', version = ''] = parts;
  return { rotationId, shownVersion: Number(version) };
}

/** The block of buttons; none when nothing can be pressed. */
export function slackButtons(rotation: Rotation, now: Instant): Block[] {
  const shown = new Set<string>();
  const elements = offers.flatMap((press) => {
    if (typeof press === 'string') return formButton(press, rotation, now);
    const after = afterPress(press, rotation, now);
    if (after === undefined) return [];
    const look = lookOf(press, rotation, after);
    // Two snoozes that the cap shortens to the same deadline are one choice.
    if (press.type === 'snooze' && shown.has(look.note)) return [];
    shown.add(look.note);
    return [button(actionId(press), rotation, look)];
  });
  return elements.length === 0 ? [] : [{ type: 'actions', block_id: blockId(rotation), elements }];
}

const switchedOffAndDeleted = 'switched off at its deadline, and deleted after the soak,';

interface Look {
  readonly label: string;
  /** For screen readers: what the press does. */
  readonly note: string;
  readonly style?: 'primary' | 'danger';
  /** What to think about before; undefined needs no second thought. */
  readonly consequence?: string;
}

function formButton(form: FormName, rotation: Rotation, now: Instant): readonly Button[] {
  if (whyNoForm(form, rotation, now) !== undefined) return [];
  const key = shortKey(rotation.key.keyId);
  const looks: Readonly<Record<FormName, Look>> = {
    'snooze until': { label: 'Custom…', note: 'Snooze until a moment that you choose' },
    'not mine': { label: 'Not mine…', note: `Say whose key ${key} is` },
    exempt: { label: 'Exempt…', note: `Leave old key ${key} as it is for a time` },
  };
  return [button(formId(form), rotation, looks[form])];
}

function button(id: string, rotation: Rotation, look: Look): Button {
  return {
    type: 'button',
    text: plain(look.label, slackLimits.buttonText),
    action_id: id,
    value: rotation.id,
    accessibility_label: plainText(look.note, slackLimits.accessibilityLabel),
    ...(look.style === undefined ? {} : { style: look.style }),
    ...(look.consequence === undefined ? {} : { confirm: dialog(look, look.consequence) }),
  };
}

function dialog(look: Look, consequence: string): ConfirmDialog {
  return {
    title: plain(`${look.label}?`, slackLimits.confirmTitle),
    text: plain(consequence, slackLimits.confirmText),
    confirm: plain(look.label, slackLimits.confirmButton),
    deny: plain('Cancel', slackLimits.confirmButton),
    ...(look.style === 'danger' ? { style: 'danger' } : {}),
  };
}

function lookOf(press: ButtonPress, rotation: Rotation, after: Rotation): Look {
  const key = shortKey(rotation.key.keyId);
  switch (press.type) {
    case 'approve':
      return { label: 'Approve', note: `Approve ${actOn(rotation)} ${key}`, style: 'primary' };
    case 'snooze':
      return snoozeLook(press.hours, after);
    case 'pause':
      return { label: 'Pause', note: `Put the rotation of old key ${key} on hold` };
    case 'resume':
      return {
        label: 'Resume',
        note: `Go on with the rotation of old key ${key}`,
      };
    case 'attest':
      return {
        label: 'Not in use',
        note: `Attest that nothing needs old key ${key} any more`,
        consequence:
          `You attest, on record, that nothing needs old key ${key} any more. It is then ` +
          `${isSwitchedOff(rotation) ? 'deleted' : 'switched off'} at its deadline even if ` +
          'nobody has used the new key, but not while it is in use.',
      };
    case 'roll back':
      return {
        label: 'Roll back',
        note: `Switch old key ${key} on again`,
        style: 'danger',
        consequence:
          `Old key ${key} is switched on again and the rotation goes on hold.` +
          (rotation.kind === 'replace' ? ' The new key keeps working.' : ''),
      };
    case 'force':
      return {
        label: 'Force',
        note: `Go on with old key ${key} even if it is in use`,
        style: 'danger',
        consequence:
          `Old key ${key} is ${isSwitchedOff(rotation) ? 'deleted' : switchedOffAndDeleted} even ` +
          'if it is still in use: what uses it then stops working. Your name is kept on record.',
      };
    case 'abandon':
      return {
        label: 'Abandon',
        note: `Give up the rotation of old key ${key}`,
        style: 'danger',
        consequence:
          `The rotation of old key ${key} ends here. The keys stay as they are now, and the ` +
          'finding stays open.',
      };
    default:
      return unreachable(press);
  }
}

/** A snooze shows the new deadline as the machine would set it, cap included. */
function snoozeLook(hours: number, after: Rotation): Look {
  const asked = hours < 24 ? `${hours} h` : `${hours / 24} d`;
  const deadline = deadlineOf(after);
  if (deadline === null) return { label: `Snooze ${asked}`, note: `Snooze for ${asked}` };
  const at = inUtcWords(deadline.at);
  return { label: `Snooze ${asked} → ${at.slice(5)}`, note: `Snooze: ${deadline.what} ${at}` };
}

function actOn({ kind }: Rotation): string {
  return kind === 'replace' ? 'replacing old key' : 'retiring unused key';
}

/** Whether what comes next for the old key is its deletion. */
function isSwitchedOff(rotation: Rotation): boolean {
  return keptStage(rotation).name === 'soaking';
}
