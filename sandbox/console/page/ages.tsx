/** The ages of all keys as bars. Each bar is a button that shows only the users of its keys. */
import { useMemo } from 'preact/hooks';
import type { Row } from '../view.ts';
import { daysBetween } from './words.ts';

const bands = [
  { from: 0, label: '0–29' },
  { from: 30, label: '30–59' },
  { from: 60, label: '60–89' },
  { from: 90, label: '90–179' },
  { from: 180, label: '180–364' },
  { from: 365, label: '1–2 y' },
  { from: 730, label: '2 y +' },
] as const;

/** Which bar a key stands in on that day. */
export function bandOf(createdAt: string, day: string): number {
  const age = daysBetween(createdAt, `${day}T23:59:59Z`);
  return bands.findLastIndex(({ from }) => age >= from);
}

interface Props {
  readonly rows: readonly Row[];
  readonly day: string;
  readonly staleDays: number;
  readonly chosen: number | null;
  readonly choose: (band: number | null) => void;
}

export function Ages({ rows, day, staleDays, chosen, choose }: Props) {
  const counts = useMemo(() => {
    const found = bands.map(() => 0);
    for (const { keys } of rows) {
      for (const { createdAt } of keys) {
        const band = bandOf(createdAt, day);
        if (band >= 0) found[band] = (found[band] ?? 0) + 1;
      }
    }
    return found;
  }, [rows, day]);
  const most = Math.max(1, ...counts);
  return (
    <fieldset class="ages">
      <legend>Age of keys, in days</legend>
      {bands.map(({ from, label }, index) => {
        const count = counts[index] ?? 0;
        return (
          <button
            key={from}
            type="button"
            class={from >= staleDays ? 'age stale' : 'age'}
            aria-pressed={chosen === index}
            onClick={() => choose(chosen === index ? null : index)}
          >
            <span class="bar-room">
              <span class="number">{count}</span>
              <span class="bar" style={{ height: `${(count / most) * 100}%` }} />
            </span>
            <span class="label">
              <span class="unseen">keys of </span>
              {label}
              <span class="unseen"> days</span>
            </span>
          </button>
        );
      })}
    </fieldset>
  );
}
