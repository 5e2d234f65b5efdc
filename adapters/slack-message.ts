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
