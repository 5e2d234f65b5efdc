/**
 * The store as it fails, for the hub's functions only. What `due`, `outstanding` and `inFlight`
 * list may be old; consistent reads never are.
 */
import { frozenCopy } from '../../adapters/frozen.ts';
import type { Rotation } from '../../domain/case.ts';
import { Transient } from '../../domain/errors.ts';
import { type Instant, plus } from '../../domain/instant.ts';
import type { Commit, RotationStore } from '../../domain/ports.ts';
import { running } from './invocation.ts';
import type { Committed, Ledger } from './ledger.ts';
import type { FaultKind, Strikes } from './strikes.ts';

export interface FaultyStore {
  readonly store: RotationStore;
  readonly ledger: () => Ledger;
  readonly strikes: Strikes;
  readonly now: () => Instant;
  /** A rotation moved. */
  readonly committed: (committed: Committed) => void;
}

const changing: readonly FaultKind[] = ['refused', 'reply lost', 'died', 'throttled'];
const reading: readonly FaultKind[] = ['refused', 'throttled'];
const hinting: readonly FaultKind[] = ['refused', 'throttled'];
/** Reads are many: each is struck seldom. */
const readRate = 0.004;
const hintRate = 0.02;
/** Runs are counted seldom, and seldom is their number another one than a few minutes ago. */
const countRate = 0.06;
/** What a list or a count shows may be so old. */
export const oldestHint = { minutes: 10 } as const;

/** The store with faults in its way, and with everything that it keeps written down. */
export function faultyStore(parts: FaultyStore): RotationStore {
  const { store, ledger } = parts;
  const change = <T>(name: string, act: () => Promise<T>) => struck(parts, name, changing, act);
  const read = <T>(name: string, act: () => Promise<T>) => struck(parts, name, reading, act);
  const hint = hinted(parts);
  return {
    commit: (given) =>
      change('commit', async () => {
        // What nobody can change any more, the store and the ledger may both keep.
        const commit = frozenCopy(given);
        await store.commit(commit);
        note(parts, commit);
      }),
    settle: (effectId, how) =>
      change('settle', async () => {
        await store.settle(effectId, how);
        const { settled } = ledger();
        if (!settled.has(effectId)) settled.set(effectId, how);
      }),
    postpone: (...given) => change('postpone', () => store.postpone(...given)),
    rememberMessage: (rotationId, place) =>
      change('rememberMessage', async () => {
        await store.rememberMessage(rotationId, place);
        ledger().places.push({ rotationId, place });
      }),
    load: (id) => read('load', () => store.load(id)),
    claimOn: (...given) => read('claimOn', () => store.claimOn(...given)),
    journal: (id) => read('journal', () => store.journal(id)),
    lastHash: (id) => read('lastHash', () => store.lastHash(id)),
    messageOf: (id) => read('messageOf', () => store.messageOf(id)),
    due: (need, ...given) => hint('due', need, () => store.due(need, ...given)),
    outstanding: (...given) => hint('outstanding', '', () => store.outstanding(...given)),
    inFlight: () => hint('inFlight', '', () => store.inFlight()),
    ofUser: (account, userId) => read('ofUser', () => store.ofUser(account, userId)),
    // Only a report asks, and none is made here.
    everyRotation: () => store.everyRotation(),
    openOrEndedSince: (since) => store.openOrEndedSince(since),
    nextWake: () => store.nextWake(),
    // Nobody asks for lines here, and no summary is told.
    ownedBy: store.ownedBy,
    howManyOwnedBy: store.howManyOwnedBy,
    standingAt: store.standingAt,
    howManyStandAt: store.howManyStandAt,
    ofKeysEnding: store.ofKeysEnding,
    observedUntold: store.observedUntold,
    observedTold: store.observedTold,
    approachingOf: store.approachingOf,
    noteApproaching: store.noteApproaching,
    approachingUntold: store.approachingUntold,
    approachingTold: store.approachingTold,
    // No inventory is taken here, so that no key has a history.
    historyOf: store.historyOf,
    noteHistory: store.noteHistory,
    coverage: store.coverage,
    noteCoverage: store.noteCoverage,
    // No world has rings, and nothing is found in files.
    filesOf: store.filesOf,
    noteFiles: store.noteFiles,
    ringMarks: store.ringMarks,
    markRing: store.markRing,
    takeSummary: store.takeSummary,
    leaveSummary: store.leaveSummary,
    noteObserved: (key) => change('noteObserved', () => store.noteObserved(key)),
  };
}

async function struck<T>(
  { strikes }: FaultyStore,
  name: string,
  kinds: readonly FaultKind[],
  act: () => Promise<T>,
): Promise<T> {
  const who = running();
  if (who === 'outside' || who === undefined) return act();
  if (who.dead) throw new Transient(`store ${name}: no answer`);
  const effect = `store:${name}`;
  if (who.throttled.has(effect)) throw new Transient(`store ${name}: throttled`);
  const isChange = kinds === changing;
  const kind = strikes.decide(effect, kinds, isChange ? undefined : readRate);
  const go = () => strikes.around?.(act) ?? act();
  if (kind === undefined || kind === 'stale') return go();
  strikes.struck(kind, effect);
  if (kind === 'throttled') who.throttled.add(effect);
  if (kind === 'refused' || kind === 'throttled') throw new Transient(`store ${name}: ${kind}`);
  const answer = await go();
  if (kind === 'died') {
    who.dead = true;
    return answer;
  }
  throw new Transient(`store ${name}: no answer`);
}

/** Answers hints, now and then with what was listed a few minutes ago. */
function hinted(parts: FaultyStore) {
  const { strikes, now } = parts;
  const kept = new Map<string, { readonly at: Instant; readonly answer: unknown }>();
  return async <T>(name: string, about: string, act: () => Promise<T>): Promise<T> => {
    const effect = `store:${name}`;
    const place = `${name}/${about}`;
    const before = kept.get(place);
    const isRecent = before !== undefined && plus(before.at, oldestHint) > now();
    const who = running();
    const inside = who !== undefined && who !== 'outside' && !who.dead;
    const rate = name === 'inFlight' ? countRate : hintRate;
    if (inside && strikes.decide(effect, ['stale'], rate) === 'stale' && isRecent) {
      const old = before.answer as T;
      if (name === 'inFlight') parts.ledger().oldCountAt = now();
      if (JSON.stringify(old) !== JSON.stringify(await act())) strikes.struck('stale', effect);
      return old;
    }
    const answer = frozenCopy(await struck(parts, name, hinting, act));
    kept.set(place, { at: now(), answer });
    return answer;
  };
}

function note(parts: FaultyStore, { rotation, entry }: Commit): void {
  const ledger = parts.ledger();
  const who = running();
  const invocation = who === 'outside' ? undefined : who;
  const known = ledger.rotations.get(rotation.id);
  const before: Rotation | undefined = known?.rotation;
  const made: Committed = { at: parts.now(), entry, before, invocation };
  if (known === undefined) {
    ledger.rotations.set(rotation.id, { rotation, entries: [made] });
  } else {
    known.rotation = rotation;
    known.entries.push(made);
  }
  ledger.effects += 1;
  parts.committed(made);
}
