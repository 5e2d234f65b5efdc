/** A journal entry in words: who did what when, where it led, and why. */
import { unreachable } from './errors.ts';
import { describeUse, type Evidence } from './evidence.ts';
import { inFiles } from './found-in-files.ts';
import { answerInWords } from './incident.ts';
import { type Instant, inUtcWords } from './instant.ts';
import type { JournalEntry } from './journal.ts';
import { shortKey } from './key.ts';
import { actorName } from './people.ts';

export interface EntryText {
  readonly version: number;
  readonly at: Instant;
  readonly who: string;
  readonly what: string;
  /** `issuing → overlapping`; null where it stayed. */
  readonly move: string | null;
  /** Whole sentences or, of a problem, what was said; outside text stands in them as it came. */
  readonly why: readonly string[];
}

export function entryText(entry: JournalEntry): EntryText {
  const { version, at, actor, from, to, ignored, state, effects } = entry;
  const { what, why } = toldBy(entry.event);
  const held = to === 'held' && state.stage.name === 'held' ? [state.stage.reason.text] : [];
  const news = effects.flatMap(({ effect }) => {
    if (effect.type === 'page') return [`Paged: ${effect.summary}`];
    return effect.type === 'update message' && effect.news !== null ? [effect.news] : [];
  });
  const remaining = state.stage.name === 'done' && from !== to ? state.stage.remaining : [];
  return {
    version,
    at,
    who: actor.kind === 'person' ? `${actorName(actor)} (${actor.id})` : actorName(actor),
    what: ignored === null ? what : `${what}: changed nothing`,
    move: from === to ? null : `${from ?? 'nothing'} → ${to}`,
    why: [
      ...new Set([
        ...(ignored === null ? [] : [`Because ${ignored}.`]),
        ...why,
        ...(from === to ? [] : held),
        ...news,
        ...remaining,
      ]),
    ],
  };
}

interface Told {
  readonly what: string;
  readonly why: readonly string[];
}

const told = (what: string, ...why: readonly string[]): Told => ({ what, why });

function toldBy(event: JournalEntry['event']): Told {
  switch (event.type) {
    case 'opened':
      return told('claimed the key');
    case 'finding reported':
      return told(`a finding reported the user (${event.finding.source})`);
    case 'admitted':
      return told('there was room for a run');
    case 'deadline passed':
      return told('a deadline passed');
    case 'evidence gathered':
      return told(
        `looked at who uses which key: ${event.evidence.verdict}`,
        ...seen(event.evidence),
      );
    case 'run started':
      return told(`runbook run ${event.executionId} started`);
    case 'run still going':
      return told(`runbook run ${event.executionId} is under way`);
    case 'run not started':
      return told('a runbook run was not started', event.problem);
    case 'run finished':
      return told(
        `runbook run ${event.executionId} ended: ${event.result.status}`,
        ...('problem' in event.result ? [event.result.problem] : []),
      );
    case 'run withdrawn':
      return told('the order to start a run was withdrawn', event.why);
    case 'key gone':
      return told(`the ${event.what} is gone`);
    case 'room awaited':
      return told(`waits for unused key ${shortKey(event.spare.keyId)} of the user to be retired`);
    case 'no room':
      return told('there is no room for a new key', event.problem);
    case 'crowded':
      return told('no run has room now');
    case 'ring closed':
      return told('its ring of the roll-out is closed', event.why);
    case 'found in files':
      return told('the key was found in files', inFiles(event.found));
    case 'exempted':
      return told('the policy exempts the user', event.why);
    case 'issued natively':
      return told('Secrets Manager rotated the secret itself');
    case 'look failed':
      return told('could not look into the account', event.problem);
    default:
      return pressed(event);
  }
}

type Press = Extract<JournalEntry['event'], { readonly by: unknown }>;

function pressed(event: Press): Told {
  switch (event.type) {
    case 'snoozed':
      return told(`snoozed it for ${event.hours} hours`);
    case 'snoozed until':
      return told(`snoozed it until ${inUtcWords(event.until)}`);
    case 'reassigned':
      return told(event.owner.known ? `named ${event.owner.name} as the owner` : 'named no owner');
    case 'key exempted':
      return told(`exempted the key until ${inUtcWords(event.until)}`, event.reason);
    case 'attested':
      return told('attested that nothing needs the old key');
    case 'rolled back':
      return told('had the old key switched on again');
    case 'press refused':
      return told(`pressed ${event.press}, which was refused`, event.why);
    case 'incident answered':
      return told(answerInWords(event.about, event));
    case 'approved':
    case 'paused':
    case 'resumed':
    case 'forced':
    case 'abandoned':
      return told(`${event.type} it`);
    default:
      return unreachable(event);
  }
}

function seen(evidence: Evidence): readonly string[] {
  const { uses, pickup } = evidence;
  const [latest] = uses;
  return [
    ...(evidence.verdict === 'safe' && evidence.basis !== 'evidence'
      ? [`A person answers for it: ${evidence.basis}.`]
      : []),
    ...(latest === undefined ? [] : [`Latest use of the old key: ${describeUse(latest)}.`]),
    ...(pickup.seen ? [`Use of the new key: ${describeUse(pickup.by)}.`] : []),
    ...(evidence.verdict === 'unknown' ? evidence.gaps.map(({ problem }) => problem) : []),
  ];
}
