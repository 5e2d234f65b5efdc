/** Every permission that a packaged stack gives, flat, so that a test can ask who may do what. */
import type { Resource } from './packaged-stack.ts';

export interface Grant {
  /** The logical id of the role or managed policy. */
  readonly holder: string;
  readonly actions: readonly string[];
  readonly resources: readonly unknown[];
  readonly condition: unknown;
}

interface Statement {
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: unknown;
  readonly NotResource?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

/** Throws on NotAction and NotResource, which give more than they say. */
export function grantsOf(resources: Readonly<Record<string, Resource>>): readonly Grant[] {
  return Object.entries(resources).flatMap(([holder, { Type, Properties }]) => {
    if (Type === 'AWS::IAM::ManagedPolicy' || Type === 'AWS::IAM::Policy') {
      return grantsIn(holder, Properties.PolicyDocument.Statement);
    }
    if (Type !== 'AWS::IAM::Role') return [];
    const policies: { PolicyDocument: { Statement: Statement[] } }[] = Properties.Policies ?? [];
    return policies.flatMap((policy) => grantsIn(holder, policy.PolicyDocument.Statement));
  });
}

function grantsIn(holder: string, statements: readonly Statement[]): readonly Grant[] {
  return statements
    .filter((statement) => statement.Effect === 'Allow')
    .map((statement) => {
      if (statement.NotAction !== undefined || statement.NotResource !== undefined) {
        throw new Error(`${holder} grants by exclusion: list what it may do instead`);
      }
      return {
        holder,
        actions: [statement.Action ?? []].flat(),
        resources: [statement.Resource].flat(),
        condition: statement.Condition,
      };
    });
}

/** Who may perform an action. */
export function holdersOf(action: string, grants: readonly Grant[]): readonly string[] {
  return grants.filter((grant) => grant.actions.includes(action)).map((grant) => grant.holder);
}
