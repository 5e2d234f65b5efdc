/** How the evidence page looks: in light and dark, narrow and wide, on the screen and on paper. */

import { html } from './html-text.ts';

export const pageStyle = html`
:root { color-scheme: light dark; --ground: #fff; --text: #1b1f24; --soft: #57606a;
  --line: #d0d7de; --band: #f3f5f7; --bar: #1f5fa8; --bad: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #14171c; --text: #e6e9ed; --soft: #a9b2bd; --line: #3a424c; --band: #1d2229;
    --bar: #7fb2ee; --bad: #ff9a92; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1rem; background: var(--ground);
  color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.25rem; margin-top: 2.5rem; }
h3 { font-size: 1.05rem; }
a { color: var(--bar); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; padding: 0; list-style: none; }
.soft, figcaption, caption { color: var(--soft); }
.bad { color: var(--bad); font-weight: 600; }
.charts { display: grid; gap: 1rem 2rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
figure { margin: 0; min-width: 0; }
.wide { overflow-x: auto; }
.wide:focus-visible, summary:focus-visible, a:focus-visible { outline: 3px solid var(--bar);
  outline-offset: 2px; }
svg { display: block; width: 100%; min-width: 26rem; height: auto;
  font: 12px system-ui, sans-serif; }
svg text { fill: var(--soft); } svg .value { fill: var(--text); }
svg .bar, svg .point { fill: var(--bar); } svg .course { stroke: var(--bar); stroke-width: 2; }
svg .grid { stroke: var(--line); } svg .axis { stroke: var(--soft); }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem;
  border-bottom: 1px solid var(--line); min-width: 4rem; }
thead th { background: var(--band); overflow-wrap: normal; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
details { border-bottom: 1px solid var(--line); padding: .4rem 0; }
figure details { border: 0; } summary { cursor: pointer; }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .1rem 1rem; }
dt { color: var(--soft); } dd { margin: 0; }
ul { padding-left: 1.2rem; } code { font-family: ui-monospace, monospace; font-size: .9em; }
@media print {
  :root { color-scheme: light; --ground: #fff; --text: #000; --soft: #333; --line: #999;
    --band: #eee; --bar: #1f5fa8; --bad: #900; }
  body { max-width: none; padding: 0; font-size: 10pt; } nav { display: none; }
  .wide { overflow: visible; } svg { min-width: 0; max-width: 14cm; }
  figure, tr { break-inside: avoid; } h2, h3, summary { break-after: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
