/**
 * What a drill plays, and what each case has to come to. The judgement rests on what IAM, the vault
 * and the keys themselves show, and takes Keyturn's word for nothing but what it says it did.
 */
import type { AccessKey } from './key.ts';
import { shortKey } from './key.ts';
import type { Outcome, StageName } from './stage.ts';

export const drillCases = ['plain', 'two-keys', 'throttled-vault', 'forgetful-app'] as const;

/**
 * `plain`: its application reads the vault. `two-keys`: both in use, so there is no room for a
 * third. `throttled-vault`: Secrets Manager is kept so busy that it refuses calls while the new key
 * is made. `forgetful-app`: it was never told of the vault, and goes on with the old key.
 */
export type DrillCase = (typeof drillCases)[number];

/** One user of a drill. The first key is the one that is followed. */
export interface Dummy {
  readonly case: DrillCase;
  readonly userName: string;
  readonly userId: string;
  readonly keyIds: readonly string[];
}

/** What was seen of one case while it was followed. */
export interface Track {
  readonly case: DrillCase;
  /** The stages of the followed key, in the order in which they were first seen. */
  readonly stages: readonly StageName[];
  /** How often an application was refused with the key that it was to use. */
  readonly refused: number;
  /** How often Secrets Manager said that it was too busy. */
  readonly throttled: number;
  /** In how many looks it was kept so. */
  readonly bursts: number;
}

export function emptyTrack(played: DrillCase): Track {
  return { case: played, stages: [], refused: 0, throttled: 0, bursts: 0 };
}

/** How one rotation stands. */
export interface Followed {
  readonly keyId: string;
  /** null: nobody has claimed the key. */
  readonly stage: StageName | null;
  readonly outcome: Outcome | null;
}

/** What is there at the end. */
export interface Found {
  readonly rotations: readonly Followed[];
  readonly keys: readonly AccessKey[];
  /** The key that readers of the vault get; null for none. */
  readonly currentKeyId: string | null;
  /** Of all keys that applications hold, those with which AWS lets them in as the dummy. */
  readonly working: readonly string[];
}

/** Whether there is nothing more to wait for. */
export function isOver({ case: played }: Dummy, rotations: readonly Followed[]): boolean {
  const settled = rotations.filter(({ stage }) => stage === 'done' || stage === 'held');
  return played === 'two-keys' ? settled.length > 0 : settled.length === rotations.length;
}

/** Each call of these has its price, and a key is issued within minutes or tried again later. */
const mostBursts = 12;

/** Whether the vault is to be kept busy now: until the new key is in it. */
export function isBusyTime(track: Track, [first]: readonly Followed[]): boolean {
  const stage = first?.stage ?? 'proposed';
  const isBefore = stage === 'proposed' || stage === 'issuing';
  return track.case === 'throttled-vault' && isBefore && track.bursts < mostBursts;
}

/** The track with one more look. */
export function tracked(
  track: Track,
  look: Omit<Track, 'case' | 'stages'> & { readonly stage: StageName | null },
): Track {
  const { stage } = look;
  const isNew = stage !== null && !track.stages.includes(stage);
  return {
    case: track.case,
    stages: isNew ? [...track.stages, stage] : track.stages,
    refused: track.refused + look.refused,
    throttled: track.throttled + look.throttled,
    bursts: track.bursts + look.bursts,
  };
}

/** What went otherwise than it has to, as sentences; empty for a clean case. */
export function drillProblems(dummy: Dummy, track: Track, found: Found): readonly string[] {
  const refused =
    track.refused === 0
      ? []
      : [`its application was refused ${track.refused} times with the key that it was to use`];
  switch (dummy.case) {
    case 'plain':
      return [...refused, ...changedOver(dummy, found)];
    case 'throttled-vault':
      return [...refused, ...changedOver(dummy, found), ...wasThrottled(track)];
    case 'two-keys':
    case 'forgetful-app':
      return [...refused, ...leftAlone(dummy, found)];
  }
}

function wasThrottled({ throttled }: Track): readonly string[] {
  return throttled > 0
    ? []
    : ['Secrets Manager was never too busy: nothing is shown of a throttled vault'];
}

/** The old key is gone, and whoever reads the vault gets the only other one, which works. */
function changedOver({ keyIds }: Dummy, found: Found): readonly string[] {
  const [rotation] = found.rotations;
  const [key, ...others] = found.keys;
  const isRotated = rotation?.stage === 'done' && rotation.outcome === 'rotated';
  const [old = ''] = keyIds;
  return [
    ...(isRotated ? [] : [`its rotation is ${standing(rotation)}, and should be done (rotated)`]),
    ...(found.keys.some(({ keyId }) => keyId === old)
      ? [`old key ${shortKey(old)} is still there`]
      : []),
    ...(key === undefined || others.length > 0
      ? [`it has ${found.keys.length} keys, and should have one`]
      : []),
    ...found.keys
      .filter(({ status }) => status !== 'Active')
      .map(({ keyId }) => `key ${shortKey(keyId)} is Inactive`),
    ...(found.currentKeyId === null
      ? ['readers of the vault get no key']
      : currentProblems(found.currentKeyId, found)),
  ];
}

function currentProblems(current: string, { keys, working }: Found): readonly string[] {
  const isThere = keys.some(({ keyId }) => keyId === current);
  return isThere && working.includes(current)
    ? []
    : [`readers of the vault get key ${shortKey(current)}, which does not work`];
}

/** Nobody can say that it is safe, so people are asked, and every key is as it was. */
function leftAlone({ case: played, keyIds }: Dummy, found: Found): readonly string[] {
  const isAsked = found.rotations.some(({ stage }) => stage === 'held');
  const asFollows = found.rotations.map(standing).join(' and ');
  const lost = keyIds.filter((keyId) => !found.working.includes(keyId));
  const isMore = played === 'two-keys' && found.keys.length !== keyIds.length;
  return [
    ...(isAsked ? [] : [`its rotation is ${asFollows}, and should be held`]),
    ...lost.map((keyId) => `key ${shortKey(keyId)} is in use, and does not work any more`),
    ...(isMore ? [`it has ${found.keys.length} keys, and should have ${keyIds.length}`] : []),
  ];
}

function standing(rotation: Followed | undefined): string {
  const { stage = null, outcome = null } = rotation ?? {};
  return `${stage ?? 'not begun'}${outcome === null ? '' : ` (${outcome})`}`;
}

/**
 * How many drills in a row went clean, this one included, from how Step Functions has them: the
 * newest first.
 */
export function cleanCycles(statuses: readonly string[]): number {
  const ended = statuses.filter((status) => status !== 'RUNNING');
  const firstOther = ended.findIndex((status) => status !== 'SUCCEEDED');
  return 1 + (firstOther === -1 ? ended.length : firstOther);
}
