/**
 * What IAM user tags do to a policy. Whoever may tag a user must not be able to exempt it or to
 * loosen anything, so that a tag only ever tightens; whatever else it asks for is ignored, and
 * said.
 *
 *   keyturn:mode         `approve` turns mode auto into approve
 *   keyturn:grace-hours  a whole number from 24 up to what the policy has
 *   keyturn:window       further hours that must be open as well
 */
import type { Instant } from './instant.ts';
import { type Policy, policyBounds } from './policy.ts';
import { longestClosedDays, opensOften, type Window, windowProblem } from './window.ts';
import { parseHours } from './window-text.ts';

export type Tags = Readonly<Record<string, string>>;

export interface Tightened {
  readonly policy: Policy;
  /** The tag that tightened each field. */
  readonly by: Readonly<Partial<Record<keyof Policy, string>>>;
  /** Tags that were ignored, and why. */
  readonly notes: readonly string[];
}

const prefix = 'keyturn:';

/** Tags that say something of the user and ask for nothing. */
const informative = ['owner', 'team', 'application', 'environment'];

/** AWS cuts tag values at 256 characters; anything longer is not from AWS. */
const longestValue = 256;

type Answer =
  | { readonly field: 'mode' | 'graceHours' | 'window'; readonly policy: Policy }
  | { readonly note: string }
  | 'as it is';

type Ask = (policy: Policy, value: string, now: Instant) => Answer;

const asks: ReadonlyMap<string, Ask> = new Map([
  [`${prefix}mode`, askMode],
  [`${prefix}grace-hours`, askGrace],
  [`${prefix}window`, askWindow],
]);

/** The policy, never looser, with the tags heeded that tighten it. */
export function tightened(policy: Policy, tags: Tags, now: Instant): Tightened {
  let current = policy;
  const by: Partial<Record<keyof Policy, string>> = {};
  const notes: string[] = [];
  for (const tag of Object.keys(tags).toSorted()) {
    if (!tag.toLowerCase().startsWith(prefix)) continue;
    const value = tags[tag];
    const said = `tag ${shown(tag)} is ${shown(value)}`;
    const answer = answerTo(current, tag, value, now);
    if (answer === 'as it is') continue;
    if ('note' in answer) {
      notes.push(`${said}: ignored, ${answer.note}`);
    } else {
      current = answer.policy;
      by[answer.field] = tag;
    }
  }
  return { policy: current, by, notes };
}

function answerTo(policy: Policy, tag: string, value: unknown, now: Instant): Answer {
  if (informative.includes(tag.slice(prefix.length)) && tag.startsWith(prefix)) return 'as it is';
  const ask = asks.get(tag);
  if (ask === undefined) return { note: 'Keyturn knows no such tag' };
  if (typeof value !== 'string' || value.length > longestValue) {
    return { note: 'it is no value that AWS allows' };
  }
  return ask(policy, value, now);
}

function askMode(policy: Policy, value: string): Answer {
  if (value === policy.mode) return 'as it is';
  return value === 'approve' && policy.mode === 'auto'
    ? { field: 'mode', policy: { ...policy, mode: 'approve' } }
    : { note: `it can only turn auto into approve, and the mode is ${policy.mode}` };
}

function askGrace(policy: Policy, value: string): Answer {
  const [least] = policyBounds.graceHours;
  const hours = /^\d{1,2}$/.test(value) ? Number(value) : Number.NaN;
  if (hours === policy.graceHours) return 'as it is';
  return hours >= least && hours < policy.graceHours
    ? { field: 'graceHours', policy: { ...policy, graceHours: hours } }
    : { note: `it can only be a whole number from ${least} to ${policy.graceHours}` };
}

function askWindow(policy: Policy, value: string, now: Instant): Answer {
  const hours = parseHours(value);
  if (hours === undefined) {
    return { note: 'it should be like mon-fri 02:00-05:00 Europe/Berlin' };
  }
  const problem = windowProblem([hours]);
  if (problem !== undefined) return { note: problem.replace(/^policy\./, 'its ') };
  const window: Window = policy.window === 'any time' ? [hours] : [...policy.window, hours];
  if (!opensOften(window, now)) {
    return {
      note: `with the window of the policy it would stay closed over ${longestClosedDays} days`,
    };
  }
  return { field: 'window', policy: { ...policy, window } };
}

/** Tags are hostile: short, quoted, and nothing in them that a terminal or a log would obey. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : typeof value;
  const plain = text.slice(0, 60).replace(/[^\x20-\x7e]/g, '?');
  return `"${plain}${text.length > 60 ? '…' : ''}"`;
}
