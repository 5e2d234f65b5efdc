/**
 * What becomes of a genuine press on a button. Whoever pressed in vain hears why, and the message
 * is shown anew: never silence.
 */
import { Bug } from '../domain/errors.ts';
import { pressName } from '../domain/press.ts';
import type { SentPress } from '../domain/requests.ts';
import { count, isStale, lookUp } from './count-press.ts';
import { answer, type Desk, type Receipt, showAnew, tell, undecided } from './desk.ts';

/** Throws only what is a Bug: any other failure is logged, and told to whoever pressed. */
export async function receivePress(desk: Desk, sent: SentPress): Promise<Receipt> {
  const name = pressName(sent.press);
  try {
    return await decideOn(desk, sent, name);
  } catch (error) {
    if (error instanceof Bug) throw error;
    await tell(desk, [answer(desk, sent, name, undecided(desk, sent, name, error))]);
    return 'heard';
  }
}

async function decideOn(desk: Desk, sent: SentPress, name: string): Promise<Receipt> {
  const before = await lookUp(desk, sent);
  if (before === undefined) {
    await tell(desk, [answer(desk, sent, name, 'Keyturn has no such rotation.')]);
    return 'heard';
  }
  const { rotation, refusal, ignored } = await count(desk, sent, sent.press, before);
  if (refusal?.about === 'origin') return 'refused';
  const why = refusal?.why ?? ignored;
  const isShown = refusal === undefined || isStale(refusal);
  await tell(desk, [
    ...(why === undefined ? [] : [answer(desk, sent, name, why)]),
    ...(isShown ? [showAnew(desk, before.place, rotation, before.now)] : []),
  ]);
  return 'heard';
}
