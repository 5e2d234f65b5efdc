/** What a story with a fault, or a press, comes to: what did not hold, and what was not reached. */
import { summaryOf } from '../simulation/summary.ts';
import type { ExactFault } from './exact-strikes.ts';
import { faultNames } from './fault-names.ts';
import { type Pressing, pressingName } from './pressing.ts';
import type { ToldStory } from './tell-story.ts';

export interface Violation {
  readonly story: string;
  /** As `--fault` or `--press` takes it. */
  readonly fault: string;
  readonly invariant: string;
  /** What happened, line by line, to the violation. */
  readonly told: string;
}

/** A fault without a difference, a press that nobody can make, another end that is right: why. */
export interface Skipped {
  readonly what: string;
  readonly why: string;
}

export interface Verdict {
  readonly violations: readonly Violation[];
  readonly skipped: readonly Skipped[];
}

/** `end` is how the story ends without faults. */
export function verdictOnFaults(
  story: string,
  faults: readonly ExactFault[],
  end: string,
  told: ToldStory,
): Verdict {
  const fault = faultNames(faults);
  const violation = (invariant: string, problem: string) => ({
    ...{ story, fault, invariant },
    told: problem,
  });
  const excused = excuseOf(faults, end, told);
  const [missed] = told.missed;
  const effect = missed === undefined ? '' : (told.points[missed.index]?.effect ?? 'nothing');
  const why = missed === undefined ? undefined : whyMissed(missed);
  return {
    violations: [
      ...brokenIn(story, fault, told),
      ...(missed !== undefined && why === undefined
        ? [violation('reached', `${missed.kind} × ${effect} did not strike at ${missed.index}`)]
        : []),
      ...(isSameEnd(told.end, end) || excused !== undefined
        ? []
        : [violation('end', `${told.end}; without: ${end}`)]),
    ],
    skipped: [
      ...(missed === undefined || why === undefined
        ? []
        : [{ what: `${missed.kind} × ${effect}`, why }]),
      ...(excused === undefined ? [] : [excused]),
    ],
  };
}

/**
 * Another end that is right. Unknown is never unused: where nobody could read who uses a key when
 * it was claimed, it is replaced and not retired, and people are asked.
 */
function excuseOf(faults: readonly ExactFault[], end: string, told: ToldStory) {
  const read = faults.find(({ kind }) => kind === 'refused' || kind === 'throttled');
  if (read === undefined || !end.includes('retire') || told.end.includes('retire'))
    return undefined;
  const effect = told.points[read.index]?.effect ?? 'nothing';
  const why = 'who uses the key could not be read when it was claimed: it is replaced, not retired';
  return { what: `${read.kind} × ${effect}`, why };
}

/** Faults that cannot make a difference everywhere. Any other has to strike where it is planned. */
function whyMissed({ kind }: ExactFault): string | undefined {
  switch (kind) {
    case 'stale':
      return 'what was answered a little earlier is what is answered now';
    case 'cancelled':
    case 'timed out':
      return 'the run had ended by then';
    default:
      return undefined;
  }
}

/**
 * A run that is cut right after it has deleted the key tells nobody, so the key is found gone: the
 * rotation is done all the same.
 */
function isSameEnd(one: string, other: string): boolean {
  const outcome = / done (?:rotated|retired|already gone)/g;
  return one.replaceAll(outcome, ' done') === other.replaceAll(outcome, ' done');
}

/** `end` is how the story ends if nobody presses. */
export function verdictOnPress(
  story: string,
  pressing: Pressing,
  end: string,
  told: ToldStory,
): Verdict {
  const fault = pressingName(pressing);
  const { unpressed } = told;
  const isUnreached = unpressed === 'the point never came';
  const hasMoved = !hasCounted(pressing, told) && told.end !== end;
  return {
    violations: [
      ...brokenIn(story, fault, told),
      ...(isUnreached ? [{ story, fault, invariant: 'reached', told: unpressed }] : []),
      ...(hasMoved
        ? [{ story, fault, invariant: 'end', told: `${told.end}; without: ${end}` }]
        : []),
    ],
    skipped:
      unpressed === undefined || isUnreached
        ? []
        : [{ what: `${pressing.action} ${pressing.moment}`, why: unpressed }],
  };
}

/** Whether a press has come to anything. One that has not leaves everything as it is. */
function hasCounted({ action, slackUserId }: Pressing, { ledger }: ToldStory): boolean {
  const actions = [action, action.replace(/^keyturn:form:/, 'filled:')];
  return [...ledger.presses.values()].some(
    (press) =>
      press.changes > 0 && actions.includes(press.action) && press.slackUserId === slackUserId,
  );
}

function brokenIn(story: string, fault: string, told: ToldStory): readonly Violation[] {
  return summaryOf(told).violations.map((each) => ({
    ...{ story, fault, invariant: each.invariant },
    told: each.story,
  }));
}
