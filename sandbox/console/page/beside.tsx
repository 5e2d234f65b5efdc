/** Beside Slack: what PagerDuty was told, who acknowledged it, and what SNS published. */
import type { OutsideView, Pulse } from '../view.ts';
import type { Do } from './app.tsx';
import { useView } from './live.ts';
import { Scroll } from './scroll.tsx';
import { minuteOf } from './words.ts';

interface Props {
  readonly pulse: Pulse;
  readonly act: Do;
}

export function BesidePane({ pulse, act }: Props) {
  const seen = useView<OutsideView>('/api/outside', `${pulse.world}.${pulse.version}`);
  return (
    <section class="beside" aria-labelledby="beside-title">
      <div class="title">
        <h2 id="beside-title">PagerDuty and SNS</h2>
        <p class="soft">{pulse.openIncidents} open</p>
      </div>
      {seen !== undefined && (
        <Scroll look="told" name="Pages and publications">
          <Incidents seen={seen} act={act} />
          <Published seen={seen} />
        </Scroll>
      )}
    </section>
  );
}

function Incidents({ seen, act }: { readonly seen: OutsideView; readonly act: Do }) {
  return (
    <div>
      <h3>PagerDuty</h3>
      {seen.incidents.length === 0 && <p class="soft">Nobody was paged.</p>}
      <ul class="list">
        {seen.incidents.map(({ dedupKey, status, severity, summary, triggers, rotation }) => (
          <li key={`${dedupKey}${triggers}${summary}`}>
            <span class={`stage ${toneOfIncident(status)}`}>{status}</span>{' '}
            <span class="soft">{severity}</span> {summary} <About rotation={rotation} />
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

function Published({ seen }: { readonly seen: OutsideView }) {
  return (
    <div>
      <h3>SNS</h3>
      {seen.published.length === 0 && <p class="soft">Nothing was published yet.</p>}
      <ul class="list">
        {seen.published.map(({ id, at, subject, message, rotation }) => (
          <li key={id}>
            <details>
              <summary>
                <span class="soft">{minuteOf(at)}</span> {subject}
              </summary>
              <span class="lines">{message}</span>
            </details>
            <About rotation={rotation} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function About({ rotation }: { readonly rotation: string | null }) {
  return rotation === null ? null : <a href={`#rotation/${rotation}`}>Rotation</a>;
}

function toneOfIncident(status: string): string {
  if (status === 'resolved') return 'good';
  return status === 'acknowledged' ? 'wait' : 'bad';
}
