/** S6: every secret value holds a canary, which is looked for wherever a value must not be. */
import type { Ledger } from '../ledger.ts';
import type { Invariant } from './invariant.ts';

/** With marks that look different in every encoding. */
export const canary = 'k3y/+in=cage';

export const nothingLeaks: Invariant = {
  id: 'S6',
  text:
    'A secret value appears in no state, journal, log, error, event, dead letter, runbook input ' +
    'or output, message: only in the vault.',
  atEnd: async (ledger) =>
    Object.entries(await places(ledger)).flatMap(([place, content]) => {
      const found = leakIn(content);
      return found === undefined ? [] : [`a secret value stands in ${place}, ${found}`];
    }),
};

/** Everything that people, machines and records get to see. */
async function places({ world, plan, rotations }: Ledger): Promise<Record<string, unknown>> {
  const { cloud, store, slack, pagerDuty, runner } = world;
  const ids = [...rotations.keys()];
  return {
    'the state': await Promise.all(ids.map((id) => store.load(id))),
    'the journal': await Promise.all(ids.map((id) => store.journal(id))),
    'the log': world.log,
    'an event': world.deliveries.map(({ event }) => event),
    'an undelivered event': world.undelivered,
    'a dead letter': cloud.queueMessages,
    'a runbook': plan.accounts.flatMap((account) => runner.list({ ...world.place, account })),
    // All that callers have a say in; the rest the sandbox made up.
    'what was called': cloud.history.map(({ accessKeyId, arn, input }) => [
      accessKeyId,
      arn,
      input,
    ]),
    Slack: [slack.messages(), slack.history(), slack.whispers()],
    PagerDuty: pagerDuty.incidents(),
    'what SNS published': cloud.published,
    'the bus': [cloud.busEvents, cloud.lostBusEvents],
  };
}

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
