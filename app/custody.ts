/**
 * The custodian: the four steps of Secrets Manager's rotation protocol, and undo. It alone makes
 * keys. A runbook of Keyturn's or Secrets Manager itself drives it, each secret by one of them.
 *
 *   createSecret ──▶ setSecret ──▶ testSecret ──▶ finishSecret ──▶ issued
 *        │               │              │               │
 *        └───────────────┴──────────────┴───────────────┴──▶ undo ──▶ as before, or issued
 *
 * Every step may be repeated, and may stop at any point: what the next one finds in the account
 * decides, never what an earlier one said. The old key is never touched.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
import type {
  Custody,
  CustodyStep,
  IssueOrder,
  NativeOrder,
  VaultKind,
} from '../domain/custody.ts';
import { createSecret } from './custody/create-secret.ts';
import type { Custodian, CustodyDeps } from './custody/deps.ts';
import { finishSecret } from './custody/finish-secret.ts';
import { nativeOrder } from './custody/native-order.ts';
import { setSecret } from './custody/set-secret.ts';
import { testSecret } from './custody/test-secret.ts';
import { undo } from './custody/undo.ts';

type Step = (deps: CustodyDeps, order: IssueOrder) => Promise<Custody>;

const steps: Readonly<Record<CustodyStep, Step>> = {
  createSecret,
  setSecret,
  testSecret,
  finishSecret,
  undo,
};

/**
 * Does one step of an attempt and says how things stand. Throws Transient, Permanent or Conflict,
 * with what remains; the runbook's undo step is to follow then. No secret value is in either.
 */
export function performStep(
  custodian: Custodian,
  step: CustodyStep,
  order: IssueOrder,
): Promise<Custody> {
  return steps[step](toolsFor(custodian, order.vault), order);
}

/**
 * The same, driven by Secrets Manager: it has no undo, and tries the whole rotation again with the
 * same token, so every step reconciles with what an earlier call left behind.
 */
export async function performNativeStep(
  custodian: Custodian,
  step: Exclude<CustodyStep, 'undo'>,
  asked: NativeOrder,
): Promise<Custody> {
  const order = await nativeOrder(toolsFor(custodian, 'secrets-manager'), asked);
  return performStep(custodian, step, order);
}

function toolsFor({ vaults, tagsIn, ...tools }: Custodian, kind: VaultKind): CustodyDeps {
  const other = kind === 'secrets-manager' ? 'parameter-store' : 'secrets-manager';
  return { ...tools, vault: vaults[kind], otherVault: vaults[other], tags: tagsIn[kind] };
}
