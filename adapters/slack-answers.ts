/**
 * Answers to people's questions as Slack messages, and as the Home tab. What others named – users,
 * owners – stands in code style; moments are in the reader's own zone. Nothing that somebody typed
 * is repeated, and there is nothing to press: buttons stand under a rotation's one message.
 */
import { type Answer, dueAhead, type Told } from '../domain/answer.ts';
import { deadlineOf } from '../domain/at-a-glance.ts';
import type { Rotation } from '../domain/case.ts';
import { type Instant, inUtcWords } from '../domain/instant.ts';
import { shortKey, userLabel } from '../domain/key.ts';
import { stageInWords } from '../domain/status-text.ts';
import { oneLine } from './cut-text.ts';
import { factBlocks, mrkdwn, ownerName, rotationSentence } from './slack-blocks.ts';
import { slackDate } from './slack-date.ts';
import { codeText, cutEscaped, escapeSlack, plainText } from './slack-escape.ts';
import { slackLimits } from './slack-limits.ts';
import { type Block, plain, type SlackMessage } from './slack-message.ts';

/** How much room outside text gets: ten rows stay far below what Slack takes in one message. */
const room = { user: 160, stage: 100, deadline: 100 } as const;

/** The answer, for the person who asked. */
export function answerMessage(answer: Answer, slackUserId: string): SlackMessage {
  switch (answer.to) {
    case 'stranger':
      return sentences(strangerLines(slackUserId));
    case 'help':
      return help(answer.problem);
    case 'mine':
    case 'due':
      return list(answer, leadingOf(answer));
    case 'status':
      return status(answer);
  }
}

/** The Home tab of a person: `answer` is to the question `mine`. */
export function homeBlocks(answer: Answer, slackUserId: string, now: Instant): readonly Block[] {
  return [
    { type: 'header', text: plain('My key rotations', slackLimits.header) },
    ...answerMessage(answer, slackUserId).blocks,
    {
      type: 'context',
      elements: [
        mrkdwn(`As of ${slackDate(now)}. To act on a rotation, press in its message. ${hint}`),
      ],
    },
  ];
}

const hint = 'More: `/keyturn help`';

function strangerLines(slackUserId: string): readonly string[] {
  return [
    'Keyturn does not know you: ask an admin to add you to its people and roles.',
    `Your Slack user id is ${slackUserId}.`,
  ];
}

function sentences(lines: readonly string[]): SlackMessage {
  return {
    text: plainText(lines.map(oneLine).join(' '), slackLimits.text),
    blocks: [{ type: 'section', text: plain(lines.map(oneLine).join('\n'), slackLimits.text) }],
  };
}

const usage = [
  ['/keyturn mine', 'the rotations of your keys'],
  ['/keyturn status KEY', 'how a key stands: its id, its last four characters, or a rotation id'],
  ['/keyturn due', `whose deadline comes within ${dueAhead.days} days`],
  ['/keyturn help', 'this'],
] as const;

function help(problem: string | undefined): SlackMessage {
  const leading = problem === undefined ? [] : [`Not understood: ${problem}.`];
  const plainly = usage.map(([command, what]) => `${command}: ${what}`).join('; ');
  const lines = usage.map(([command, what]) => `${codeText(command, 100)} ${what}`);
  return {
    text: plainText([...leading, `Ask: ${plainly}.`].join(' '), slackLimits.text),
    blocks: [
      ...leading.map((line): Block => ({ type: 'section', text: plain(line, 500) })),
      { type: 'section', text: mrkdwn(lines.join('\n')) },
    ],
  };
}

type List = Extract<Answer, { readonly to: 'mine' | 'due' }>;

function leadingOf(answer: List): string {
  const count = answer.told.length + answer.more;
  if (answer.to === 'mine') {
    return count === 0
      ? 'No key of yours is being rotated: there is nothing to do.'
      : `Of your keys ${are(count)} being rotated.`;
  }
  const whose = answer.own ? 'of your keys' : 'over all keys';
  const until = inUtcWords(answer.until);
  return count === 0
    ? `No deadline comes until ${until}, ${whose}.`
    : `Deadlines until ${until}, ${whose}: ${count}.`;
}

const are = (count: number) => (count === 1 ? 'one is' : `${count} are`);

function list(
  { told, more }: { readonly told: readonly Told[]; readonly more: number },
  leading: string,
  render = row,
): SlackMessage {
  const last = more === 0 ? [] : [`And ${more} more.`];
  const lines = told.map(({ rotation }) => plainLine(rotation));
  return {
    text: plainText([leading, ...lines, ...last].map(oneLine).join(' '), slackLimits.text),
    blocks: [
      { type: 'section', text: plain(leading, slackLimits.sectionText) },
      ...told.map((each): Block => ({ type: 'section', text: mrkdwn(render(each)) })),
      ...last.map((line): Block => ({ type: 'context', elements: [mrkdwn(line)] })),
    ],
  };
}

/** One rotation on a line, for those who hear it. */
function plainLine(rotation: Rotation): string {
  const { key } = rotation;
  const deadline = deadlineOf(rotation);
  const when = deadline === null ? '' : `; ${deadline.what} ${inUtcWords(deadline.at)}`;
  return `Key ${shortKey(key.keyId)} of ${userLabel(key.user)}: ${stageInWords(rotation)}${when}.`;
}

/** One rotation in a list: the key, the stage, the deadline, where its message is. */
export function row({ rotation, channel }: Told): string {
  const { key } = rotation;
  const deadline = deadlineOf(rotation);
  const stage = cutEscaped(escapeSlack(stageInWords(rotation)), room.stage);
  const name = codeText(userLabel(key.user), room.user);
  return [
    `*${stage}*: ${codeText(shortKey(key.keyId), 20)} of ${name}`,
    deadline === null
      ? 'No deadline runs'
      : `${cutEscaped(escapeSlack(deadline.what), room.deadline)} ${slackDate(deadline.at)}`,
    `Owner: ${ownerName(rotation)}${pointer(channel)}`,
  ].join('\n');
}

function withId(told: Told): string {
  return `${row(told)}\nRotation ${codeText(told.rotation.id, 100)}`;
}

/** Where the rotation's message is; nothing if none was posted yet. */
function pointer(channel: string | undefined): string {
  const isChannel = channel !== undefined && /^[CDG][A-Z0-9]{2,30}$/u.test(channel);
  return isChannel ? `. Message: <#${channel}>` : '';
}

function status(answer: Extract<Answer, { readonly to: 'status' }>): SlackMessage {
  const [first, ...others] = answer.told;
  if (first === undefined) {
    return sentences(['No rotation of such a key is there, or none that you may see.']);
  }
  if (others.length > 0) {
    const count = answer.told.length + answer.more;
    const which = `${count} rotations are meant. Ask by the id of one, or by a key's whole id.`;
    return list(answer, which, withId);
  }
  const { rotation, channel } = first;
  const where = pointer(channel).replace('. ', '');
  const context = [`Rotation ${codeText(rotation.id, 100)}`, ...(where === '' ? [] : [where])];
  return {
    text: rotationSentence(rotation),
    blocks: [...factBlocks(rotation), { type: 'context', elements: context.map(mrkdwn) }],
  };
}
