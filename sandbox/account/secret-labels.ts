/**
 * UpdateSecretVersionStage: moving and removing staging labels, and what AWS refuses of it.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
 */
import type {
  UpdateSecretVersionStageRequest,
  UpdateSecretVersionStageResponse,
} from '@aws-sdk/client-secrets-manager';
import { awsError } from './service.ts';
import { current, holderOf, type SecretRecord, type Vault } from './vault.ts';

/** As documented for API_UpdateSecretVersionStage. */
export function updateStage(
  vault: Vault,
  secret: SecretRecord,
  input: UpdateSecretVersionStageRequest,
): UpdateSecretVersionStageResponse {
  const { VersionStage = '', RemoveFromVersionId, MoveToVersionId } = input;
  for (const id of [RemoveFromVersionId, MoveToVersionId]) {
    if (id !== undefined && !secret.versions.has(id)) {
      const problem = `Secrets Manager can't find the specified secret version ${id}.`;
      throw awsError('ResourceNotFoundException', problem);
    }
  }
  refuseMove(secret, VersionStage, RemoveFromVersionId, MoveToVersionId);
  if (MoveToVersionId !== undefined) vault.moveLabel(secret, VersionStage, MoveToVersionId);
  else holderOf(secret, VersionStage)?.stages.delete(VersionStage);
  return { ARN: secret.arn, Name: secret.name };
}

function refuseMove(
  secret: SecretRecord,
  stage: string,
  from: string | undefined,
  to: string | undefined,
): void {
  const refuse = (problem: string): never => {
    throw awsError('InvalidParameterException', problem);
  };
  const holder = holderOf(secret, stage);
  if (from === undefined && to === undefined) {
    refuse('You must provide RemoveFromVersionId or MoveToVersionId.');
  }
  if (from !== undefined && holder?.versionId !== from) {
    refuse(`Staging label ${stage} is not attached to version ${from}.`);
  }
  if (from === undefined && holder !== undefined && holder.versionId !== to) {
    refuse(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently ` +
        `attached to version ${holder.versionId}, so you must explicitly reference that version ` +
        'in RemoveFromVersionId.',
    );
  }
  if (to === undefined && stage === current) {
    refuse(
      `You can only move staging label ${current} to a different secret version. ` +
        "It can't be completely removed.",
    );
  }
}
