/** Whom the weekly evidence may ask what AWS Config says, as the stage has it. */
import { expect, test } from 'vitest';
import { packageStack } from './packaged-stack.ts';

const asked = async (...params: string[]) => {
  const { resources } = await packageStack('prod', ...params);
  const [policy] = resources.EvidenceReportRole?.Properties.Policies ?? [];
  const statement = policy.PolicyDocument.Statement.find(({ Sid }: { Sid: string }) =>
    /AskConfig$/.test(Sid),
  );
  const { Environment } = resources.EvidenceReportLambdaFunction?.Properties ?? {};
  return { ...statement, told: Environment.Variables.KEYTURN_CONFIG_QUERIES };
};

test.each([
  ['account', 'Allow', ['config:SelectResourceConfig']],
  ['every-account', 'Allow', ['config:SelectAggregateResourceConfig']],
  ['none', 'Deny', ['config:SelectAggregateResourceConfig', 'config:SelectResourceConfig']],
])(
  'configQueries %s: %s %j and nothing else of Config',
  async (whom, Effect, Action) => {
    expect(await asked(`configQueries=${whom}`)).toMatchObject({ Effect, Action, told: whom });
  },
  60_000,
);
