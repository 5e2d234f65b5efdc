/** Both keys over time, who used which when, and the versions of the secret. Ids, never values. */

import type { KeyView, RotationView } from '../view.ts';
import { Scroll } from './scroll.tsx';
import { minuteOf, momentOf, shortKey } from './words.ts';

interface Props {
  readonly seen: RotationView;
  readonly now: string;
}

export function Keys({ seen, now }: Props) {
  return (
    <div class="card">
      <h3>Keys and who used them</h3>
      <Lanes seen={seen} now={now} />
      <Uses seen={seen} />
      <h4>Secret</h4>
      {seen.secrets.length === 0 && <p class="soft">There is no secret for this user yet.</p>}
      {seen.secrets.map(({ name, region, versions }) => (
        <div key={region}>
          <p class="mono">
            {name} <span class="soft">{region}</span>
          </p>
          <ul class="versions">
            {versions.map(({ id, createdAt, labels }) => (
              <li key={id}>
                <code>{id}</code> <span class="soft">{minuteOf(createdAt)}</span>
                {labels.map((label) => (
                  <span key={label} class={`label ${label === 'AWSCURRENT' ? 'good' : ''}`}>
                    {label}
                  </span>
                ))}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

const left = 150;
const right = 790;
const lane = 34;

function Lanes({ seen, now }: Props) {
  const from = Date.parse(seen.openedAt) - 36 * 3_600_000;
  const to = Math.max(Date.parse(seen.until), from + 48 * 3_600_000);
  const at = (moment: string) =>
    left +
    (Math.min(Math.max(Date.parse(moment), from), to) - from) * ((right - left) / (to - from));
  const height = seen.keys.length * lane + 22;
  const said = seen.keys.map(({ role, keyId, status }) => `${role} ${shortKey(keyId)} ${status}`);
  return (
    <Scroll look="lanes" name="Keys over time">
      <svg viewBox={`0 0 800 ${height}`} role="img" aria-label={`${said.join(', ')}.`}>
        <Days from={from} to={to} height={height} />
        {seen.keys.map((key, index) => (
          <g key={key.keyId} transform={`translate(0 ${index * lane})`}>
            <text x="0" y="16" class="who">
              {key.role} {shortKey(key.keyId)}
            </text>
            <text x="0" y="29" class="soft">
              {key.status}
            </text>
            {spansOf(key, now).map(({ since, until, status }) => (
              <rect
                key={since}
                class={`span ${status}`}
                x={at(since)}
                y="8"
                width={Math.max(1, at(until) - at(since))}
                height="14"
                rx="3"
              />
            ))}
            {seen.moments
              .filter(({ keyId }) => keyId === key.keyId)
              .map((moment, number) => (
                <circle
                  key={number}
                  class={moment.refused ? 'use refused' : 'use'}
                  cx={at(moment.at)}
                  cy="15"
                  r="3"
                />
              ))}
          </g>
        ))}
      </svg>
    </Scroll>
  );
}

/** From one change of the key to the next. */
function spansOf({ createdAt, changes }: KeyView, now: string) {
  const turns = changes.length === 0 ? [{ at: createdAt, to: 'Active' }] : changes;
  return turns
    .map(({ at, to }, index) => ({ since: at, until: turns[index + 1]?.at ?? now, status: to }))
    .filter(({ status }) => status !== 'Gone');
}

function Days({ from, to, height }: { from: number; to: number; height: number }) {
  const day = 86_400_000;
  const every = Math.max(1, Math.ceil((to - from) / day / 8));
  const first = Math.ceil(from / day) * day;
  const days = Array.from({ length: Math.floor((to - first) / day) + 1 }, (_, index) => index);
  return (
    <>
      {days
        .filter((index) => index % every === 0)
        .map((index) => {
          const moment = first + index * day;
          const x = left + (moment - from) * ((right - left) / (to - from));
          return (
            <g key={moment}>
              <line x1={x} x2={x} y1="0" y2={height - 16} class="grid" />
              <text x={x} y={height - 4} class="soft" text-anchor="middle">
                {new Date(moment).toISOString().slice(5, 10)}
              </text>
            </g>
          );
        })}
    </>
  );
}

function Uses({ seen }: { readonly seen: RotationView }) {
  if (seen.uses.length === 0) {
    return <p class="soft">Nobody has used either key since this world began.</p>;
  }
  return (
    <Scroll look="wide" name="Uses of the keys">
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">From</th>
            <th scope="col">What for</th>
            <th scope="col" class="right">
              Times
            </th>
            <th scope="col" class="right">
              Refused
            </th>
            <th scope="col">First</th>
            <th scope="col">Latest</th>
          </tr>
        </thead>
        <tbody>
          {seen.uses.map(({ keyId, what, region, sourceIp, userAgent, ...use }) => (
            <tr key={[keyId, what, region, sourceIp, userAgent].join()}>
              <td class="mono exact">{shortKey(keyId)}</td>
              <td>
                <span class="mono">{sourceIp}</span> <span class="soft">{userAgent}</span>
              </td>
              <td>
                {what} <span class="soft">{region}</span>
              </td>
              <td class="right">{use.times}</td>
              <td class={use.refused > 0 ? 'right bad' : 'right'}>{use.refused}</td>
              <td class="exact">{momentOf(use.firstAt)}</td>
              <td class="exact">{momentOf(use.lastAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
