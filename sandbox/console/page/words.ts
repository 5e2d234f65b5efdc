/** Moments, spans and keys in words. All times are UTC, and virtual. */
import type { StageName } from '../../../domain/stage.ts';

/** `2026-11-02 08:30`. */
export const minuteOf = (moment: string) => `${moment.slice(0, 10)} ${moment.slice(11, 16)}`;

/** `11-02 08:30`, where room is short. */
export const momentOf = (moment: string) => `${moment.slice(5, 10)} ${moment.slice(11, 16)}`;

/** `11-02 08:30:05`. */
export const secondOf = (moment: string) => `${moment.slice(5, 10)} ${moment.slice(11, 19)}`;

/** `…WXYZ`: keys are told apart by their last four characters, as everywhere in Keyturn. */
export const shortKey = (keyId: string) => `…${keyId.slice(-4)}`;

export const daysBetween = (from: string, to: string) =>
  (Date.parse(to) - Date.parse(from)) / 86_400_000;

/** `in 2 d 3 h`, `5 min ago`. */
export function distance(moment: string, now: string): string {
  const minutes = Math.round((Date.parse(moment) - Date.parse(now)) / 60_000);
  const size = Math.abs(minutes);
  const days = Math.floor(size / 1440);
  const hours = Math.floor((size % 1440) / 60);
  const span =
    days > 0 ? `${days} d ${hours} h` : hours > 0 ? `${hours} h ${size % 60} min` : `${size} min`;
  return minutes >= 0 ? `in ${span}` : `${span} ago`;
}

export const stages: readonly StageName[] = [
  'proposed',
  'issuing',
  'overlapping',
  'deactivating',
  'soaking',
  'deleting',
  'restoring',
  'held',
  'done',
];

/** How a stage is coloured: waits, a run is in flight, both or one key off, trouble, at its end. */
export const toneOf = (stage: StageName | null): string => {
  switch (stage) {
    case null:
      return 'none';
    case 'issuing':
    case 'deactivating':
    case 'deleting':
    case 'restoring':
      return 'busy';
    case 'held':
      return 'bad';
    case 'done':
      return 'good';
    case 'proposed':
      return 'wait';
    default:
      return 'calm';
  }
};

/** Of an execution or one of its steps. */
export const toneOfStatus = (status: string): string => {
  if (status === 'Success') return 'good';
  if (status === 'Pending') return 'none';
  return ['Failed', 'TimedOut', 'Cancelled'].includes(status) ? 'bad' : 'busy';
};
