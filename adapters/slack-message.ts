/** The part of Slack's Block Kit that Keyturn uses. https://docs.slack.dev/reference/block-kit */
import { plainText } from './slack-escape.ts';

export interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  /** Always false: `:skull:` in a user's name stays what it is. */
  readonly emoji: false;
}

export interface Mrkdwn {
  readonly type: 'mrkdwn';
  readonly text: string;
  /** Always true: nothing in the text becomes a link or a mention by itself. */
  readonly verbatim: true;
}

export interface ConfirmDialog {
  readonly title: PlainText;
  readonly text: PlainText;
  readonly confirm: PlainText;
  readonly deny: PlainText;
  readonly style?: 'danger';
}

export interface Button {
  readonly type: 'button';
  readonly text: PlainText;
  readonly action_id: string;
  readonly value: string;
  readonly accessibility_label: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: ConfirmDialog;
}

/** A field of a form. https://docs.slack.dev/reference/block-kit/blocks/input-block */
export interface Input {
  readonly type: 'input';
  readonly block_id: string;
  readonly label: PlainText;
  readonly hint?: PlainText;
  readonly optional: boolean;
  readonly element:
    | {
        readonly type: 'datetimepicker';
        readonly action_id: string;
        /** Seconds since 1970. */
        readonly initial_date_time: number;
      }
    | { readonly type: 'users_select'; readonly action_id: string }
    | {
        readonly type: 'plain_text_input';
        readonly action_id: string;
        readonly max_length: number;
      };
}

/** A form over the conversation. https://docs.slack.dev/reference/views/modal-views */
export interface Modal {
  readonly type: 'modal';
  readonly callback_id: string;
  readonly private_metadata: string;
  readonly title: PlainText;
  readonly submit: PlainText;
  readonly close: PlainText;
  readonly blocks: (Extract<Block, { readonly type: 'section' }> | Input)[];
}

export type Block =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly text: PlainText | Mrkdwn }
  | { readonly type: 'section'; readonly fields: Mrkdwn[] }
  | { readonly type: 'context'; readonly elements: Mrkdwn[] }
  | { readonly type: 'actions'; readonly block_id: string; readonly elements: Button[] };

export interface SlackMessage {
  readonly text: string;
  readonly blocks: Block[];
}

/** Outside text as a plain_text object. */
export function plain(text: string, limit: number): PlainText {
  return { type: 'plain_text', text: plainText(text, limit), emoji: false };
}
