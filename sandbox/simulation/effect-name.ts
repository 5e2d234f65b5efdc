/** What a call to AWS is called where faults are counted, and which faults it can have. */
import type { CloudCall } from '../account/plugin.ts';
import { names } from '../settings.ts';
import { mutatingOperations } from './mutations.ts';
import type { FaultKind } from './strikes.ts';

type Input = Readonly<Record<string, unknown>>;

/** `iam:CreateAccessKey`, `lambda:Invoke custodian finishSecret`, … */
export function effectName({ service, operation, input }: CloudCall): string {
  const name = callName(service, operation);
  const { Status, VersionStage, DocumentName, Name } = (input ?? {}) as Input;
  if (service === 'lambda') return `${name} ${invokedName(input as Input)}`;
  if (name === 'iam:UpdateAccessKey') return `${name} ${Status}`;
  if (name === 'secretsmanager:UpdateSecretVersionStage') return `${name} ${VersionStage}`;
  if (name === 'ssm:StartAutomationExecution') return `${name} ${DocumentName}`;
  // Runs are looked for so seldom that it counts as what follows: each that is found is read.
  if (operation === 'DescribeAutomationExecutions') return 'ssm:GetAutomationExecution';
  if (service === 'ssm' && typeof Name === 'string') return `${name} ${parameterKind(Name)}`;
  return name;
}

/** By service, then by operation: a text that is made once is found faster in maps and sets. */
const callNames = new Map<string, Map<string, string>>();

function callName(service: string, operation: string): string {
  const known = callNames.get(service)?.get(operation);
  if (known !== undefined) return known;
  const ofService = callNames.get(service) ?? new Map<string, string>();
  const name = `${service}:${operation}`;
  callNames.set(service, ofService.set(operation, name));
  return name;
}

/** What a parameter of Keyturn's is for. */
function parameterKind(name: string): string {
  if (name === names.stopParameter) return 'stop switch';
  const [, root = 'others'] = /^\/keyturn\/(claims|users|pending)\//.exec(name) ?? [];
  return root;
}

/** `keyturn-custodian finishSecret`, `keyturn-witness delete`. */
export function invokedName(input: Input): string {
  const { Step, Purpose } = askedOf(input);
  return `${input.FunctionName} ${Step ?? Purpose ?? ''}`.trim();
}

/** What a function is asked for. */
export function askedOf({ Payload }: Input): Input {
  const bytes = Payload instanceof Uint8Array ? Payload : new Uint8Array();
  return JSON.parse(new TextDecoder().decode(bytes) || '{}') as Input;
}

/** Reads whose answers may be a little old. */
const staleReads: ReadonlySet<string> = new Set([
  'iam:ListAccessKeys',
  'iam:GetAccessKeyLastUsed',
  'secretsmanager:DescribeSecret',
]);

/** The faults of a call; a runbook's own calls are SSM's, which does not die. */
export function kindsOf(call: CloudCall, byRunbook: boolean): readonly FaultKind[] {
  const name = callName(call.service, call.operation);
  if (staleReads.has(name)) return ['refused', 'throttled', 'stale'];
  if (call.service !== 'lambda' && !isMutation(call)) return ['refused', 'throttled'];
  return byRunbook
    ? ['refused', 'throttled', 'reply lost']
    : ['refused', 'throttled', 'reply lost', 'died'];
}

/** Whether a call changes anything but CloudTrail. */
export function isMutation({ service, operation }: CloudCall): boolean {
  return mutatingOperations.has(callName(service, operation));
}
