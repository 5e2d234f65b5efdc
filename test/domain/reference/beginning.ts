/** How a story begins: the claim as the machine opens it, and as the model expects it. */
import type { Rotation } from '../../../domain/case.ts';
import { plus } from '../../../domain/instant.ts';
import { opened } from '../../../domain/opening.ts';
import { openedNatively } from '../../../domain/opening-natively.ts';
import type { Policy } from '../../../domain/policy.ts';
import type { Hours } from '../../../domain/window.ts';
import {
  configFinding,
  issued,
  owner,
  policyWith,
  rotationId,
  staleKey,
  story as told,
} from '../../builders.ts';
import { ada, olu } from './people-here.ts';
import {
  day,
  hour,
  ms,
  type Nights,
  opening,
  type Rest,
  type Rules,
  type Story,
  unsaid,
} from './story.ts';

export interface Beginning {
  readonly how: 'replace' | 'retire' | 'retire, found off' | 'natively';
  readonly auto: boolean;
  readonly grace: number;
  readonly soak: number;
  readonly snoozeCap: number;
  readonly answerDays: number;
  readonly overlapLimitDays: number;
  readonly window: 'any time' | 'small hours' | 'midweek nights';
  readonly selfApproval: boolean;
  readonly exemptDays: number;
  readonly approvers: 'any' | 'Ada alone';
}

interface Windows {
  readonly hours: Hours;
  readonly nights: Nights;
}

const utc = { timeZone: 'UTC' };
const every = [1, 2, 3, 4, 5, 6, 7];
const midweek = [2, 3, 4];
const windows: Readonly<Record<'small hours' | 'midweek nights', Windows>> = {
  'small hours': {
    hours: { ...utc, days: every, from: '02:00', to: '05:00' },
    nights: { days: every, from: 2 * hour, to: 5 * hour },
  },
  'midweek nights': {
    hours: { ...utc, days: midweek, from: '22:00', to: '04:00' },
    nights: { days: midweek, from: 22 * hour, to: 4 * hour },
  },
};

export function rotationFrom(beginning: Beginning): Rotation {
  const facts = {
    id: rotationId,
    generation: 1,
    key: { ...staleKey, foundAs: isFoundOff(beginning) ? 'Inactive' : 'Active' },
    region: 'eu-west-1',
    owner,
    policy: policyFrom(beginning),
  } as const;
  if (beginning.how === 'natively') {
    const custody = { vault: 'secrets-manager', healthCheck: null, copies: [] } as const;
    return openedNatively({ ...facts, issued, custody }, told.opened).rotation;
  }
  const kind = beginning.how === 'replace' ? 'replace' : 'retire';
  return opened({ ...facts, kind, findings: [configFinding] }, told.opened).rotation;
}

const isFoundOff = ({ how }: Beginning) => how === 'retire, found off';

function policyFrom(beginning: Beginning): Policy {
  const { auto, grace, soak, snoozeCap, answerDays, overlapLimitDays, window } = beginning;
  return policyWith({
    mode: auto ? 'auto' : 'approve',
    graceHours: grace,
    soakHours: soak,
    snoozeCapHours: snoozeCap,
    answerDays,
    overlapLimitDays,
    window: window === 'any time' ? window : [windows[window].hours],
    selfApproval: beginning.selfApproval,
    exemptDays: beginning.exemptDays,
    approvers: beginning.approvers === 'any' ? 'any' : [ada],
  });
}

function rulesFrom(beginning: Beginning): Rules {
  const { window, approvers } = beginning;
  return {
    auto: beginning.auto,
    grace: beginning.grace * hour,
    soak: beginning.soak * hour,
    snoozeCap: beginning.snoozeCap * hour,
    answer: beginning.answerDays * day,
    overlapLimit: beginning.overlapLimitDays * day,
    nights: window === 'any time' ? null : windows[window].nights,
    selfApproval: beginning.selfApproval,
    exempt: beginning.exemptDays * day,
    approvers: approvers === 'any' ? null : [ada],
  };
}

/** An unused key gets its notice from the start; a new one can be issued when the window opens. */
export function storyFrom(beginning: Beginning): Story {
  const rules = rulesFrom(beginning);
  const now = ms(told.opened);
  const isNative = beginning.how === 'natively';
  const kind = beginning.how === 'replace' || isNative ? 'replace' : 'retire';
  const notice = kind === 'retire' || isNative ? rules.grace : 0;
  const due = opening(rules.nights, now + notice);
  const fresh: Rest = { since: now, due, ...unsaid, memory: null };
  return {
    id: rotationId,
    rules,
    kind,
    foundOff: isFoundOff(beginning),
    version: 1,
    shown: 1,
    snoozed: 0,
    findings: isNative ? {} : { [JSON.stringify(configFinding)]: 0 },
    where: isNative ? 'overlapping' : 'proposed',
    at: { proposed: fresh, overlapping: fresh, soaking: fresh },
    approved: rules.auto || isNative,
    answerBy: now + rules.answer,
    waitsFor: null,
    ring: null,
    files: null,
    attempts: 0,
    attempt: 0,
    triesLeft: 0,
    retryAt: null,
    seen: null,
    stood: null,
    soakStood: 'Active',
    run: null,
    hold: null,
    end: null,
    exemptUntil: null,
    owner: olu,
    isSure: true,
    gaveUp: [],
  };
}

export const firstMoment = plus(told.opened, { minutes: 1 });
