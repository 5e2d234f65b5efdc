/** Faults as they are written on a command line: `reply lost@17`, `stale@40/most`. */
import type { FaultKind } from '../simulation/strikes.ts';
import type { ExactFault, Point } from './exact-strikes.ts';

/** Every fault that a point may have. */
const kindsByName: ReadonlyMap<string, FaultKind> = new Map(
  (
    [
      ...(['refused', 'reply lost', 'died', 'throttled', 'stale'] as const),
      ...(['lost', 'twice', 'at once', 'late', 'early', 'cancelled', 'timed out'] as const),
    ] satisfies readonly FaultKind[]
  ).map((kind) => [kind, kind]),
);

export function faultName({ kind, index, reach }: ExactFault): string {
  return `${kind}@${index}${reach === 'most' ? '/most' : ''}`;
}

export function faultNames(faults: readonly ExactFault[]): string {
  return faults.map(faultName).join(',');
}

/** Reads what faultNames wrote. Throws an Error that says how faults are written. */
export function readFaults(text: string): readonly ExactFault[] {
  return text.split(',').map((each) => {
    const [, name = '', index = '', most] = /^([a-z ]+)@(\d{1,6})(\/most)?$/.exec(each) ?? [];
    const kind = kindsByName.get(name);
    if (kind === undefined) {
      const kinds = [...kindsByName.keys()].join(', ');
      throw new Error(`"${each}" is no fault: write KIND@INDEX, with a kind of ${kinds}`);
    }
    return { kind, index: Number(index), reach: most === undefined ? 'least' : 'most' };
  });
}

/** Faults that may go further or less far: how old, how late, how soon. */
const ranging: ReadonlySet<FaultKind> = new Set(['stale', 'late', 'early']);

/** Every fault of a point, each of its reaches counted as one. */
export function faultsAt({ index, effect, kinds }: Point): readonly ExactFault[] {
  return kinds.flatMap((kind): readonly ExactFault[] => {
    const ranges =
      ranging.has(kind) ||
      effect.startsWith('run of ') ||
      (kind === 'twice' && effect.startsWith('event:'));
    const least: ExactFault = { kind, index, reach: 'least' };
    return ranges ? [least, { ...least, reach: 'most' }] : [least];
  });
}

/** Whether anything changes at a point: a call that may be lost, an event, a timer, a run. */
export function isChanging({ effect, kinds }: Point): boolean {
  return kinds.includes('reply lost') || /^(?:event:|timer:|run )/.test(effect);
}
