/**
 * Every situation that a rotation's message can show: each stage of both kinds, and each reason for
 * being on hold at each place where a rotation can be held, with each standing of the old key. The
 * types see to it that no stage, reason or outcome is left out.
 */
import type { Rotation } from '../../domain/case.ts';
import { type Instant, plus } from '../../domain/instant.ts';
import type { HoldCode, Outcome, Paused, StageName } from '../../domain/stage.ts';
import {
  deactivating,
  deleting,
  done,
  held,
  issuing,
  overlapping,
  proposed,
  restoring,
  retirement,
  rotationAt,
  soaking,
  story,
} from '../builders.ts';

export interface Situation {
  readonly name: string;
  readonly rotation: Rotation;
  readonly now: Instant;
}

const asked = { approval: { given: false } } as const;

type Kind = Rotation['kind'];
type Stages = Readonly<Record<StageName, Readonly<Partial<Record<Kind, Rotation['stage']>>>>>;

/** What a stage is on its way to: an unused key is never issued a new one. */
const stages: Stages = {
  proposed: { replace: proposed(), retire: retirement(asked) },
  issuing: { replace: issuing() },
  overlapping: { replace: overlapping() },
  deactivating: { replace: deactivating(), retire: deactivating({ before: retirement() }) },
  soaking: { replace: soaking(), retire: soaking({ before: retirement() }) },
  deleting: {
    replace: deleting(),
    retire: deleting({ soak: soaking({ before: retirement() }) }),
  },
  restoring: {
    replace: restoring(),
    retire: restoring({ from: soaking({ before: retirement() }) }),
  },
  held: { replace: held(), retire: held({ kept: retirement() }) },
  done: { replace: done(), retire: done({ outcome: 'retired', newKeyId: null }) },
};

const kinds = ['replace', 'retire'] as const;

export const atEveryStage: readonly Situation[] = Object.entries(stages).flatMap(([name, byKind]) =>
  kinds.flatMap((kind) => {
    const stage = byKind[kind];
    const now = plus(story.issued, { hours: 12 });
    return stage === undefined
      ? []
      : [{ name: `${kind}, ${name}`, rotation: rotationAt(stage, { kind }), now }];
  }),
);

const outcomes: Readonly<Record<Outcome, readonly string[]>> = {
  rotated: [],
  retired: [],
  'already gone': ['the new key …MPLE is in the secret'],
  exempt: ['old key …MPLE is Active'],
  abandoned: ['old key …MPLE is Active', 'new key …MPLE is Active'],
};

export const atEveryEnd: readonly Situation[] = (Object.keys(outcomes) as Outcome[]).map(
  (outcome) => {
    const stage = done({ outcome, remaining: outcomes[outcome] });
    const kind = outcome === 'retired' ? ('retire' as const) : ('replace' as const);
    return { name: outcome, rotation: rotationAt(stage, { kind }), now: story.deleted };
  },
);

/** In the words of the machine, as it says them of such a case. */
const reasons: Readonly<Record<HoldCode, string>> = {
  paused: 'Paused by Ada Approver. Both keys work; resume it to go on.',
  unanswered: 'Nobody answered within 7 days. Approve or abandon it.',
  'not begun': 'The run was ordered and did not begin within an hour. Resume to try again.',
  'no room': 'The user has two keys, and neither is unused. Delete one, then resume.',
  'issue failed':
    'No new key could be issued: the secret is scheduled for deletion. Mend it, then resume.',
  'not picked up':
    'The new key was not used yet. Change over to the secret and resume, or attest that nothing ' +
    'needs the key.',
  'still in use':
    'The old key is in use: S3 in eu-west-1 from 203.0.113.7 with aws-cli/2.15 at ' +
    '2026-11-04 10:00 UTC. Change over to the secret, then resume.',
  'evidence incomplete':
    'CloudTrail of eu-west-1 could not be read. Resume to look again, or have an admin force it.',
  'overlap too long': 'Both keys have worked for 30 days. Change over to the secret, then resume.',
  'runbook refused': 'The runbook refused: the old key is in use. Resume to look again.',
  'runbook failed': 'The runbook failed: AccessDenied. Look at the key, then resume or roll back.',
  reactivated: 'Somebody switched the old key on again. Find out who needs it, then resume.',
  'changed outside': 'The old key is Inactive, not by Keyturn. Look at the user and its secret.',
  'rolled back': 'Noor Admin pressed Roll back. The old key is Active again: resume it to go on.',
  'restore failed':
    'The old key could not be switched on again: AccessDenied. Roll back once more.',
};

const places: readonly (readonly [string, Kind, Paused])[] = [
  ['proposed', 'replace', proposed()],
  ['overlapping', 'replace', overlapping()],
  ['soaking', 'replace', soaking()],
  ['proposed', 'retire', retirement()],
  ['soaking', 'retire', soaking({ before: retirement() })],
];

const standings = ['Active', 'Inactive', 'unknown'] as const;

/** Held at one place, with one standing of the old key, for every reason. */
export const heldEverywhere: readonly {
  readonly where: string;
  readonly forEach: readonly (Situation & { readonly code: HoldCode })[];
}[] = places.flatMap(([place, kind, kept]) =>
  standings.map((oldKey) => ({
    where: `${kind}, held at ${place}, old key ${oldKey}`,
    forEach: (Object.keys(reasons) as HoldCode[]).map((code) => {
      const stage = held({ kept, oldKey, reason: { code, text: reasons[code] } });
      const name = `${kind}, held at ${place}, old key ${oldKey}: ${code}`;
      return { name, code, rotation: rotationAt(stage, { kind }), now: story.deactivateAt };
    }),
  })),
);
