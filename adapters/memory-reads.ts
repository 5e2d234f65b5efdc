/** Rotations as people ask for them, and what the team was told, in memory. */
import type { Rotation } from '../domain/case.ts';
import type { Coverage } from '../domain/coverage.ts';
import type { KeyInFiles } from '../domain/found-in-files.ts';
import type { Instant } from '../domain/instant.ts';
import { endingOf, type PlaceInLine, placeInLine } from '../domain/line.ts';
import type {
  ApproachingKey,
  CoverageNotes,
  FileNotes,
  HistoryNotes,
  Notebook,
  ObservedKey,
  RingNotes,
  RotationReads,
  WarningNotes,
} from '../domain/lists.ts';
import type { MessagePlace } from '../domain/ports.ts';
import { cyclesToOpen, type RingMark } from '../domain/rings.ts';
import { type HistoryOf, toSecond, type UseHistory } from '../domain/use-history.ts';
import { frozenCopy } from './frozen.ts';

/** Where the rotations are, and their messages. */
export interface Kept {
  readonly rotations: ReadonlyMap<string, Rotation>;
  readonly messages: ReadonlyMap<string, MessagePlace>;
}

export function memoryReads({ rotations, messages }: Kept): RotationReads {
  const inLine = (isMeant: (place: PlaceInLine) => boolean, until?: Instant) =>
    [...rotations.values()]
      .flatMap((rotation) => {
        const place = placeInLine(rotation);
        const isIn = place !== null && isMeant(place);
        const isInTime = until === undefined || (place !== null && place.moment <= until);
        return isIn && isInTime ? [{ id: rotation.id, moment: place.moment, rotation }] : [];
      })
      .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
      .map(({ id }) => id);
  return {
    load: async (id) => rotations.get(id),
    messageOf: async (id) => messages.get(id),
    ownedBy: async (person, limit) => inLine(({ ownedBy }) => ownedBy === person).slice(0, limit),
    howManyOwnedBy: async (person) => inLine(({ ownedBy }) => ownedBy === person).length,
    standingAt: async (at, { until, limit }) =>
      inLine(({ stage }) => stage === at, until).slice(0, limit),
    howManyStandAt: async (at, until) => inLine(({ stage }) => stage === at, until).length,
    ofKeysEnding: async (ending, limit) =>
      [...rotations.values()]
        .filter(({ key }) => endingOf(key.keyId) === ending)
        .sort((a, b) => (`${a.openedAt}#${a.id}` > `${b.openedAt}#${b.id}` ? -1 : 1))
        .slice(0, limit)
        .map(({ id }) => id),
  };
}

interface Standing {
  readonly moment: Instant;
  readonly rotation: Rotation;
}

const nameOf = ({ moment, rotation: { id, key } }: Standing) =>
  `${moment}#${key.user.account}/${id}`;

export function memoryNotebook(): Notebook {
  const observed = new Map<string, ObservedKey>();
  const told = new Set<string>();
  const summaries = new Map<string, { readonly status: string; readonly at: Instant }>();
  const name = ({ partition, account, keyId }: ObservedKey) => `${partition}/${account}/${keyId}`;
  return {
    ...memoryWarningNotes(),
    ...memoryHistoryNotes(),
    ...memoryCoverageNotes(),
    ...memoryRingNotes(),
    ...memoryFileNotes(),
    noteObserved: async (key) => {
      if (!observed.has(name(key))) observed.set(name(key), frozenCopy(key));
    },
    observedUntold: async (limit) =>
      [...observed.values()]
        .filter((key) => !told.has(name(key)))
        .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
        .slice(0, limit),
    observedTold: async (key) => void told.add(name(key)),
    takeSummary: async (day, at, lapsed) => {
      const before = summaries.get(day);
      if (before?.status === 'told') return 'told';
      if (before?.status === 'begun' && before.at >= lapsed) return 'busy';
      summaries.set(day, { status: 'begun', at });
      return 'yours';
    },
    leaveSummary: async (day, status, at) => void summaries.set(day, { status, at }),
  };
}

const placeOf = ({ seenAt, account, keyId }: ObservedKey) => `${seenAt}#${account}/${keyId}`;

function memoryWarningNotes(): WarningNotes {
  const noted = new Map<string, ApproachingKey>();
  const told = new Set<string>();
  const name = ({ partition, account, userName, keyId, staleAt }: ApproachingKey) =>
    `${partition}/${account}/${userName}/${staleAt}/${keyId}`;
  const place = ({ noticedAt, account, keyId }: ApproachingKey) =>
    `${noticedAt}#${account}/${keyId}`;
  return {
    approachingOf: async ({ partition, account, userName }) =>
      [...noted.values()].filter(
        (key) =>
          key.partition === partition && key.account === account && key.userName === userName,
      ),
    noteApproaching: async (key) => {
      if (!noted.has(name(key))) noted.set(name(key), frozenCopy(key));
    },
    approachingUntold: async (limit) =>
      [...noted.values()]
        .filter((key) => !told.has(name(key)))
        .sort((a, b) => (place(a) < place(b) ? -1 : 1))
        .slice(0, limit),
    approachingTold: async (key) => void told.add(name(key)),
  };
}

function memoryHistoryNotes(): HistoryNotes {
  const noted = new Map<string, UseHistory>();
  const name = ({ partition, account, userName, createdAt }: HistoryOf) =>
    `${partition}/${account}/${userName}/${toSecond(createdAt)}`;
  return {
    historyOf: async (key) => noted.get(name(key)),
    noteHistory: async (key, history) => void noted.set(name(key), frozenCopy(history)),
  };
}

function memoryCoverageNotes(): CoverageNotes {
  let noted: Coverage | undefined;
  return {
    coverage: async () => noted,
    noteCoverage: async (coverage) => {
      noted = frozenCopy(coverage);
    },
  };
}

function memoryRingNotes(): RingNotes {
  const noted = new Map<string, RingMark>();
  return {
    ringMarks: async (ring) => {
      const [bad, clean] = (['bad', 'clean'] as const).map((is) =>
        [...noted.entries()]
          .filter(([, mark]) => mark.ring === ring && mark.is === is)
          .toSorted(([one], [other]) => (one > other ? -1 : 1))
          .map(([, mark]) => mark),
      );
      return { bad: bad?.[0], clean: clean?.slice(0, cyclesToOpen) ?? [] };
    },
    markRing: async (mark) => {
      noted.set(`${mark.ring}#${mark.is}#${mark.at}#${mark.rotationId}`, frozenCopy(mark));
    },
  };
}

function memoryFileNotes(): FileNotes {
  const noted = new Map<string, KeyInFiles>();
  return {
    filesOf: async ({ partition, account, keyId }) => noted.get(`${partition}/${account}/${keyId}`),
    noteFiles: async (key) => {
      noted.set(`${key.partition}/${key.account}/${key.keyId}`, frozenCopy(key));
    },
  };
}
