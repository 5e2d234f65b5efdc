/**
 * What is shown of a rotation, with hostile text wherever text comes from outside: names, tags,
 * user agents, addresses, errors, ARNs. In Slack, on a pager, in a mail, a log, a terminal it stays
 * text, fits, and changes nothing of what stands around it.
 */
import fc from 'fast-check';
import { consoleLog } from '../../../adapters/console-log.ts';
import { pagerDutyAlerts } from '../../../adapters/pagerduty-alerts.ts';
import { newsMessage, rotationMessage } from '../../../adapters/slack-blocks.ts';
import { slackLimits } from '../../../adapters/slack-limits.ts';
import type { SlackMessage } from '../../../adapters/slack-message.ts';
import { cell, visible, wrapped } from '../../../commands/terminal-text.ts';
import type { Rotation } from '../../../domain/case.ts';
import { instant } from '../../../domain/instant.ts';
import { wholeSentence } from '../../../domain/status-text.ts';
import { rule } from '../../slack-rules.ts';
import { anyNumber } from '../bites.ts';
import { chosen } from '../examples.ts';
import {
  type Injections,
  injecting,
  someInjections,
  toldInjections,
  withOutside,
} from '../outside-texts.ts';
import { playedRotations } from '../played-rotations.ts';
import { type CameTo, must, type Shape, shapeOf } from '../shape.ts';

interface Given {
  readonly rotation: number;
  readonly texts: Injections;
}

const now = instant('2026-11-06T12:00:00Z');

export const shownShape: Shape = shapeOf<Given>({
  name: 'what people are shown',
  share: 60,
  cases: fc.record({ rotation: anyNumber, texts: someInjections }),
  check: checkShown,
  tell: ({ rotation, texts }) => `rotation ${rotation}: ${toldInjections(texts)}`,
});

async function checkShown({ rotation: which, texts }: Given): Promise<CameTo> {
  const plain = chosen(await playedRotations(), which);
  const hostile = withOutside(plain, injecting(texts));
  mustBeSlacks(rotationMessage(hostile, now), rotationMessage(plain, now));
  mustBeSlacks(newsMessage(wholeSentence(hostile)), newsMessage(wholeSentence(plain)));
  await mustBePagers(hostile);
  mustBeLines(hostile);
  return hostile.stage.name;
}

interface Texts {
  readonly mrkdwn: readonly string[];
  readonly plain: readonly string[];
}

function textsIn(message: SlackMessage): Texts {
  const mrkdwn: string[] = [];
  const plain: string[] = [message.text];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { type, text } = value as { readonly type?: unknown; readonly text?: unknown };
    if (typeof text === 'string') (type === 'mrkdwn' ? mrkdwn : plain).push(text);
    for (const each of Object.values(value)) visit(each);
  };
  visit(message.blocks);
  return { mrkdwn, plain };
}

/** In code style nothing is formatted; a link to the console may go when its ARN is none. */
const withoutCode = (text: string) =>
  text
    .replaceAll(/`[^`\n]*`/gu, '')
    .replaceAll(/<https:\/\/[a-z0-9.-]*\.(?:aws\.amazon\.com)\/[^<>|]*\|[^<>|]*>\n?/gu, '')
    .trim();

const entities = /&(?:amp|lt|gt);/gu;

function mustBeSlacks(message: SlackMessage, benign: SlackMessage): void {
  const { mrkdwn, plain } = textsIn(message);
  const others = textsIn(benign).mrkdwn;
  must(mrkdwn.length === others.length, 'no block comes or goes', message.blocks);
  for (const [index, text] of mrkdwn.entries()) {
    const [shown, wanted] = [withoutCode(text), withoutCode(others[index] ?? '')];
    must(shown === wanted, `mrkdwn around outside text stays "${wanted}"`, shown);
  }
  for (const text of plain) {
    must(!/[<>]/.test(text), 'what Slack parses is escaped', text);
    must(!text.replaceAll(entities, '').includes('&'), 'an ampersand is escaped', text);
    must(text.isWellFormed() && !/[\u202A-\u202E\u2066-\u2069]/u.test(text), 'nothing turns', text);
  }
  must(message.text.length <= slackLimits.text, 'the text fits', message.text.length);
  const ruling = rule(JSON.stringify(message.blocks));
  must(ruling.ok, 'Slack takes the blocks', ruling);
}

async function mustBePagers(rotation: Rotation): Promise<void> {
  const bodies: string[] = [];
  const pager = pagerDutyAlerts({
    routingKey: async () => 'hostile'.padEnd(32, '0'),
    fetch: async (_url, { body }) => {
      bodies.push(body);
      return { status: 202, text: async () => '' };
    },
  });
  const summary = wholeSentence(rotation);
  await pager.trigger({ dedupKey: 'rot/x/held', summary, severity: 'warning', rotation });
  const [body = ''] = bodies;
  const { payload, links = [] } = JSON.parse(body);
  must(payload.summary.length <= 1024, 'a summary fits', payload.summary.length);
  for (const text of [payload.summary, payload.source, ...Object.values(payload.custom_details)]) {
    must(typeof text === 'string' && text.length <= 1024, 'a page is short', text);
    must(!/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E]/u.test(text), 'a page is one line', text);
  }
  for (const { href } of links) {
    must(/^https:\/\/[a-z0-9-]+\.console\.aws\.amazon\.com\/[!-~]*$/.test(href), 'a link', href);
  }
}

/** What a terminal obeys, or what begins a line of its own. */
const obeyed = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;

function mustBeLines(rotation: Rotation): void {
  const lines: string[] = [];
  const log = consoleLog((line) => lines.push(line));
  const text = wholeSentence(rotation);
  const { userName } = rotation.key.user;
  log.error(text, { userName, reason: text, error: new Error(text) });
  const [line = ''] = lines;
  must(!obeyed.test(line), 'a log line is one line of text', line);
  must(JSON.parse(line).userName === userName, 'a log says what there was', line);
  must([...cell(userName, 27)].length <= 27, 'a cell is so wide', cell(userName, 27));
  for (const shown of [visible(text), cell(userName, 27), ...wrapped(text, '  ', 60)]) {
    must(!obeyed.test(shown), 'a terminal shows text', shown);
  }
}
