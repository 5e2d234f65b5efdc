/** Who may do what: a boundary, named actions, named resources, and no stranger let in. */
import type { Found } from './walk.ts';
import { namedBy } from './walk-names.ts';

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Condition?: unknown;
  readonly 'Fn::If'?: readonly unknown[];
}

interface Document {
  readonly Statement: Statement | readonly Statement[];
}

/** Both sides of a statement that depends on a condition. */
function statementsIn(document: Document | undefined): readonly Statement[] {
  return [document?.Statement ?? []].flat().flatMap((each) => {
    const sides = each['Fn::If'];
    if (sides === undefined) return [each];
    return sides
      .slice(1)
      .filter((side) => namedBy(side) !== 'AWS::NoValue')
      .map((side) => side as Statement);
  });
}

/** What is wrong with the statements of one document that allow something. */
function tooWide(found: Found, document: Document | undefined): readonly string[] {
  const { id, excused } = found;
  return statementsIn(document)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap((statement) => {
      const { Sid, Action = [], Resource } = statement;
      if (Sid !== undefined && `${id}/${Sid}` in excused.statements) return [];
      const name = Sid ?? 'a statement without Sid';
      const wild = [Action].flat().filter((action) => /[*?]/.test(action));
      return [
        ...((statement.NotAction ?? statement.NotResource ?? statement.NotPrincipal)
          ? [`${name} allows by exclusion`]
          : []),
        ...(wild.length > 0 ? [`${name} allows ${wild.join(', ')}`] : []),
        ...([Resource].flat().includes('*')
          ? [`${name} allows on every resource, unexplained`]
          : []),
      ];
    });
}

/** Of a policy on a resource: everybody only under a condition, services only for named sources. */
function lettingIn(document: Document | undefined): readonly string[] {
  return statementsIn(document)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Sid, Principal, Condition }) => {
      const principal = JSON.stringify(Principal) ?? '';
      const condition = JSON.stringify(Condition) ?? '';
      if (/"\*"/.test(principal) && !/aws:PrincipalOrgID|kms:CallerAccount/.test(condition)) {
        return [`${Sid} lets everybody in`];
      }
      const isService = /"Service"/.test(principal);
      const isBound = /aws:Source(Arn|Account)|kms:EncryptionContext/.test(condition);
      return isService && !isBound ? [`${Sid} lets a service in on anybody’s behalf`] : [];
    });
}

export function policyOf(found: Found): readonly string[] {
  const { PolicyDocument } = found.resource.Properties;
  return [...tooWide(found, PolicyDocument), ...lettingIn(PolicyDocument)];
}

export function keyPolicy(found: Found): readonly string[] {
  const { KeyPolicy } = found.resource.Properties;
  return [...tooWide(found, KeyPolicy), ...lettingIn(KeyPolicy)];
}

export function role(found: Found): readonly string[] {
  const { Properties } = found.resource;
  const policies: readonly { readonly PolicyDocument: Document }[] = Properties.Policies ?? [];
  const trusted = statementsIn(Properties.AssumeRolePolicyDocument);
  return [
    ...(namedBy(Properties.PermissionsBoundary) === 'Boundary' ? [] : ['has no boundary']),
    ...(Properties.ManagedPolicyArns === undefined ? [] : ['bears policies that are not ours']),
    ...policies.flatMap(({ PolicyDocument }) => tooWide(found, PolicyDocument)),
    ...(trusted.some(({ Principal }) => JSON.stringify(Principal).includes('"*"'))
      ? ['trusts everybody']
      : []),
  ];
}

/** Alone under its role, with a log of its own; if invoked asynchronously, nothing is lost. */
export function functionOf({ id, resource: { Properties }, template }: Found): readonly string[] {
  const others = Object.entries(template.Resources).filter(([other]) => other !== id);
  const roleId = namedBy(Properties.Role);
  const named = `/aws/lambda/${Properties.FunctionName}`;
  const isStarted = others.some(
    ([, { Type, Properties: of }]) =>
      (Type === 'AWS::Scheduler::Schedule' && namedBy(of.Target?.Arn) === id) ||
      (Type === 'AWS::Events::Rule' &&
        (of.Targets ?? []).some((target: { Arn: unknown }) => namedBy(target.Arn) === id)),
  );
  return [
    ...(template.Resources[roleId]?.Type === 'AWS::IAM::Role' ? [] : ['has no role of this stack']),
    ...(others.some(([, each]) => namedBy(each.Properties.Role) === roleId && isFunction(each))
      ? ['shares its role']
      : []),
    ...(others.some(([, each]) => each.Properties.LogGroupName === named)
      ? []
      : ['has no log group of its own, so its log is kept for ever']),
    ...(isStarted && !others.some(([, each]) => isInvokeConfigOf(each, id))
      ? ['is invoked asynchronously, and does not say what becomes of failures']
      : []),
  ];
}

const isFunction = ({ Type }: Found['resource']) => Type === 'AWS::Lambda::Function';

const isInvokeConfigOf = ({ Type, Properties }: Found['resource'], id: string) =>
  Type === 'AWS::Lambda::EventInvokeConfig' && namedBy(Properties.FunctionName) === id;

/** Who may invoke a function, by the function's own word. */
export function permission({ resource: { Properties } }: Found): readonly string[] {
  const isBound = Properties.SourceArn !== undefined || Properties.SourceAccount !== undefined;
  return Properties.Principal === '*' || !isBound ? ['lets strangers invoke a function'] : [];
}

/** What may come in from elsewhere: from whom, by rules only, of AWS services only. */
export function busPolicy({ resource: { Properties } }: Found): readonly string[] {
  const { Statement } = Properties;
  const { StringEquals = {}, Bool = {} } = Statement.Condition ?? {};
  const sources: readonly string[] = [StringEquals['events:source'] ?? []].flat();
  return [
    ...lettingIn({ Statement }),
    ...(Statement.Action === 'events:PutEvents' ? [] : ['lets in more than events']),
    ...(sources.length > 0 && sources.every((each) => /^aws\.\w+$/.test(each))
      ? []
      : ['lets in events that anybody can make up']),
    ...(Bool['events:eventBusInvocation'] === 'true' ? [] : ['lets in events not sent by a rule']),
  ];
}
