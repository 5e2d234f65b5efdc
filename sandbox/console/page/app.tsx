/** The frame: time above, the machine's side beside the people's side. What is shown is the URL. */
import type { RefObject } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Act, ActAnswer, PersonaKey } from '../acts.ts';
import type { Pulse } from '../view.ts';
import { BesidePane } from './beside.tsx';
import { FleetPane } from './fleet.tsx';
import { perform, usePulse } from './live.ts';
import { OutsidePane } from './outside.tsx';
import { RotationPane } from './rotation.tsx';
import { RunsPane } from './runs.tsx';
import { SlackPane } from './slack.tsx';
import { TopBar } from './top-bar.tsx';
import { TroublePane } from './trouble.tsx';

/** Does something, and shows what came of it. */
export type Do = (act: Act) => Promise<ActAnswer>;

const tabs = [
  ['fleet', 'Fleet'],
  ['slack', 'Slack'],
  ['rotation', 'Rotation'],
  ['runbooks', 'Runbooks'],
  ['outside', 'Events'],
  ['trouble', 'Trouble'],
] as const;

type Tab = (typeof tabs)[number][0];

interface Place {
  readonly tab: Tab;
  readonly rotation: string | null;
}

/** `#rotation/<id>`, `#fleet` … A tab without a rotation keeps the one that was looked at. */
function placeIn(hash: string, before: string | null): Place {
  const [name = '', id] = hash.slice(1).split('/');
  const tab = tabs.find(([each]) => each === name)?.[0] ?? 'fleet';
  return { tab, rotation: id === undefined || id === '' ? before : id };
}

function usePlace(): Place {
  const [place, setPlace] = useState(() => placeIn(location.hash, null));
  useEffect(() => {
    const follow = () => setPlace(({ rotation }) => placeIn(location.hash, rotation));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return place;
}

/** Whom one acts as lasts as long as the tab of the browser. */
function usePersona(): readonly [PersonaKey, (as: PersonaKey) => void] {
  const [as, setAs] = useState(() => (sessionStorage.getItem('as') ?? 'ada') as PersonaKey);
  const change = useCallback((next: PersonaKey) => {
    sessionStorage.setItem('as', next);
    setAs(next);
  }, []);
  return [as, change];
}

export function App() {
  const { pulse, connected } = usePulse();
  const [answer, setAnswer] = useState<ActAnswer>();
  const act: Do = useCallback(async (asked) => {
    const came = await perform(asked);
    setAnswer(came);
    return came;
  }, []);
  if (pulse === undefined) return <p class="loading">Waiting for the console …</p>;
  return <Frame pulse={pulse} connected={connected} act={act} answer={answer} />;
}

interface FrameProps {
  readonly pulse: Pulse;
  readonly connected: boolean;
  readonly act: Do;
  readonly answer: ActAnswer | undefined;
}

function Frame({ pulse, connected, act, answer }: FrameProps) {
  const { tab, rotation } = usePlace();
  const [as, setAs] = usePersona();
  const main = useArrival(`${tab}/${tab === 'rotation' ? rotation : ''}`, tab);
  return (
    <div class={`frame at-${tab}`}>
      <TopBar pulse={pulse} connected={connected} act={act} />
      <Said answer={answer} />
      <nav aria-label="Views">
        {tabs.map(([name, label]) => (
          <a
            key={name}
            href={name === 'rotation' && rotation !== null ? `#rotation/${rotation}` : `#${name}`}
            class={`tab-${name}`}
            aria-current={tab === name ? 'page' : undefined}
          >
            {label}
          </a>
        ))}
      </nav>
      <main ref={main} tabIndex={-1}>
        <div class="pane">
          {tab === 'rotation' && <RotationPane pulse={pulse} id={rotation} />}
          {tab === 'runbooks' && <RunsPane pulse={pulse} />}
          {tab === 'outside' && <OutsidePane pulse={pulse} />}
          {tab === 'trouble' && <TroublePane pulse={pulse} act={act} />}
          <div class="keep" hidden={tab !== 'fleet' && tab !== 'slack'}>
            <FleetPane pulse={pulse} act={act} as={as} />
          </div>
        </div>
        <div class="people">
          <SlackPane
            pulse={pulse}
            act={act}
            as={as}
            setAs={setAs}
            rotation={tab === 'rotation' ? rotation : null}
          />
          <BesidePane pulse={pulse} act={act} />
        </div>
      </main>
    </div>
  );
}

/**
 * Whoever goes to another view by keyboard, or by ear, arrives there: where they were may be hidden
 * now. The first view takes nothing away.
 */
function useArrival(place: string, tab: Tab): RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null);
  const before = useRef(place);
  useEffect(() => {
    const label = tabs.find(([name]) => name === tab)?.[1];
    document.title = `${label} · Keyturn console`;
    if (before.current === place) return;
    before.current = place;
    // Whoever goes along the tabs stays there.
    if (document.activeElement?.closest('nav') == null) main.current?.focus();
  }, [place, tab]);
  return main;
}

/** What came of an act stands in the way of what is below it, so it goes again. */
const shownMillis = 6000;

/** What came of the last act, for the eye and for screen readers. */
function Said({ answer }: { readonly answer: ActAnswer | undefined }) {
  const [seen, setSeen] = useState<ActAnswer>();
  useEffect(() => {
    const timer = setTimeout(() => setSeen(answer), shownMillis);
    return () => clearTimeout(timer);
  }, [answer]);
  if (answer === seen) return <p class="said" role="status" />;
  const text = answer === undefined ? '' : answer.ok ? answer.said : answer.problem;
  const isBad = answer !== undefined && (!answer.ok || (answer.problems ?? []).length > 0);
  return (
    <p class={`said ${isBad ? 'bad' : ''}`} role="status">
      {text}
    </p>
  );
}
