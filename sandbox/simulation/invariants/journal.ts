/** S7 and S12: one rotation for a key, and a journal that tells all of it. */
import { isDeepStrictEqual } from 'node:util';
import { cryptoIds } from '../../../adapters/crypto-ids.ts';
import { chainProblems, type JournalEntry } from '../../../domain/journal.ts';
import type { Ledger } from '../ledger.ts';
import { isUnderWay } from '../truth.ts';
import { fine, type Invariant, type Problems } from './invariant.ts';

export const oneRotationPerKey: Invariant = {
  id: 'S7',
  text: 'There is one rotation per (account, key).',
  onCommit: (_committed, ledger) => {
    const open = [...ledger.rotations.values()].filter(
      ({ rotation }) => rotation.stage.name !== 'done',
    );
    const keys = open.map(({ rotation: { key } }) => `${key.user.account}/${key.keyId}`);
    return keys.filter((key, index) => keys.indexOf(key) !== index).map((key) => `two for ${key}`);
  },
  onAct: (act, ledger) => {
    if (act.operation !== 'StartAutomationExecution' || act.by !== 'keyturn') return fine;
    const oldKeyId = oldKeyOf(act.input);
    const runs = ledger.world.runner
      .list({ ...ledger.world.place, account: act.account })
      .filter(isUnderWay)
      .filter(({ Parameters }) => Parameters?.OldKeyId?.[0] === oldKeyId);
    return runs.length <= 1
      ? fine
      : [`${runs.map((run) => run.DocumentName).join(' and ')} run at once for ${oldKeyId}`];
  },
};

function oldKeyOf(input: Readonly<Record<string, unknown>>): string | undefined {
  const { Parameters } = input as { readonly Parameters?: Record<string, readonly string[]> };
  return Parameters?.OldKeyId?.[0];
}

export const journalTellsAll: Invariant = {
  id: 'S12',
  text:
    'State, journal and orders change together, before anything is done; state can be rebuilt ' +
    'from the journal; nothing is lost.',
  onCommit: ({ entry, before }, ledger) => {
    const version = (before?.version ?? 0) + 1;
    return [
      ...runProblems(entry, ledger),
      ...(entry.version === version ? [] : [`entry ${entry.version} follows ${version - 1}`]),
      ...(entry.state.stage.name === entry.to ? [] : [`entry ${entry.version} is not its state`]),
      ...(entry.from === (before?.stage.name ?? null)
        ? []
        : [`entry ${entry.version} comes from ${entry.from}, it was ${before?.stage.name}`]),
    ];
  },
  onAct: (act, ledger) => {
    if (act.operation !== 'StartAutomationExecution' || act.by !== 'keyturn') return fine;
    const { ClientToken, DocumentName } = act.input;
    return orderedTokens(ledger, oldKeyOf(act.input)).includes(String(ClientToken))
      ? fine
      : [`${DocumentName} was started before anybody had written down that it is`];
  },
  atEnd: async (ledger) => {
    const all = [...ledger.rotations.keys()].map((id) => problemsOf(ledger, id));
    return (await Promise.all(all)).flat();
  },
};

/** Of every run that the rotations of a key have ordered. */
function orderedTokens({ rotations }: Ledger, oldKeyId: string | undefined): readonly string[] {
  return [...rotations.values()]
    .filter(({ rotation }) => rotation.key.keyId === oldKeyId)
    .flatMap(({ entries }) => entries.flatMap(({ entry }) => entry.effects))
    .filter(({ effect }) => effect.type === 'start runbook')
    .map(({ id }) => cryptoIds.uuid(id));
}

/** A run that is noted as started is one that SSM knows. */
function runProblems({ event, state }: JournalEntry, { world }: Ledger): Problems {
  if (event.type !== 'run started') return fine;
  const place = { ...world.place, account: state.key.user.account };
  const isThere = world.runner
    .list(place)
    .some(({ AutomationExecutionId }) => AutomationExecutionId === event.executionId);
  return isThere ? fine : [`a run is noted as started, and SSM has none: ${event.executionId}`];
}

async function problemsOf(ledger: Ledger, id: string): Promise<Problems> {
  const { store } = ledger.world;
  const [state, journal] = [await store.load(id), await store.journal(id)];
  const committed = ledger.rotations.get(id)?.entries.map(({ entry }) => entry) ?? [];
  const unsettled = journal
    .flatMap(({ effects }) => effects)
    .filter(({ id: effectId }) => !ledger.settled.has(effectId));
  return [
    ...chainProblems(journal, cryptoIds.digest),
    ...(isDeepStrictEqual(journal.at(-1)?.state, state)
      ? []
      : [`${id}: not its last entry's state`]),
    ...(isDeepStrictEqual(journal, committed) ? [] : [`${id}: the journal was changed afterwards`]),
    ...unsettled.map((each) => `${each.id} (${each.effect.type}) was never settled`),
  ];
}
