/**
 * What Slack refuses in a message, as far as Keyturn uses Block Kit: unknown block types and
 * fields, sizes beyond the limits, ids used twice. Whatever is not modelled is refused.
 */
import * as v from 'valibot';
import { slackLimits as limits } from '../adapters/slack-limits.ts';

const sized = (most: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(most));

const plainText = (most: number) =>
  v.strictObject({
    type: v.literal('plain_text'),
    text: sized(most),
    emoji: v.optional(v.boolean()),
  });

const mrkdwn = (most: number) =>
  v.strictObject({
    type: v.literal('mrkdwn'),
    text: sized(most),
    verbatim: v.optional(v.boolean()),
  });

const anyText = (most: number) => v.variant('type', [plainText(most), mrkdwn(most)]);

const list = <const T extends v.GenericSchema>(item: T, most: number) =>
  v.pipe(v.array(item), v.minLength(1), v.maxLength(most));

const blockId = v.optional(sized(limits.blockId));
const style = v.optional(v.picklist(['primary', 'danger']));

const button = v.strictObject({
  type: v.literal('button'),
  text: plainText(limits.buttonText),
  action_id: sized(limits.actionId),
  value: v.optional(sized(limits.buttonValue)),
  accessibility_label: v.optional(sized(limits.accessibilityLabel)),
  style,
  confirm: v.optional(
    v.strictObject({
      title: plainText(limits.confirmTitle),
      text: plainText(limits.confirmText),
      confirm: plainText(limits.confirmButton),
      deny: plainText(limits.confirmButton),
      style,
    }),
  ),
});

const section = v.pipe(
  v.strictObject({
    type: v.literal('section'),
    block_id: blockId,
    text: v.optional(anyText(limits.sectionText)),
    fields: v.optional(list(anyText(limits.fieldText), limits.fields)),
  }),
  v.check(({ text, fields }) => text !== undefined || fields !== undefined, 'text or fields'),
);

const block = v.variant('type', [
  v.strictObject({
    type: v.literal('header'),
    block_id: blockId,
    text: plainText(limits.header),
  }),
  section,
  v.strictObject({
    type: v.literal('context'),
    block_id: blockId,
    elements: list(anyText(limits.contextText), limits.contextElements),
  }),
  v.pipe(
    v.strictObject({
      type: v.literal('actions'),
      block_id: blockId,
      elements: list(button, limits.actionElements),
    }),
    v.check(
      ({ elements }) => isUnique(elements.map((each) => each.action_id)),
      'two elements have one action_id',
    ),
  ),
]);

const blocks = v.pipe(
  list(block, limits.blocks),
  v.check(
    (all) => isUnique(all.flatMap((each) => each.block_id ?? [])),
    'two blocks have one block_id',
  ),
);

const input = v.strictObject({
  type: v.literal('input'),
  block_id: sized(limits.blockId),
  label: plainText(limits.inputLabel),
  hint: v.optional(plainText(limits.inputHint)),
  optional: v.optional(v.boolean(), false),
  element: v.variant('type', [
    v.strictObject({
      type: v.literal('datetimepicker'),
      action_id: sized(limits.actionId),
      initial_date_time: v.optional(
        v.pipe(v.number(), v.integer(), v.minValue(1_000_000_000), v.maxValue(9_999_999_999)),
      ),
    }),
    v.strictObject({ type: v.literal('users_select'), action_id: sized(limits.actionId) }),
    v.strictObject({
      type: v.literal('plain_text_input'),
      action_id: sized(limits.actionId),
      max_length: v.optional(
        v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(limits.inputText)),
      ),
    }),
  ]),
});

const modal = v.strictObject({
  type: v.literal('modal'),
  callback_id: v.optional(sized(limits.callbackId)),
  private_metadata: v.optional(v.pipe(v.string(), v.maxLength(limits.privateMetadata))),
  title: plainText(limits.modalTitle),
  // Slack asks for it as soon as there is an input.
  submit: plainText(limits.modalButton),
  close: v.optional(plainText(limits.modalButton)),
  blocks: v.pipe(
    list(v.variant('type', [section, input]), limits.modalBlocks),
    v.check(
      (all) => isUnique(all.flatMap((each) => each.block_id ?? [])),
      'two blocks have one block_id',
    ),
  ),
});

/** A form as somebody sees it. */
export type ShownView = v.InferOutput<typeof modal>;

/** The form, or the error that Slack answers. `given` is the JSON text of the argument. */
export function ruleView(
  given: string | undefined,
):
  | { readonly ok: true; readonly view: ShownView }
  | { readonly ok: false; readonly error: string; readonly messages: readonly string[] } {
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), modal), given);
  if (read.success) return { ok: true, view: read.output };
  const messages = read.issues.map((issue) => `${v.getDotPath(issue) ?? '/'}: ${issue.message}`);
  return { ok: false, error: 'invalid_arguments', messages };
}

/** What a message on the screen consists of. */
export type ShownBlock = v.InferOutput<typeof block>;

export type Ruling =
  | { readonly ok: true; readonly blocks: readonly ShownBlock[] }
  | { readonly ok: false; readonly error: string; readonly messages: readonly string[] };

/** The blocks, or the error that Slack answers. `given` is the JSON text of the argument. */
export function rule(given: string | undefined): Ruling {
  if (given === undefined) return { ok: true, blocks: [] };
  if (given.length > limits.allBlocks) {
    return { ok: false, error: 'msg_blocks_too_long', messages: [`${given.length} characters`] };
  }
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), blocks), given);
  if (read.success) return { ok: true, blocks: read.output };
  const messages = read.issues.map((issue) => `${v.getDotPath(issue) ?? '/'}: ${issue.message}`);
  return { ok: false, error: 'invalid_blocks', messages };
}

const home = v.strictObject({
  type: v.literal('home'),
  blocks: v.pipe(
    list(block, limits.viewBlocks),
    v.check(
      (all) => isUnique(all.flatMap((each) => each.block_id ?? [])),
      'two blocks have one block_id',
    ),
  ),
});

/** What a Home tab shows, or the error that Slack answers. `given` is the JSON of the view. */
export function ruleHome(given: string | undefined): Ruling {
  if ((given ?? '').length > limits.viewBytes) {
    return { ok: false, error: 'view_too_large', messages: [`${given?.length} characters`] };
  }
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), home), given);
  if (read.success) return { ok: true, blocks: read.output.blocks };
  const messages = read.issues.map((issue) => `${v.getDotPath(issue) ?? '/'}: ${issue.message}`);
  return { ok: false, error: 'invalid_arguments', messages };
}

function isUnique(ids: readonly string[]): boolean {
  return new Set(ids).size === ids.length;
}
