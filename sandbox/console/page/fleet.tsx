/** The fleet: how old its keys are, and its users, of whom only those in sight are drawn. */
import { useMemo, useState } from 'preact/hooks';
import type { StageName } from '../../../domain/stage.ts';
import type { PersonaKey } from '../acts.ts';
import type { Pulse, Row } from '../view.ts';
import { Ages, bandOf } from './ages.tsx';
import type { Do } from './app.tsx';
import { useFleet } from './live.ts';
import { type Order, ordered, pressed } from './order.ts';
import { Rows } from './rows.tsx';
import { stages, toneOf } from './words.ts';

interface Props {
  readonly pulse: Pulse;
  readonly act: Do;
  readonly as: PersonaKey;
}

/** What the rows must be. */
interface Filter {
  readonly text: string;
  readonly stage: StageName | 'none' | null;
  readonly band: number | null;
}

const everything: Filter = { text: '', stage: null, band: null };

export function FleetPane({ pulse, act, as }: Props) {
  const { rows, staleDays } = useFleet(pulse);
  const [filter, setFilter] = useState(everything);
  const [order, setOrder] = useState<Order | null>(null);
  const day = pulse.now.slice(0, 10);
  const passing = useMemo(
    () => rows.filter((row) => passes(row, filter, day)),
    [rows, filter, day],
  );
  const shown = useMemo(() => ordered(passing, order), [passing, order]);
  const idle = useMemo(() => rows.filter(({ stage }) => stage === null).length, [rows]);
  return (
    <section class="fleet" aria-labelledby="fleet-title">
      <div class="title">
        <h2 id="fleet-title">{pulse.scene}</h2>
        <p class="soft">
          {rows.length.toLocaleString('en')} users in two accounts, keys stale at {staleDays} days
        </p>
      </div>
      <Ages
        rows={rows}
        day={day}
        staleDays={staleDays}
        chosen={filter.band}
        choose={(band) => setFilter({ ...filter, band })}
      />
      <div class="filters">
        <input
          type="search"
          aria-label="Filter by user, owner, account or key"
          placeholder="User, owner, account or key"
          value={filter.text}
          onInput={({ currentTarget }) => setFilter({ ...filter, text: currentTarget.value })}
        />
        <Stages
          pulse={pulse}
          idle={idle}
          chosen={filter.stage}
          choose={(stage) => setFilter({ ...filter, stage })}
        />
        <p class="soft count" role="status">
          {shown.length.toLocaleString('en')} shown
        </p>
      </div>
      <Rows
        rows={shown}
        order={order}
        sortBy={(column) => setOrder(pressed(order, column))}
        now={pulse.now}
        staleDays={staleDays}
        act={act}
        as={as}
      />
    </section>
  );
}

function passes(row: Row, { text, stage, band }: Filter, day: string): boolean {
  if (stage !== null && (row.stage ?? 'none') !== stage) return false;
  if (band !== null && !row.keys.some((key) => bandOf(key.createdAt, day) === band)) return false;
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return true;
  const said = [row.userName, row.owner ?? '', row.account, row.note ?? '', row.about];
  return [...said, ...row.keys.map(({ keyId }) => keyId)].some((each) =>
    each.toLowerCase().includes(wanted),
  );
}

interface StagesProps {
  readonly pulse: Pulse;
  /** Users without a rotation. */
  readonly idle: number;
  readonly chosen: StageName | 'none' | null;
  readonly choose: (stage: StageName | 'none' | null) => void;
}

function Stages({ pulse, idle, chosen, choose }: StagesProps) {
  const counted = { ...pulse.stages, none: idle };
  const present = [...stages, 'none' as const].filter(
    (stage) => (counted[stage] ?? 0) > 0 || stage === chosen,
  );
  return (
    <fieldset class="chips">
      <legend class="unseen">Stage</legend>
      {present.map((stage) => (
        <button
          key={stage}
          type="button"
          class={`chip ${stage === 'none' ? 'none' : toneOf(stage)}`}
          aria-pressed={chosen === stage}
          onClick={() => choose(chosen === stage ? null : stage)}
        >
          {stage === 'none' ? 'no rotation' : stage} <b>{counted[stage] ?? 0}</b>
        </button>
      ))}
    </fieldset>
  );
}
