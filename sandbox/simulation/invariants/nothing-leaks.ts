/** S6: every secret value holds a canary, which is looked for wherever a value must not be. */
import type { ParameterRecord } from '../../account/parameters.ts';
import type { Runner } from '../../sandbox-runner.ts';
import type { Ledger } from '../ledger.ts';
import { isUnderWay } from '../truth.ts';
import { fine, type Invariant, type Problems } from './invariant.ts';
import { smtpPasswordsOf } from './smtp-passwords.ts';

/** With marks that look different in every encoding. */
export const canary = 'k3y/+in=cage';

export const nothingLeaks: Invariant = {
  id: 'S6',
  text:
    'A secret value appears in no state, journal, log, error, event, dead letter, runbook input ' +
    'or output, message: only in the vault.',
  onCommit: ({ entry }) => problemIn('the journal', entry),
  daily: (ledger) => [
    ...growing(ledger).flatMap(([place, list]) => problemIn(place, unread(ledger, place, list))),
    ...(isTenthDay(ledger) ? others(ledger) : []).flatMap(([place, content]) =>
      problemIn(place, content),
    ),
  ],
  atEnd: async (ledger) => {
    const { store } = ledger.world;
    const ids = [...ledger.rotations.keys()];
    const kept: readonly Place<unknown>[] = [
      ['the state', await Promise.all(ids.map((id) => store.load(id)))],
      ['the journal', await Promise.all(ids.map((id) => store.journal(id)))],
    ];
    const derived = smtpPasswordsOf(ledger);
    return [
      ...kept.flatMap(([place, content]) => problemIn(place, content)),
      ...[...kept, ...growing(ledger), ...others(ledger)].flatMap(([place, content]) =>
        derivedIn(derived, place, content),
      ),
      ...growing(ledger).flatMap(([place, list]) => problemIn(place, unread(ledger, place, list))),
      ...others(ledger).flatMap(([place, content]) => problemIn(place, content)),
    ];
  },
};

type Place<Content> = readonly [name: string, content: Content];

/** What only ever grows: each line of it is looked at once. */
function growing({ world }: Ledger): readonly Place<readonly unknown[]>[] {
  const { cloud, slack } = world;
  return [
    ['the log', world.log],
    ['what was asked of GitHub', world.gitHub.calls],
    ['an event', world.deliveries],
    ['an undelivered event', world.undelivered],
    ['a dead letter', cloud.queueMessages],
    ['what was called', cloud.history],
    ['what Slack heard', slack.history()],
    ['what Slack whispered', slack.whispers()],
    ['what SNS published', cloud.published],
    ['the bus', cloud.busEvents],
    ['what the bus lost', cloud.lostBusEvents],
  ];
}

/** How far each list was read, by world. */
const readTo = new WeakMap<Ledger, Map<string, number>>();

function unread(ledger: Ledger, place: string, list: readonly unknown[]): readonly unknown[] {
  const known = readTo.get(ledger) ?? new Map<string, number>();
  readTo.set(ledger, known);
  const from = known.get(place) ?? 0;
  known.set(place, list.length);
  return list.slice(from);
}

/** What changes in its place is long, and is read whole: not every day. */
function isTenthDay(ledger: Ledger): boolean {
  const known = readTo.get(ledger) ?? new Map<string, number>();
  readTo.set(ledger, known);
  const day = (known.get('days') ?? 0) + 1;
  known.set('days', day);
  return day % 10 === 0;
}

/** What changes in its place. */
function others(ledger: Ledger): readonly Place<unknown>[] {
  const { world, plan } = ledger;
  const { cloud, slack, pagerDuty, runner, place } = world;
  return plan.accounts
    .flatMap((account): readonly Place<unknown>[] => [
      ['a runbook', runner.list({ ...place, account }).filter((run) => isNews(ledger, run))],
      ['a tag of a secret', cloud.truth(account).secrets.map(({ name, tags }) => ({ name, tags }))],
      ['a parameter that shows itself', cloud.parameters(account, place.region).map(shownBy)],
    ])
    .concat([
      ['Slack', slack.messages()],
      ['PagerDuty', pagerDuty.incidents()],
    ]);
}

/** A run that has ended says nothing new. */
function isNews(ledger: Ledger, run: ReturnType<Runner['list']>[number]): boolean {
  const isNew = unread(ledger, `run ${run.AutomationExecutionId}`, [run]).length > 0;
  if (isUnderWay(run)) readTo.get(ledger)?.delete(`run ${run.AutomationExecutionId}`);
  return isNew;
}

/** What anybody sees who may list parameters: of those that are no SecureString, the value too. */
function shownBy({ name, tags, versions }: ParameterRecord): object {
  const shown = versions.map(({ kind, value, description, labels }) => ({
    ...{ description, labels: [...labels] },
    ...(kind === 'SecureString' && name.startsWith('/keyturn/') ? {} : { value }),
  }));
  return { name, tags, shown };
}

function problemIn(place: string, content: unknown): Problems {
  const found = leakIn(place === 'what was called' ? asCallersSaid(content) : content);
  return found === undefined ? fine : [`a secret value stands in ${place}, ${found}`];
}

/** Looked at once, in the end: what it is derived from would have been found before. */
function derivedIn(passwords: readonly string[], place: string, content: unknown): Problems {
  if (passwords.length === 0) return fine;
  const text = JSON.stringify(content) ?? '';
  const stands = passwords.some((each) => text.includes(each));
  return stands ? [`an SMTP password of SES stands in ${place}`] : fine;
}

/** All of a call that callers have a say in; the rest the sandbox made up. */
function asCallersSaid(calls: unknown): unknown {
  return (calls as readonly Call[]).map(({ accessKeyId, arn, input }) => [accessKeyId, arn, input]);
}

type Call = Ledger['world']['cloud']['history'][number];

/** In which form something holds the canary; undefined if in none. */
export function leakIn(content: unknown): string | undefined {
  const text = JSON.stringify(content) ?? '';
  return forms.find(([, form]) => text.includes(form))?.[0];
}

const forms: readonly (readonly [string, string])[] = [
  ['as it is', canary],
  ['URL-encoded', encodeURIComponent(canary)],
  ['JSON-escaped', canary.replaceAll('/', '\\\\/')],
  ['in hexadecimal', Buffer.from(canary).toString('hex')],
  ...[0, 1, 2].map((shift): [string, string] => ['in base64', base64At(shift)]),
];

/** The part of the canary's base64 that does not depend on what stands around it. */
function base64At(shift: number): string {
  const text = Buffer.from(`${'-'.repeat(shift)}${canary}`)
    .toString('base64')
    .replace(/=+$/, '');
  return text.slice(shift === 0 ? 0 : 4, -3);
}
