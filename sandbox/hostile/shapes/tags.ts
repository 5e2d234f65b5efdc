/**
 * Tags of IAM users, as whoever may tag a user writes them: no tag loosens a policy, makes anybody
 * an owner who is not in the configuration, or puts into a note what a terminal would obey.
 */
import fc from 'fast-check';
import { instant } from '../../../domain/instant.ts';
import type { IamUser } from '../../../domain/key.ts';
import { ownerOf } from '../../../domain/owner.ts';
import { defaultPolicy, type Mode, type Policy } from '../../../domain/policy.ts';
import { tightened } from '../../../domain/policy-tags.ts';
import { people } from '../../settings.ts';
import { anyNumber, type Bite, bitten, someBites } from '../bites.ts';
import { chosen } from '../examples.ts';
import { hostileTexts } from '../hostile-texts.ts';
import { type CameTo, must, type Shape, shapeOf } from '../shape.ts';

const now = instant('2026-11-02T10:00:00Z');
const night = [{ days: [2, 3, 4], from: '02:00', to: '05:00', timeZone: 'Europe/Berlin' }] as const;

const policies: readonly Policy[] = [
  { ...defaultPolicy, mode: 'auto' },
  { ...defaultPolicy, mode: 'auto', graceHours: 30, window: night },
  defaultPolicy,
  { ...defaultPolicy, mode: 'observe' },
];

const names = ['owner', 'team', 'mode', 'grace-hours', 'window', 'exempt', 'driver', 'Mode'];

const values: readonly string[] = [
  'approve',
  'auto',
  'observe',
  'exempt',
  '24',
  '36',
  '48',
  '47.5',
  '1e1',
  '-24',
  '٢٤',
  'mon-fri 02:00-05:00 Europe/Berlin',
  'daily 00:00-24:00 UTC',
  'mon 02:00-02:01 Asia/Kathmandu',
  'sun 25:00-26:00 UTC',
  'daily 01:00-02:00 ../../etc',
  'any time',
  'U0SAM',
  'U0MALLORY',
  'Ada Approver',
  ...hostileTexts,
];

interface Given {
  readonly policy: number;
  readonly tags: readonly (readonly [number, number])[];
  readonly bites: readonly Bite[];
}

export const tagShape: Shape = shapeOf<Given>({
  name: 'tags of a user',
  share: 70,
  cases: fc.record({
    policy: anyNumber,
    tags: fc.array(fc.tuple(anyNumber, anyNumber), { minLength: 1, maxLength: 4 }),
    bites: fc.oneof(fc.constant<readonly Bite[]>([]), someBites),
  }),
  check: (given) => checkTags(chosen(policies, given.policy), tagsOf(given)),
  tell: (given) => JSON.stringify(tagsOf(given)),
});

/** As IAM gives them: texts by name, in whatever order, `__proto__` a name like any other. */
function tagsOf({ tags, bites }: Given): Readonly<Record<string, string>> {
  const plain = tags.map(([name, value]) => [
    `keyturn:${chosen(names, name)}`,
    chosen(values, value),
  ]);
  const { value } = bitten(Object.fromEntries(plain), bites);
  const all = Object.entries(typeof value === 'object' && value !== null ? value : {});
  return Object.fromEntries(all.filter(([, each]) => typeof each === 'string'));
}

const strictness: readonly Mode[] = ['observe', 'approve', 'auto'];

function checkTags(before: Policy, tags: Readonly<Record<string, string>>): CameTo {
  const { policy, by, notes } = tightened(before, tags, now);
  const { mode, graceHours, window, ...rest } = policy;
  const { mode: m, graceHours: g, window: w, ...restBefore } = before;
  must(JSON.stringify(rest) === JSON.stringify(restBefore), 'tags change no other field', policy);
  must(strictness.indexOf(mode) <= strictness.indexOf(m), 'no tag loosens the mode', policy);
  must(mode === m || (m === 'auto' && mode === 'approve'), 'auto becomes approve alone', policy);
  must(graceHours >= 24 && graceHours <= g && Number.isInteger(graceHours), 'grace', policy);
  const kept = w === 'any time' ? [] : w;
  const now_ = window === 'any time' ? [] : window;
  must(
    kept.every((each, index) => JSON.stringify(now_[index]) === JSON.stringify(each)),
    'no window of the policy goes',
    policy,
  );
  for (const note of notes) {
    must(/^[\x20-\x7e…]+$/.test(note) && note.length < 400, 'a note is plain', note);
  }
  const owner = ownerOf(userWith(tags), Object.values(people), defaultPolicy);
  const known = Object.values(people).map(({ slackUserId }) => slackUserId as string);
  must(!owner.known || known.includes(owner.slackUserId), 'owners are configured', owner);
  if (Object.keys(by).length > 0) return 'tightened';
  return notes.length > 0 ? 'rejected' : 'ignored';
}

function userWith(tags: Readonly<Record<string, string>>): IamUser {
  const who = { userName: 'svc-billing', userId: 'AIDACKCEVSQ6C2EXAMPLE', path: '/' };
  return { partition: 'aws', account: '111122223333', ...who, tags };
}
