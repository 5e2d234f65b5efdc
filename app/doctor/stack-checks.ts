/** What a deployed stage has to show: secret, switch, table, functions, queues. */
import type { AccountReads, FunctionFacts, TableFacts } from '../../domain/account-reads.ts';
import { type Connection, heldByName, shapeOf } from '../../domain/connections.ts';
import { type Diagnosis, judged, missing, ok } from './diagnosis.ts';
import type { StageNames } from './names.ts';

/** What stands beside the keys comes with the hub's stack, elsewhere by a template of its own. */
export const deployAgain =
  "Deploy again: in the hub's account npx serverless deploy --stage STAGE; in any other the " +
  'template that this writes: npm run --silent member-template -- --stage STAGE --out member.json';

/** The secrets that the operator makes, which no deployment can. */
export function connectionsChecks(
  reads: AccountReads,
  { connections }: StageNames,
): Promise<readonly Diagnosis[]> {
  const all = [...heldByName(connections)];
  return Promise.all(all.map(([name, held]) => connectionsCheck(reads, name, held)));
}

const without: Readonly<Record<Connection, string>> = {
  slackToken: 'Nobody is told or asked anything in Slack.',
  slackSigning: 'Buttons, forms and /keyturn are refused.',
  pagerDuty: 'Nobody is paged.',
};

async function connectionsCheck(
  reads: AccountReads,
  name: string,
  held: readonly Connection[],
): Promise<Diagnosis> {
  const check = held.length === 3 ? 'connections secret' : `secret ${name}`;
  const { made, changed } = commandsFor(name, held);
  const means =
    held.length === 3
      ? 'Nobody is told or asked anything: buttons, approvals and pages do not work. ' +
        'All three are needed.'
      : held.map((each) => without[each]).join(' ');
  return judged(check, await reads.connections(name, held), (problem) => {
    if (problem === '') return ok(check, `${name} holds what is wanted.`);
    if (problem === null) {
      const what = name.startsWith('/') ? 'parameter' : 'secret';
      return missing(check, { says: `There is no ${what} ${name}.`, means, todo: made });
    }
    return missing(check, { says: problem, means, todo: changed });
  });
}

/** By a file: what stands in a command line stands in its history. */
function commandsFor(
  name: string,
  held: readonly Connection[],
): { readonly made: string; readonly changed: string } {
  const shape = `file://connections.json, which holds ${shapeOf(held)}`;
  if (name.startsWith('/')) {
    const put = `aws ssm put-parameter --type SecureString --name ${name}`;
    return { made: `${put} --value ${shape}`, changed: `${put} --overwrite --value ${shape}` };
  }
  const secret = `${name} --secret-string ${shape}`;
  return {
    made: `aws secretsmanager create-secret --name ${secret}`,
    changed: `aws secretsmanager put-secret-value --secret-id ${secret}`,
  };
}

/** Whether the stage is there at all, by the function that everything begins with. */
export async function isDeployed(reads: AccountReads, names: StageNames): Promise<Diagnosis> {
  const check = 'stack';
  const [first = ''] = names.handlers;
  return judged(check, await reads.lambda(first), (facts) =>
    facts === null
      ? missing(check, {
          says: `Stage ${names.stage} is not deployed in this account and Region.`,
          means: 'Nothing watches over the keys yet.',
          todo: `npx serverless deploy --stage ${names.stage}`,
        })
      : ok(check, `Stage ${names.stage} is deployed.`),
  );
}

export async function stackChecks(
  reads: AccountReads,
  names: StageNames,
): Promise<readonly Diagnosis[]> {
  const [stop, table, functions, queues] = await Promise.all([
    reads.parameter(names.stopParameter),
    reads.table(names.table),
    functionChecks(reads, names.handlers),
    Promise.all(names.failedQueues.map((name) => queueCheck(reads, name))),
  ]);
  return [
    judged('stop switch', stop, (value) => stopCheck(names.stopParameter, value)),
    judged('table', table, (facts) => tableCheck(names, facts)),
    ...functions,
    ...queues,
  ];
}

function stopCheck(name: string, value: string | null): Diagnosis {
  const check = 'stop switch';
  if (value === 'go') return ok(check, 'It says go.');
  return missing(check, {
    says: value === null ? `There is no parameter ${name}.` : `It says "${value.slice(0, 120)}".`,
    means: 'Keyturn claims findings and does nothing else.',
    todo: `To go on: aws ssm put-parameter --name ${name} --type String --value go --overwrite`,
  });
}

function tableCheck(
  { table, stage, keepsEvidence }: StageNames,
  facts: TableFacts | null,
): Diagnosis {
  const check = 'table';
  const again = `npx serverless deploy --stage ${stage}`;
  if (facts === null) {
    const says = `There is no table ${table}.`;
    const means = 'Handlers fail, and events wait in their queue for days at most.';
    return missing(check, { says, means, todo: again });
  }
  const wrong = [
    ...(facts.active ? [] : ['is not active']),
    ...(facts.deletionProtection || !keepsEvidence ? [] : ['can be deleted']),
    ...(facts.pointInTimeRecovery ? [] : ['cannot be restored to a moment']),
  ];
  const key = facts.keyArn === null ? "AWS's own key" : facts.keyArn;
  if (wrong.length === 0) {
    return ok(check, `${table} is protected and restorable, encrypted with ${key}.`);
  }
  return missing(check, {
    says: `${table} ${wrong.join(', ')}.`,
    means: 'It holds every rotation and its journal: they may be lost.',
    todo: facts.active ? `Somebody changed it by hand: ${again}` : 'Wait until it is active.',
  });
}

export async function functionChecks(
  reads: AccountReads,
  names: readonly string[],
): Promise<readonly Diagnosis[]> {
  return Promise.all(
    names.map(async (name) =>
      judged(name, await reads.lambda(name), (facts) => functionCheck(name, facts)),
    ),
  );
}

function functionCheck(name: string, facts: FunctionFacts | null): Diagnosis {
  if (facts?.active) {
    return ok(name, `${facts.runtime}, ${facts.arm ? 'ARM' : 'x86'}`);
  }
  return missing(name, {
    says: facts === null ? 'There is no such function.' : 'It is not ready to run.',
    means: 'What it does is not done.',
    todo:
      facts === null
        ? deployAgain
        : `aws lambda get-function-configuration --function-name ${name} --query StateReason`,
  });
}

async function queueCheck(reads: AccountReads, name: string): Promise<Diagnosis> {
  return judged(name, await reads.queue(name), (waiting) => {
    if (waiting === 0) return ok(name, 'It is empty.');
    if (waiting === null) {
      return missing(name, {
        says: 'There is no such queue.',
        means: 'Events that go wrong are lost.',
        todo: 'Deploy again.',
      });
    }
    return missing(name, {
      says: `${waiting} event(s) lie in it.`,
      means: 'They were not dealt with: findings, or the evidence of a week, are missing.',
      todo: 'Read them as docs/operating.md says: Events that could not be dealt with.',
    });
  });
}
