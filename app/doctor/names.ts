/** How everything that a stage deploys is called, as its templates have it. */

export interface StageNames {
  readonly stage: string;
  readonly table: string;
  /** Whether table and evidence outlive the stack (keepOnRemoval): of stage dev they do not. */
  readonly keepsEvidence: boolean;
  /** Of a secret; where it begins with a slash, of a parameter. */
  readonly connections: string;
  readonly stopParameter: string;
  /** Queues whose messages want somebody. */
  readonly failedQueues: readonly string[];
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

export type ConnectionsIn = 'secrets-manager' | 'parameter-store';

export function stageNames(
  stage: string,
  connectionsIn: ConnectionsIn = 'secrets-manager',
): StageNames {
  const named = (name: string) => `keyturn-${stage}-${name}`;
  return {
    stage,
    table: `keyturn-${stage}`,
    keepsEvidence: stage !== 'dev',
    connections:
      connectionsIn === 'secrets-manager' ? named('connections') : `/keyturn-${stage}/connections`,
    stopParameter: `/keyturn/${stage}/stop`,
    failedQueues: [named('rejected'), named('undelivered'), named('missed-reports')],
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
