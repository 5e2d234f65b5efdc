/** The picture of the machine: where this rotation has been, and where it stands. */

import type { StageName } from '../../../domain/stage.ts';
import type { RotationView } from '../view.ts';
import { Scroll } from './scroll.tsx';
import { toneOf } from './words.ts';

const width = 96;
const height = 34;

/** Left upper corners. */
const places: Readonly<Record<StageName, readonly [number, number]>> = {
  proposed: [4, 48],
  issuing: [124, 48],
  overlapping: [244, 48],
  deactivating: [364, 48],
  soaking: [484, 48],
  deleting: [604, 48],
  done: [724, 48],
  restoring: [424, 124],
  held: [244, 124],
};

/** The moves that are always drawn; others appear once they were made. */
const usual: readonly (readonly [StageName, StageName])[] = [
  ['proposed', 'issuing'],
  ['issuing', 'overlapping'],
  ['overlapping', 'deactivating'],
  ['deactivating', 'soaking'],
  ['soaking', 'deleting'],
  ['deleting', 'done'],
  ['soaking', 'restoring'],
  ['restoring', 'held'],
  ['overlapping', 'held'],
];

export function Machine({ seen }: { readonly seen: RotationView }) {
  const made = seen.journal
    .filter(({ from, to }) => from !== null && from !== to)
    .map(({ from, to }) => [from as StageName, to as StageName] as const);
  const isMade = ([from, to]: readonly [StageName, StageName]) =>
    made.some((each) => each[0] === from && each[1] === to);
  const others = made.filter(
    (each, index) =>
      !usual.some(([from, to]) => from === each[0] && to === each[1]) &&
      made.findIndex(([from, to]) => from === each[0] && to === each[1]) === index,
  );
  const been = new Set(seen.journal.map(({ to }) => to));
  const kept = seen.kept === seen.stage ? '' : ` at ${seen.kept}`;
  return (
    <Scroll look="machine" name="The machine">
      <svg viewBox="0 12 824 154" role="img" aria-label={`It stands at ${seen.stage}${kept}.`}>
        <defs>
          {['arrow', 'arrow-made'].map((id) => (
            <marker
              key={id}
              id={id}
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              orient="auto-start-reverse"
            >
              <path d="M0 0 8 4 0 8z" class={id} />
            </marker>
          ))}
        </defs>
        {[...usual, ...others].map((move) => (
          <Move key={move.join()} move={move} made={isMade(move)} />
        ))}
        {(Object.keys(places) as StageName[]).map((stage) => (
          <Box key={stage} stage={stage} seen={seen} been={been.has(stage)} />
        ))}
      </svg>
    </Scroll>
  );
}

interface BoxProps {
  readonly stage: StageName;
  readonly seen: RotationView;
  readonly been: boolean;
}

function Box({ stage, seen, been }: BoxProps) {
  const [x, y] = places[stage];
  const isHere = seen.stage === stage;
  const isKept = !isHere && seen.kept === stage && seen.stage !== 'done';
  const state = isHere ? `here ${toneOf(stage)}` : isKept ? 'kept' : been ? 'been' : 'ahead';
  return (
    <g class={`box ${state}`}>
      <rect x={x} y={y} width={width} height={height} rx="6" />
      <text x={x + width / 2} y={y + height / 2 + 4} text-anchor="middle">
        {stage}
      </text>
    </g>
  );
}

function Move({
  move: [from, to],
  made,
}: {
  readonly move: readonly [StageName, StageName];
  readonly made: boolean;
}) {
  const [x, y] = places[from];
  const [toX, toY] = places[to];
  const mark = made ? 'arrow-made' : 'arrow';
  return (
    <path
      class={`move ${made ? 'made' : ''}`}
      d={way(x, y, toX, toY)}
      marker-end={`url(#${mark})`}
    />
  );
}

/** Straight to a neighbour, over the others by an arc, from row to row by a line. */
function way(x: number, y: number, toX: number, toY: number): string {
  const middle = x + width / 2;
  const toMiddle = toX + width / 2;
  if (y === toY && toX - x === 120) return `M${x + width} ${y + 17}H${toX - 2}`;
  if (y === toY && y > 100) return `M${x} ${y + 17}H${toX + width + 2}`;
  if (y === toY)
    return `M${middle} ${y}C${middle} ${y - 44} ${toMiddle} ${y - 44} ${toMiddle} ${y - 2}`;
  const down = toY > y;
  return `M${middle} ${down ? y + height : y}L${toMiddle} ${down ? toY - 2 : toY + height + 2}`;
}
