/** The journal, newest first: what happened, what was decided, what was ordered and came of it. */
import { useState } from 'preact/hooks';
import type { StageName } from '../../../domain/stage.ts';
import type { EffectView, EntryView, RotationView } from '../view.ts';
import { Run } from './run.tsx';
import { Scroll } from './scroll.tsx';
import { secondOf, toneOf } from './words.ts';

/** Looks and polls that moved nothing fill a journal, and are rarely what is looked for. */
const isOfInterest = ({ event, from, to, effects }: EntryView) =>
  from !== to || effects.length > 0 || !['evidence gathered', 'run still going'].includes(event);

export function Journal({ seen }: { readonly seen: RotationView }) {
  const [all, setAll] = useState(false);
  const entries = seen.journal.filter((entry) => all || isOfInterest(entry)).toReversed();
  const hidden = seen.journal.length - seen.journal.filter(isOfInterest).length;
  return (
    <div class="card journal">
      <div class="title">
        <h3>Journal</h3>
        <p class={seen.chainProblems.length === 0 ? 'chain good' : 'chain bad'}>
          {seen.chainProblems.length === 0
            ? `Hash chain verified: ${seen.journal.length} entries`
            : seen.chainProblems.join('; ')}
        </p>
        {hidden > 0 && (
          <label class="check">
            <input
              type="checkbox"
              checked={all}
              onChange={({ currentTarget }) => setAll(currentTarget.checked)}
            />
            {hidden} {hidden === 1 ? 'look' : 'looks'} that moved nothing
          </label>
        )}
      </div>
      <ol class="entries">
        {entries.map((entry) => (
          <Entry key={entry.version} entry={entry} />
        ))}
      </ol>
    </div>
  );
}

function Entry({ entry }: { readonly entry: EntryView }) {
  const { version, at, who, what, from, to, why, effects, hash, previousHash, kept } = entry;
  return (
    <li>
      <p class="happened">
        <span class="version">{version}</span>
        <time dateTime={at}>{secondOf(at)}</time>
        <span class="what">
          <b>{who}</b> {what}
        </span>
        {from !== to && (
          <span class={`stage ${toneOf(to as StageName)}`}>
            {from ?? 'nothing'} → {to}
          </span>
        )}
      </p>
      {why.map((each) => (
        <p key={each} class="why">
          {each}
        </p>
      ))}
      {effects.length > 0 && (
        <ul class="effects">
          {effects.map((effect) => (
            <Effect key={effect.id} effect={effect} told={why} />
          ))}
        </ul>
      )}
      <details class="hash">
        <summary class="mono">
          <span class="unseen">Entry {version} as it is kept, with its hashes: </span>
          {previousHash.slice(0, 10)}… → {hash.slice(0, 10)}…
        </summary>
        <Scroll look="as-kept" name={`Entry ${version}`}>
          <pre>{kept}</pre>
        </Scroll>
      </details>
    </li>
  );
}

/** What was overtaken by something newer is no trouble. */
function toneOfEnd(end: string): string {
  if (end === 'outstanding') return 'wait';
  return end.startsWith('superseded') ? 'none' : 'bad';
}

interface EffectProps {
  readonly effect: EffectView;
  /** What the entry says already. */
  readonly told: readonly string[];
}

function Effect({ effect: { type, text, end, run }, told }: EffectProps) {
  const isDone = end.startsWith('performed');
  const tone = isDone ? 'good' : toneOfEnd(end);
  return (
    <li>
      <span class="kind">{type}</span>
      <span class={`dot ${tone}`} aria-hidden="true" />
      <span class={isDone ? 'soft' : ''}>{end}</span>
      {!told.includes(text) && <span class="text">{text}</span>}
      {run !== null && <Run run={run} />}
    </li>
  );
}
