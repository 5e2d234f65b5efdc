/**
 * What becomes of a genuine inquiry from Slack. Only the configured workspace is answered, and each
 * person by the explicit mapping of people. It reads and tells; it changes nothing.
 */
import type { Answer } from '../domain/answer.ts';
import { messageOf, Transient } from '../domain/errors.ts';
import type { Inquiry } from '../domain/inquiry.ts';
import type { Instant } from '../domain/instant.ts';
import type { Log } from '../domain/ports.ts';
import { questionIn } from '../domain/question.ts';
import { type AnswerDeps, answerTo } from './answer-question.ts';

export interface InquiryDesk extends AnswerDeps {
  /** Who is answered. Without an app id, every app that signs with our secret is ours. */
  readonly slack: { readonly appId?: string; readonly teamId: string };
  /** Writes a person's Home tab. Throws Transient or Permanent. */
  readonly publishHome: (slackUserId: string, answer: Answer, now: Instant) => Promise<void>;
  readonly log: Log;
  /** Slack wants an answer within 3 s: a command that takes longer is told to be asked again. */
  readonly patienceMillis?: number;
}

export type InquiryReceipt =
  | { readonly came: 'answered'; readonly answer: Answer }
  | { readonly came: 'challenged'; readonly challenge: string }
  /** Nothing to say: a Home tab is published, or nothing was asked. */
  | { readonly came: 'heard' }
  /** From another app or workspace. */
  | { readonly came: 'refused' }
  /** The records, or Slack, could not be reached in time. Slack sends an event again. */
  | { readonly came: 'failed'; readonly mayPass: boolean };

export async function receiveInquiry(desk: InquiryDesk, inquiry: Inquiry): Promise<InquiryReceipt> {
  if (inquiry.kind === 'nothing') return { came: 'heard' };
  if (inquiry.kind === 'challenge') return { came: 'challenged', challenge: inquiry.challenge };
  const { slack } = desk;
  const isOurs =
    inquiry.teamId === slack.teamId && (slack.appId === undefined || slack.appId === inquiry.appId);
  if (!isOurs) {
    desk.log.error('somebody asked from another Slack app or workspace', { kind: inquiry.kind });
    return { came: 'refused' };
  }
  try {
    return await inTime(desk, deal(desk, inquiry));
  } catch (error) {
    desk.log.error('a question could not be answered', {
      kind: inquiry.kind,
      problem: messageOf(error),
    });
    return { came: 'failed', mayPass: error instanceof Transient };
  }
}

type Asking = Extract<Inquiry, { readonly slackUserId: string }>;

async function deal(desk: InquiryDesk, inquiry: Asking): Promise<InquiryReceipt> {
  const { slackUserId } = inquiry;
  if (inquiry.kind === 'command') {
    const answer = await answerTo(desk, slackUserId, questionIn(inquiry.typed));
    return { came: 'answered', answer };
  }
  const answer = await answerTo(desk, slackUserId, { about: 'mine' });
  await desk.publishHome(slackUserId, answer, desk.clock.now());
  return { came: 'heard' };
}

async function inTime<T>({ patienceMillis = 2200 }: InquiryDesk, deed: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Transient(`no answer within ${patienceMillis} ms: Slack waits no longer`)),
      patienceMillis,
    );
  });
  try {
    return await Promise.race([deed, enough]);
  } finally {
    clearTimeout(timer);
  }
}
