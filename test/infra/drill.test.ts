/** Drills are deployed only where a stage says so, with a role that reaches dummies alone. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { drillPath } from '../../domain/drill.ts';
import type { Resource } from './packaged-stack.ts';

const infra = join(import.meta.dirname, '..', '..', 'infra');
const load = createRequire(import.meta.url);

interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}
interface Deployed {
  readonly environment: string;
  readonly function: { readonly name: string } | null;
  readonly stack: { readonly Resources: Readonly<Record<string, Resource>> };
}

interface State {
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
}
interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

const drillIn = (drill: 'yes' | 'no'): Promise<Deployed> =>
  load(join(infra, 'drill.cjs'))({
    resolveVariable: async (name: string) => {
      if (name === 'sls:stage') return 'dev';
      return name === 'param:drill' ? drill : '';
    },
  });

test('unless a stage says so, there is nothing of it', async () => {
  expect(await drillIn('no')).toEqual({
    environment: 'none',
    function: null,
    stack: { Resources: {} },
  });
});

describe('where a stage says so', () => {
  test('functions are told, and machine, function and roles are deployed', async () => {
    const { environment, function: deployed, stack } = await drillIn('yes');
    expect(environment).toBe('held');
    expect(deployed?.name).toBe('keyturn-dev-drill');
    expect(Object.keys(stack.Resources)).toEqual(['DrillRole', 'DrillMachineRole', 'DrillMachine']);
  });

  test('its role changes users below the path of drills alone', async () => {
    const { stack } = await drillIn('yes');
    const { Policies } = stack.Resources.DrillRole?.Properties ?? {};
    const statements: readonly Statement[] = Policies[0].PolicyDocument.Statement;
    const onUsers = statements.filter(({ Action }) => [Action].flat().some((a) => /^iam:/.test(a)));
    expect(onUsers.map(({ Sid }) => Sid)).toEqual(['PlayDummies', 'FindLeftovers']);
    const [play, find] = onUsers;
    expect(JSON.stringify(play?.Resource)).toContain(`:user${drillPath}*`);
    expect(find?.Action).toBe('iam:ListUsers');
    const elsewhere = statements.filter(({ Resource }) => Resource === '*');
    expect(elsewhere.map(({ Sid }) => Sid)).toEqual(['FindLeftovers']);
    const secrets = statements.filter(({ Action }) => /secretsmanager:/.test([Action].join()));
    for (const { Resource } of secrets) expect(JSON.stringify(Resource)).toContain('keyturn-drill');
  });
});

describe('the machine', () => {
  const { definitionOf } = load(join(infra, 'drill-machine.cjs'));
  const { States: states, StartAt }: Machine = definitionOf('arn:of:function', 'aws');
  const nexts = (state: State): readonly string[] =>
    [
      state.Next,
      state.Default,
      ...(state.Choices ?? []).map(({ Next }) => Next),
      ...(state.Catch ?? []).map(({ Next }) => Next),
    ].filter((each) => each !== undefined);

  test('every state is reached, and every next one is there', () => {
    const reached = new Set<string>([StartAt]);
    for (const name of reached) for (const next of nexts(states[name] ?? {})) reached.add(next);
    expect([...reached].toSorted()).toEqual(Object.keys(states).toSorted());
  });

  test('whatever fails once dummies are to be made, cleaning up comes next', () => {
    const tasks = ['Make dummies', 'Report them', 'Follow', 'Check'];
    for (const name of tasks) {
      const [caught] = states[name]?.Catch ?? [];
      expect(caught).toMatchObject({ ErrorEquals: ['States.ALL'], Next: 'Clean up' });
    }
  });

  test('nothing that makes a key is tried again', () => {
    expect(states['Make dummies']).not.toHaveProperty('Retry');
  });

  test('it is clean only when it was checked and nothing was broken off', () => {
    expect(states['Was it clean?']?.Choices?.map(({ Next }) => Next)).toEqual([
      'Broken off',
      'Look back',
    ]);
    expect(states['Was it clean?']?.Default).toBe('Something broke');
  });
});
