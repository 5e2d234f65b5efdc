/** Time and its controls, where rotations stand, and whether Keyturn is stopped. */
import { useState } from 'preact/hooks';
import type { Pulse } from '../view.ts';
import type { Do } from './app.tsx';
import { distance } from './words.ts';

interface Props {
  readonly pulse: Pulse;
  readonly connected: boolean;
  readonly act: Do;
}

const paces = [
  [10, '10 s'],
  [60, '1 min'],
  [600, '10 min'],
  [3600, '1 h'],
  [21600, '6 h'],
] as const;

export function TopBar({ pulse, connected, act }: Props) {
  const { now, start, until, stopped, faults } = pulse;
  const trouble = faults.filter(({ on }) => on);
  const state = until === null ? '' : `, going to ${until.slice(11, 16)}`;
  return (
    <header class="top">
      <h1>
        Keyturn <span class="soft">console</span>
      </h1>
      <p class="clock">
        <time dateTime={now}>
          {now.slice(0, 10)} <strong>{now.slice(11, 19)}</strong>
        </time>
        <span class="soft">
          UTC, {distance(now, start).replace('in ', '')} in{state}
        </span>
      </p>
      <TimeControls pulse={pulse} act={act} />
      <p class="flags">
        {!connected && <span class="flag bad">console not reached</span>}
        {stopped !== null && <span class="flag bad">stopped: {stopped}</span>}
        {trouble.map(({ name }) => (
          <a key={name} class="flag wait" href="#trouble">
            {name}
          </a>
        ))}
        {pulse.undelivered > 0 && <span class="flag bad">{pulse.undelivered} undelivered</span>}
      </p>
    </header>
  );
}

function TimeControls({ pulse, act }: Omit<Props, 'connected'>) {
  const [pace, setPace] = useState(600);
  const isMoving = pulse.playing !== null || pulse.until !== null;
  const choose = (seconds: number) => {
    setPace(seconds);
    if (pulse.playing !== null) void act({ type: 'play', secondsPerSecond: seconds });
  };
  return (
    <div class="controls" role="toolbar" aria-label="Time">
      {isMoving ? (
        <button type="button" class="main" onClick={() => act({ type: 'pause' })}>
          Pause
        </button>
      ) : (
        <button
          type="button"
          class="main"
          onClick={() => act({ type: 'play', secondsPerSecond: pace })}
        >
          Play
        </button>
      )}
      <label>
        <span class="unseen">Virtual time in a second</span>
        <select
          value={String(pulse.playing ?? pace)}
          onChange={({ currentTarget }) => choose(Number(currentTarget.value))}
        >
          {paces.map(([seconds, label]) => (
            <option key={seconds} value={String(seconds)}>
              {label} / s
            </option>
          ))}
        </select>
      </label>
      <button type="button" onClick={() => act({ type: 'step' })} disabled={isMoving}>
        Step
      </button>
      {[1, 24].map((hours) => (
        <button
          key={hours}
          type="button"
          onClick={() => act({ type: 'advance', hours })}
          disabled={isMoving}
        >
          +{hours} h
        </button>
      ))}
    </div>
  );
}
