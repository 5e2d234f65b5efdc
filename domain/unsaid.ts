/**
 * A stage once somebody's word counts no more: what was to rest on it rests on evidence again, now
 * and wherever the rotation may come back to.
 */
import { authorityIn } from './before-off.ts';
import type { Rotation } from './case.ts';
import type { Authority } from './evidence.ts';
import type {
  BeforeOff,
  Deactivating,
  Deleting,
  Overlapping,
  Paused,
  Soaking,
  Stage,
} from './stage.ts';

/** Whether that word is an attestation of somebody whose word counts no more. */
export type Unsaid = (authority: Authority) => boolean;

/** The very same stage if it rests on no such word. */
export function withoutWord(stage: Stage, isUnsaid: Unsaid): Stage {
  switch (stage.name) {
    case 'overlapping':
    case 'soaking':
      return paused(stage, isUnsaid);
    case 'held':
      return changed(stage, 'kept', paused(stage.kept, isUnsaid));
    case 'deactivating':
      return known(stage, changed(stage, 'before', beforeOff(stage.before, isUnsaid)));
    case 'deleting':
      return known(stage, changed(stage, 'soak', soaking(stage.soak, isUnsaid)));
    case 'restoring':
      return stage.from.name === 'soaking'
        ? changed(stage, 'from', soaking(stage.from, isUnsaid))
        : changed(stage, 'from', beforeOff(stage.from, isUnsaid));
    case 'proposed':
    case 'issuing':
    case 'done':
      return stage;
  }
}

/** What the run that a stage waits for was ordered on, whatever was taken back since. */
export function orderedOn(stage: Deactivating | Deleting): Authority {
  if (stage.orderedOn !== undefined) return stage.orderedOn;
  return stage.name === 'deactivating' ? authorityIn(stage.before) : stage.soak.authority;
}

/** Whether the run that the rotation waits for was ordered on a word that counts no more. */
export function restsOnNothing({ stage }: Pick<Rotation, 'stage'>): boolean {
  const awaits = stage.name === 'deactivating' || stage.name === 'deleting';
  return awaits && stage.orderedOn !== undefined;
}

/** A run is known by what it was ordered with: that stays, though it counts no more. */
function known<S extends Deactivating | Deleting>(ordered: S, unsaid: S): S {
  return unsaid === ordered ? ordered : { ...unsaid, orderedOn: orderedOn(ordered) };
}

function paused(stage: Paused, isUnsaid: Unsaid): Paused {
  if (stage.name === 'proposed') return stage;
  return stage.name === 'soaking' ? soaking(stage, isUnsaid) : own(stage, isUnsaid);
}

function soaking(soak: Soaking, isUnsaid: Unsaid): Soaking {
  return changed(own(soak, isUnsaid), 'before', beforeOff(soak.before, isUnsaid));
}

/** An unused key is retired on evidence alone: nobody attests. */
function beforeOff(before: BeforeOff, isUnsaid: Unsaid): BeforeOff {
  return before.name === 'overlapping' ? own(before, isUnsaid) : before;
}

function own<S extends Overlapping | Soaking>(stage: S, isUnsaid: Unsaid): S {
  return isUnsaid(stage.authority) ? { ...stage, authority: { kind: 'evidence' } } : stage;
}

function changed<S, F extends keyof S>(stage: S, field: F, value: S[F]): S {
  return stage[field] === value ? stage : { ...stage, [field]: value };
}
