/** What arrived from AWS, and what went to PagerDuty and SNS. */
import type { OutsideView, Pulse } from '../view.ts';
import type { Do } from './app.tsx';
import { useView } from './live.ts';
import { Scroll } from './scroll.tsx';
import { minuteOf } from './words.ts';

interface Props {
  readonly pulse: Pulse;
  readonly act: Do;
}

export function OutsidePane({ pulse, act }: Props) {
  const seen = useView<OutsideView>('/api/outside', `${pulse.world}.${pulse.version}`);
  if (seen === undefined) return <p class="soft">Reading …</p>;
  return (
    <section class="outside">
      <h2>Events and pages</h2>
      <Incidents seen={seen} act={act} />
      <div class="card">
        <h3>SNS publications</h3>
        {seen.published.length === 0 && <p class="soft">Nothing was published yet.</p>}
        <ul class="list">
          {seen.published.map(({ id, at, subject, message }) => (
            <li key={id}>
              <span class="soft">{minuteOf(at)}</span> <b>{subject}</b>
              <span class="lines">{message}</span>
            </li>
          ))}
        </ul>
      </div>
      <Deliveries seen={seen} />
    </section>
  );
}

function Incidents({ seen, act }: { readonly seen: OutsideView; readonly act: Do }) {
  return (
    <div class="card">
      <h3>PagerDuty</h3>
      {seen.incidents.length === 0 && <p class="soft">Nobody was paged.</p>}
      <ul class="list">
        {seen.incidents.map(({ dedupKey, status, severity, summary, triggers }) => (
          <li key={`${dedupKey}${triggers}${summary}`}>
            <span class={`stage ${status === 'resolved' ? 'good' : 'bad'}`}>{status}</span>{' '}
            <span class="soft">{severity}</span> {summary}
            {status === 'triggered' && (
              <button type="button" onClick={() => act({ type: 'acknowledge', dedupKey })}>
                Acknowledge as Sam
              </button>
            )}
          </li>
        ))}
        {seen.changes.map(({ at, summary }) => (
          <li key={`${at}${summary}`}>
            <span class="stage none">change</span> <span class="soft">{minuteOf(at)}</span>{' '}
            {summary}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Deliveries({ seen }: { readonly seen: OutsideView }) {
  return (
    <div class="card">
      <h3>Events that arrived</h3>
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
