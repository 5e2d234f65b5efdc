/** What arrived from AWS, and what each event came to. */
import type { OutsideView, Pulse } from '../view.ts';
import { useView } from './live.ts';
import { Scroll } from './scroll.tsx';
import { minuteOf } from './words.ts';

interface Props {
  readonly pulse: Pulse;
}

export function OutsidePane({ pulse }: Props) {
  const seen = useView<OutsideView>('/api/outside', `${pulse.world}.${pulse.version}`);
  if (seen === undefined) return <p class="soft">Reading …</p>;
  return (
    <section class="outside">
      <h2>Events that arrived</h2>
      <Deliveries seen={seen} />
    </section>
  );
}

function Deliveries({ seen }: { readonly seen: OutsideView }) {
  return (
    <div class="card">
      {seen.undelivered.map(({ at, problem }) => (
        <p key={at} class="bad">
          {minuteOf(at)} no handler took it within a day: {problem}
        </p>
      ))}
      {seen.deliveries.length === 0 && <p class="soft">None yet.</p>}
      <ul class="list">
        {seen.deliveries.map(({ at, kind, outcome, reason, problems, event }, index) => (
          <li key={`${at}${seen.deliveries.length - index}`}>
            <details>
              <summary>
                <span class={`stage ${toneOfOutcome(outcome)}`}>{outcome}</span>{' '}
                <span class="soft">{minuteOf(at)}</span> {kind}
              </summary>
              <Scroll look="as-kept" name={`Event ${kind}`}>
                <pre>{event}</pre>
              </Scroll>
            </details>
            <span class="soft note">{reason}</span>
            {problems.map((problem) => (
              <span key={problem} class="bad note">
                {problem}
              </span>
            ))}
          </li>
        ))}
      </ul>
    </div>
  );
}

function toneOfOutcome(outcome: string): string {
  if (outcome === 'rejected') return 'bad';
  return outcome === 'ignored' ? 'none' : 'good';
}
