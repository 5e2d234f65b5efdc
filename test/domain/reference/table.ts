/**
 * The machine's table: every move that there is, kind by kind, and every way to be held or done.
 * What a story makes beyond it is a mistake of the machine, or of this table.
 */

type Moves = Readonly<Record<string, readonly string[]>>;

const replace: Moves = {
  proposed: ['issuing', 'overlapping', 'held at proposed', 'done'],
  issuing: ['overlapping', 'held at proposed', 'done'],
  overlapping: ['deactivating', 'held at overlapping', 'done'],
  deactivating: ['soaking', 'overlapping', 'held at overlapping'],
  soaking: ['deleting', 'restoring', 'held at soaking', 'held at overlapping', 'done'],
  deleting: ['done', 'soaking', 'held at soaking'],
  restoring: ['held at overlapping', 'held at soaking'],
  'held at proposed': ['proposed', 'overlapping', 'done'],
  'held at overlapping': ['overlapping', 'restoring', 'done'],
  'held at soaking': ['soaking', 'overlapping', 'restoring', 'done'],
};

const retire: Moves = {
  // Secrets Manager may replace a key that was to be retired.
  proposed: ['deactivating', 'restoring', 'overlapping', 'held at proposed', 'done'],
  deactivating: ['soaking', 'proposed', 'held at proposed'],
  soaking: ['deleting', 'restoring', 'held at soaking', 'held at proposed', 'done'],
  deleting: ['done', 'soaking', 'held at soaking'],
  restoring: ['held at proposed', 'held at soaking'],
  'held at proposed': ['proposed', 'restoring', 'overlapping', 'done'],
  'held at soaking': ['soaking', 'proposed', 'restoring', 'done'],
};

const movesOf = (kind: string, table: Moves) =>
  Object.entries(table).flatMap(([from, tos]) => tos.map((to) => `${kind}: ${from} → ${to}`));

export const moves: readonly string[] = [
  ...movesOf('replace', replace),
  ...movesOf('retire', retire),
];

export const holdCodes: readonly string[] = [
  'paused',
  'unanswered',
  'not begun',
  'no room',
  'issue failed',
  'not picked up',
  'still in use',
  'evidence incomplete',
  'overlap too long',
  'runbook refused',
  'runbook failed',
  'reactivated',
  'changed outside',
  'rolled back',
  'restore failed',
];

export const outcomes: readonly string[] = [
  'rotated',
  'retired',
  'already gone',
  'exempt',
  'abandoned',
];
