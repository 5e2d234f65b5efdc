/** One rotation: where the machine stands, its keys, who used them, and how it came to that. */
import type { Pulse, RotationView } from '../view.ts';
import { Journal } from './journal.tsx';
import { Keys } from './keys.tsx';
import { useView } from './live.ts';
import { Machine } from './machine.tsx';
import { distance, minuteOf, shortKey, toneOf } from './words.ts';

interface Props {
  readonly pulse: Pulse;
  readonly id: string | null;
}

export function RotationPane({ pulse, id }: Props) {
  const path = id === null ? null : `/api/rotation?id=${encodeURIComponent(id)}`;
  const seen = useView<RotationView | null>(path, `${pulse.world}.${pulse.version}`);
  if (id === null) {
    return (
      <section class="empty">
        <h2>No rotation is chosen</h2>
        <p>
          Choose a user in the <a href="#fleet">fleet</a> that has one. Findings arrive as time
          passes: press Play.
        </p>
      </section>
    );
  }
  if (seen === undefined) return <p class="empty soft">Reading …</p>;
  return seen === null ? (
    <section class="empty">
      <h2>Rotation</h2>
      <p>
        There is no such rotation in this world. Those that there are can be chosen in the{' '}
        <a href="#fleet">fleet</a>.
      </p>
    </section>
  ) : (
    <Rotation seen={seen} now={pulse.now} />
  );
}

function Rotation({ seen, now }: { readonly seen: RotationView; readonly now: string }) {
  const { account, userName, stage, reason, deadline, kind, owner, openedAt } = seen;
  return (
    <section class="rotation" aria-labelledby="rotation-title">
      <div class="title">
        <h2 id="rotation-title">
          {userName} <span class="soft mono">{account}</span>
        </h2>
        <span class={`stage ${toneOf(stage)}`}>{stage}</span>
      </div>
      <p class="reason">{reason}</p>
      <Others seen={seen} />
      <Machine seen={seen} />
      <dl class="facts">
        <dt>Next</dt>
        <dd>
          {deadline === null
            ? 'nothing by itself'
            : `${deadline.what} ${minuteOf(deadline.at)} (${distance(deadline.at, now)})`}
        </dd>
        <dt>Owner</dt>
        <dd>{owner}</dd>
        <dt>Kind</dt>
        <dd>{kind === 'replace' ? 'a new key comes first' : 'nobody uses the key: retired'}</dd>
        <dt>Claimed</dt>
        <dd>{minuteOf(openedAt)}</dd>
      </dl>
      <Keys seen={seen} now={now} />
      <Findings seen={seen} />
      <Journal seen={seen} />
    </section>
  );
}

function Others({ seen: { others } }: { readonly seen: RotationView }) {
  if (others.length === 0) return null;
  return (
    <p class="others">
      Also of this user:{' '}
      {others.map(({ id, keyId, stage }) => (
        <a key={id} href={`#rotation/${id}`}>
          key {shortKey(keyId)}, {stage}
        </a>
      ))}
    </p>
  );
}

function Findings({ seen }: { readonly seen: RotationView }) {
  return (
    <div class="card">
      <h3>Security Hub</h3>
      {seen.findings.length === 0 && <p class="soft">No finding about this user is there.</p>}
      {seen.findings.map(({ id, title, workflow, note }) => (
        <p key={id} class="finding">
          <span class={`stage ${workflow === 'RESOLVED' ? 'good' : 'wait'}`}>{workflow}</span>{' '}
          {title}
          <span class="soft note">{note}</span>
        </p>
      ))}
    </div>
  );
}
