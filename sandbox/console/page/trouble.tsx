/** Trouble on purpose: faults, the stop switch, an event of one's own, another world. */
import { useEffect, useState } from 'preact/hooks';
import type { ActAnswer, SceneChoice } from '../acts.ts';
import type { FaultView, OutsideView, Pulse } from '../view.ts';
import type { Do } from './app.tsx';
import { useView } from './live.ts';

interface Props {
  readonly pulse: Pulse;
  readonly act: Do;
}

export function TroublePane({ pulse, act }: Props) {
  return (
    <section class="trouble">
      <h2>Trouble</h2>
      <Faults pulse={pulse} act={act} />
      <StopSwitch pulse={pulse} act={act} />
      <OwnEvent pulse={pulse} act={act} />
      <NewWorld act={act} />
    </section>
  );
}

function Faults({ pulse, act }: Props) {
  return (
    <fieldset class="card">
      <legend>Faults</legend>
      {pulse.faults.map((fault) => (
        <Fault key={fault.name} fault={fault} act={act} />
      ))}
      <p class="soft">
        A forgetful program, and a person who changes or deletes a key by hand, are under ⋯ of a
        user in the <a href="#fleet">fleet</a>.
      </p>
    </fieldset>
  );
}

function Fault({ fault, act }: { readonly fault: FaultView; readonly act: Do }) {
  const { name, about, on, struck } = fault;
  /** What was clicked, until the world says the same. */
  const [asked, setAsked] = useState<boolean | null>(null);
  useEffect(() => {
    if (on === asked) setAsked(null);
  }, [on, asked]);
  const change = async (next: boolean) => {
    setAsked(next);
    const came = await act({ type: 'fault', name, on: next });
    if (!came.ok) setAsked(null);
  };
  return (
    <label class="check fault">
      <input
        type="checkbox"
        checked={asked ?? on}
        onChange={({ currentTarget }) => change(currentTarget.checked)}
      />
      <span>
        <b>{name}</b> {struck > 0 && <span class="flag wait">struck {struck} times</span>}
        <span class="soft note">{about}</span>
      </span>
    </label>
  );
}

function StopSwitch({ pulse, act }: Props) {
  const [why, setWhy] = useState('');
  return (
    <div class="card">
      <h3>Stop switch</h3>
      {pulse.stopped === null ? (
        <div class="inline">
          <input
            type="text"
            aria-label="Why Keyturn is stopped"
            placeholder="Why it is stopped"
            maxLength={200}
            value={why}
            onInput={({ currentTarget }) => setWhy(currentTarget.value)}
          />
          <button type="button" class="danger" onClick={() => act({ type: 'stop', why })}>
            Stop Keyturn
          </button>
        </div>
      ) : (
        <div class="inline">
          <p>Stopped: {pulse.stopped}. Findings are still claimed; nothing else happens.</p>
          <button type="button" onClick={() => act({ type: 'go' })}>
            Let it act again
          </button>
        </div>
      )}
    </div>
  );
}

function OwnEvent({ pulse, act }: Props) {
  const [event, setEvent] = useState('');
  const [answer, setAnswer] = useState<ActAnswer>();
  const seen = useView<OutsideView>('/api/outside', `${pulse.world}.${pulse.version}`);
  const examples = (seen?.deliveries ?? []).slice(0, 12);
  const problems = answer?.ok === true ? (answer.problems ?? []) : [];
  return (
    <div class="card">
      <h3>An event of your own</h3>
      <label class="field">
        <span>Begin with one that arrived</span>
        <select
          value=""
          onChange={({ currentTarget }) =>
            setEvent(examples[Number(currentTarget.value)]?.event ?? '')
          }
        >
          <option value="">choose …</option>
          {examples.map(({ kind, outcome, at }, index) => (
            <option key={`${at}${kind}${outcome}`} value={String(index)}>
              {at.slice(5, 16).replace('T', ' ')} {kind} ({outcome})
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>As EventBridge would deliver it, in JSON</span>
        <textarea
          rows={8}
          spellcheck={false}
          value={event}
          onInput={({ currentTarget }) => setEvent(currentTarget.value)}
        />
      </label>
      <button
        type="button"
        disabled={event.trim() === ''}
        onClick={async () => setAnswer(await act({ type: 'deliver', event }))}
      >
        Deliver it
      </button>
      {answer !== undefined && (
        <div class="came" role="status">
          <p class={answer.ok ? '' : 'bad'}>{answer.ok ? answer.said : answer.problem}</p>
          <ul>
            {problems.map((problem) => (
              <li key={problem} class="bad">
                {problem}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function NewWorld({ act }: { readonly act: Do }) {
  const [kind, setKind] = useState<SceneChoice['kind']>('fleet');
  const [seed, setSeed] = useState('7');
  const [users, setUsers] = useState(200);
  const scene: SceneChoice = kind === 'fleet' ? { kind, seed, users } : { kind };
  return (
    <div class="card">
      <h3>Another world</h3>
      <div class="inline">
        <label class="field">
          <span>Who is in it</span>
          <select
            value={kind}
            onChange={({ currentTarget }) => setKind(currentTarget.value as SceneChoice['kind'])}
          >
            <option value="company">the small company: seven stale keys</option>
            <option value="every mix">every mix of keys that a fleet holds</option>
            <option value="fleet">a fleet from a seed</option>
          </select>
        </label>
        {kind === 'fleet' && (
          <>
            <label class="field">
              <span>Seed</span>
              <input
                type="text"
                size={8}
                value={seed}
                onInput={({ currentTarget }) => setSeed(currentTarget.value)}
              />
            </label>
            <label class="field">
              <span>Users, at most 5,000</span>
              <input
                type="number"
                min={1}
                max={5000}
                value={users}
                onInput={({ currentTarget }) => setUsers(Number(currentTarget.value))}
              />
            </label>
          </>
        )}
        <button type="button" onClick={() => act({ type: 'begin', scene })}>
          Begin
        </button>
      </div>
      <p class="soft">This world is given up; nothing outside this process changes.</p>
    </div>
  );
}
