/** The latest executions of runbooks, in all accounts. */
import type { Pulse, RunView } from '../view.ts';
import { useView } from './live.ts';
import { Run } from './run.tsx';

export function RunsPane({ pulse }: { readonly pulse: Pulse }) {
  const runs = useView<readonly RunView[]>('/api/runs', `${pulse.world}.${pulse.version}`) ?? [];
  return (
    <section class="runs" aria-labelledby="runs-title">
      <div class="title">
        <h2 id="runs-title">Runbook executions</h2>
        <p class="soft">{pulse.runsInFlight} in flight; the latest first</p>
      </div>
      {runs.length === 0 && <p class="soft">No runbook has run yet.</p>}
      {runs.map((run) => (
        <article key={run.id} class="card">
          <h3>
            <a href={`#rotation/${run.rotation}`}>{run.userName}</a>{' '}
            <span class="soft mono">{run.account}</span>
          </h3>
          <Run run={run} />
        </article>
      ))}
    </section>
  );
}
