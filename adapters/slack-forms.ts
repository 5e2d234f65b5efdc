/**
 * The forms that buttons open. A form remembers, in its private metadata, what a block of buttons
 * says in its name: which rotation, as it was shown at which version, in which message. What is
 * filled in comes back with it and is checked like a press; opening a form decides nothing.
 */
import * as v from 'valibot';
import type { Rotation } from '../domain/case.ts';
import { latestExemption, longestExemptReason } from '../domain/ending.ts';
import { unreachable } from '../domain/errors.ts';
import { earliest, type Instant, inUtcWords, plus, toMillis } from '../domain/instant.ts';
import type { MessagePlace } from '../domain/ports.ts';
import type { FormName } from '../domain/press.ts';
import { latestSnooze, snoozedFrom } from '../domain/snooze-until.ts';
import { headline } from '../domain/status-text.ts';
import { oneLine } from './cut-text.ts';
import { blockId, formId, readBlockId } from './slack-buttons.ts';
import { slackLimits } from './slack-limits.ts';
import { type Input, type Modal, plain } from './slack-message.ts';

/** The fields of every form; a field's block and its element have the same name. */
export const fieldsOf = {
  'snooze until': ['until'],
  'not mine': ['owner'],
  exempt: ['reason', 'until'],
} as const satisfies Readonly<Record<FormName, readonly string[]>>;

/** The form as it is shown to whoever pressed a button of the message at `place`. */
export function formModal(
  form: FormName,
  rotation: Rotation,
  place: MessagePlace,
  now: Instant,
): Modal {
  const { title, submit, explains, inputs } = contentOf(form, rotation, now);
  return {
    type: 'modal',
    callback_id: formId(form),
    private_metadata: JSON.stringify({ about: blockId(rotation), ...place }),
    title: plain(title, slackLimits.modalTitle),
    submit: plain(submit, slackLimits.modalButton),
    close: plain('Cancel', slackLimits.modalButton),
    blocks: [
      {
        type: 'section',
        text: plain(
          [headline(rotation), explains].map(oneLine).join('\n'),
          slackLimits.sectionText,
        ),
      },
      ...inputs,
    ],
  };
}

const place = v.strictObject({
  about: v.string(),
  channel: v.pipe(v.string(), v.regex(/^[A-Z0-9]{3,32}$/u)),
  ts: v.pipe(v.string(), v.regex(/^\d{1,12}\.\d{1,9}$/u)),
});

/** Reads what formModal remembered; undefined for anything else. */
export function readPrivateMetadata(text: string):
  | {
      readonly rotationId: string;
      readonly shownVersion: number;
      readonly message: MessagePlace;
    }
  | undefined {
  if (text.length > slackLimits.privateMetadata) return undefined;
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), place), text);
  if (!read.success) return undefined;
  const { about, channel, ts } = read.output;
  const shown = readBlockId(about);
  return shown === undefined ? undefined : { ...shown, message: { channel, ts } };
}

interface Content {
  readonly title: string;
  readonly submit: string;
  readonly explains: string;
  readonly inputs: readonly Input[];
}

function contentOf(form: FormName, rotation: Rotation, now: Instant): Content {
  switch (form) {
    case 'snooze until':
      return snoozeForm(rotation, now);
    case 'not mine':
      return {
        title: 'Whose key is it?',
        submit: 'Send',
        explains:
          'Say who owns the key. If you do not know, leave it empty: the team is asked. ' +
          'Your answer is kept on record.',
        inputs: [
          {
            ...input('owner', 'Owner', 'Somebody whom Keyturn knows; empty: I do not know.'),
            optional: true,
            element: { type: 'users_select', action_id: 'owner' },
          },
        ],
      };
    case 'exempt':
      return exemptForm(rotation, now);
    default:
      return unreachable(form);
  }
}

function snoozeForm(rotation: Rotation, now: Instant): Content {
  const from = snoozedFrom(rotation, now) ?? now;
  const last = latestSnooze(rotation, now) ?? from;
  const until = earliest(plus(from, { days: 1 }), last);
  return {
    title: 'Snooze until',
    submit: 'Snooze',
    explains: 'The deadline moves to the moment that you choose. Your name is kept on record.',
    inputs: [moment('Deadline', until, `${inUtcWords(last)} at the latest.`)],
  };
}

function exemptForm(rotation: Rotation, now: Instant): Content {
  const last = latestExemption(rotation, now) ?? now;
  const until = earliest(plus(now, { days: 30 }), last);
  return {
    title: 'Exempt the key',
    submit: 'Exempt',
    explains:
      'The rotation ends here, and the keys stay as they are now. Until the end that you choose, ' +
      'reports about the key are answered with your reason; a report after it opens the ' +
      'rotation anew. Your name is kept on record.',
    inputs: [
      {
        ...input('reason', 'Reason', 'In a sentence. No secrets.'),
        element: {
          type: 'plain_text_input',
          action_id: 'reason',
          max_length: longestExemptReason,
        },
      },
      moment('End', until, `${inUtcWords(last)} at the latest.`),
    ],
  };
}

/** A picker of a moment in the reader's own zone, to the minute. */
function moment(label: string, initial: Instant, hint: string): Input {
  const seconds = Math.floor(toMillis(initial) / 60_000) * 60;
  return {
    ...input('until', label, hint),
    element: { type: 'datetimepicker', action_id: 'until', initial_date_time: seconds },
  };
}

function input(name: string, label: string, hint: string) {
  return {
    type: 'input',
    block_id: name,
    label: plain(label, slackLimits.inputLabel),
    hint: plain(hint, slackLimits.inputHint),
    optional: false,
  } as const;
}
