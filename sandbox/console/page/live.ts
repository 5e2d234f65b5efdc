/** How the page hears and speaks: the pulse by server-sent events, views by GET, acts by POST. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Act, ActAnswer } from '../acts.ts';
import type { FleetView, Pulse, Row } from '../view.ts';

const token =
  document.querySelector<HTMLMetaElement>('meta[name=keyturn-token]')?.content ?? 'none';

export interface Heard {
  /** undefined until the server has spoken. */
  readonly pulse: Pulse | undefined;
  /** Whether the server is there. */
  readonly connected: boolean;
}

/** The browser connects again by itself, and then hears everything anew. */
export function usePulse(): Heard {
  const [heard, setHeard] = useState<Heard>({ pulse: undefined, connected: false });
  useEffect(() => {
    const source = new EventSource('/api/live');
    let opened: string | undefined;
    source.onmessage = ({ data }) => {
      const pulse: Pulse = JSON.parse(data);
      // What was started anew has another token and another world: the page begins anew as well.
      if (opened !== undefined && opened !== pulse.opened) location.reload();
      opened = pulse.opened;
      setHeard({ pulse, connected: true });
    };
    source.onerror = () => setHeard(({ pulse }) => ({ pulse, connected: false }));
    return () => source.close();
  }, []);
  return heard;
}

/** What came of an act; a problem too where the server is gone. */
export async function perform(act: Act): Promise<ActAnswer> {
  try {
    const answer = await fetch('/api/act', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-keyturn-token': token },
      body: JSON.stringify(act),
    });
    return (await answer.json()) as ActAnswer;
  } catch {
    return { ok: false, problem: 'The console does not answer: is it still running?' };
  }
}

async function read<T>(path: string): Promise<T | undefined> {
  try {
    const answer = await fetch(path);
    return answer.ok ? ((await answer.json()) as T) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A view as it is at that version. While it is read it is not read again; what changed meanwhile is
 * read afterwards. null: nothing is looked at.
 */
export function useView<T>(path: string | null, version: string): T | undefined {
  const [seen, setSeen] = useState<{ readonly path: string; readonly view: T | undefined }>();
  const wanted = useRef<{ path: string | null; version: string; busy: boolean }>({
    path: null,
    version: '',
    busy: false,
  });
  useEffect(() => {
    const state = wanted.current;
    Object.assign(state, { path, version });
    const follow = async () => {
      if (state.busy) return;
      state.busy = true;
      for (let done = ''; state.path !== null && done !== `${state.path} ${state.version}`; ) {
        const now = state.path;
        done = `${now} ${state.version}`;
        const view = await read<T>(now);
        if (state.path === now) setSeen({ path: now, view });
      }
      state.busy = false;
    };
    void follow();
  }, [path, version]);
  return seen !== undefined && seen.path === path ? seen.view : undefined;
}

export interface Fleet {
  readonly rows: readonly Row[];
  readonly staleDays: number;
}

/** All rows of the fleet, of which only those that changed are read. */
export function useFleet(pulse: Pulse): Fleet {
  const kept = useRef({ world: 0, version: 0, rows: new Map<string, Row>() });
  const [fleet, setFleet] = useState<Fleet>({ rows: [], staleDays: 90 });
  const { world } = kept.current;
  const since = world === pulse.world ? kept.current.version : 0;
  const view = useView<FleetView>(`/api/fleet?since=${since}`, `${pulse.world}.${pulse.version}`);
  useEffect(() => {
    if (view === undefined) return;
    const state = kept.current;
    if (state.world !== view.world) state.rows = new Map();
    for (const row of view.rows) state.rows.set(row.id, row);
    Object.assign(state, { world: view.world, version: view.version });
    setFleet({ rows: [...state.rows.values()], staleDays: view.staleDays });
  }, [view]);
  return fleet;
}
