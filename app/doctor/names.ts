/** How everything that a stage deploys is called, as its templates have it. */
import { allIn, type ConnectionNames } from '../../domain/connections.ts';

export interface StageNames {
  readonly stage: string;
  readonly table: string;
  /** Whether table and evidence outlive the stack (keepOnRemoval): of stage dev they do not. */
  readonly keepsEvidence: boolean;
  /** Of secrets; where one begins with a slash, of a parameter. */
  readonly connections: ConnectionNames;
  readonly stopParameter: string;
  /** Queues whose messages want somebody. */
  readonly failedQueues: readonly string[];
  /** The function that presses and forms go to. */
  readonly slackActions: string;
  /** Functions of the hub. */
  readonly handlers: readonly string[];
  readonly custodian: string;
  readonly witness: string;
  /** Roles by which the hub goes into an account. */
  readonly doors: readonly string[];
  readonly runbookRoles: readonly string[];
  readonly documentPrefix: string;
}

const runbooks = ['issue-replacement-key', 'deactivate-key', 'delete-key', 'restore-key'] as const;

export interface ConnectionsKept {
  readonly where: 'secrets-manager' | 'parameter-store';
  readonly how: 'together' | 'apart';
}

const usually = { where: 'secrets-manager', how: 'together' } as const;

export function stageNames(stage: string, kept: ConnectionsKept = usually): StageNames {
  const named = (name: string) => `keyturn-${stage}-${name}`;
  return {
    stage,
    table: `keyturn-${stage}`,
    keepsEvidence: stage !== 'dev',
    connections: connectionsOf(stage, kept),
    stopParameter: `/keyturn/${stage}/stop`,
    failedQueues: [named('rejected'), named('undelivered'), named('missed-reports')],
    slackActions: named('on-slack-action'),
    handlers: [
      'on-finding',
      'on-runbook-finished',
      'on-slack-action',
      'on-slack-command',
      'on-pagerduty-event',
      'on-tick',
      'evidence-report',
      'on-inventory',
      'daily-summary',
    ].map(named),
    custodian: named('custodian'),
    witness: named('witness'),
    doors: ['reader', 'launcher', 'findings'].map(named),
    runbookRoles: runbooks.map((runbook) => named(`runbook-${runbook}`)),
    documentPrefix: `Keyturn-${stage}`,
  };
}

/** As infra/connections.cjs has them. */
function connectionsOf(stage: string, { where, how }: ConnectionsKept): ConnectionNames {
  const named = (what: string) =>
    where === 'secrets-manager' ? `keyturn-${stage}-${what}` : `/keyturn-${stage}/${what}`;
  if (how === 'together') return allIn(named('connections'));
  return {
    slackToken: named('slack-token'),
    slackSigning: named('slack-signing'),
    pagerDuty: named('pagerduty-keys'),
  };
}
