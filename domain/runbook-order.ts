/** What a runbook or the witness is given: it follows from the rotation's state alone. */
import { authorityIn, issuedIn, statusBefore } from './before-off.ts';
import type { Rotation } from './case.ts';
import { Bug } from './errors.ts';
import type { Examination } from './examination.ts';
import { examinationFields, joinedPlaces } from './examination-fields.ts';
import { placeOf, placeText } from './further-place.ts';
import type { Instant } from './instant.ts';
import { secretNameOf } from './secret-name.ts';
import type { BeforeOff, Paused, Soaking } from './stage.ts';
import { orderedOn } from './unsaid.ts';

/** The name from which the ClientRequestToken of an attempt to issue a key is made. */
export function attemptName(rotationId: string, attempt: number): string {
  return `${rotationId}/attempt/${attempt}`;
}

/** What a look between deadlines asks; null while there is no new key to ask about. */
export function probeOf(rotation: Rotation): Examination | null {
  const { stage } = rotation;
  switch (stage.name) {
    case 'proposed':
    case 'overlapping':
    case 'soaking':
      return ofStage(rotation, stage);
    case 'held':
      return ofStage(rotation, stage.kept);
    default:
      return null;
  }
}

/**
 * The parameters of the run that the rotation waits for, but for those that depend on where it
 * runs. `uuid` makes the ClientRequestToken from a name. Throws Bug if no run is awaited.
 */
export function parametersOf(
  rotation: Rotation,
  effectId: string,
  uuid: (name: string) => string,
): Readonly<Record<string, string>> {
  const { stage, key } = rotation;
  const common = {
    RotationId: rotation.id,
    EffectId: effectId,
    UserName: key.user.userName,
    UserId: key.user.userId,
    OldKeyId: key.keyId,
  };
  switch (stage.name) {
    case 'issuing':
      return {
        ...common,
        SecretId: secretNameOf(key.user),
        ClientRequestToken: uuid(attemptName(rotation.id, stage.attempt)),
        Attempt: String(stage.attempt),
        Vault: rotation.policy.vault,
        HealthCheck: rotation.policy.healthCheck ?? 'none',
        Copies: joinedPlaces(copiesOf(rotation)),
      };
    case 'deactivating': {
      const {
        DeactivatedAt: _,
        ClearUntil: __,
        ...fields
      } = examinationFields({
        ...ofBefore(rotation, stage.before, deadlineOf(stage.before)),
        authority: orderedOn(stage),
      });
      return { ...common, ...fields, StatusBefore: statusBefore(rotation, stage.before) };
    }
    case 'deleting': {
      const { StatusBefore: _, ...fields } = examinationFields({
        ...ofSoak(rotation, stage.soak, stage.soak.deleteAt),
        authority: orderedOn(stage),
      });
      return { ...common, ...fields };
    }
    case 'restoring':
      return common;
    default:
      throw new Bug(`rotation ${rotation.id} is ${stage.name} and awaits no run`);
  }
}

function ofStage(rotation: Rotation, stage: Paused): Examination | null {
  if (stage.name === 'soaking') return ofSoak(rotation, stage, rotation.openedAt);
  if (stage.name === 'overlapping') return ofBefore(rotation, stage, rotation.openedAt);
  const { plan } = stage;
  return plan.kind === 'retire' ? ofBefore(rotation, { ...stage, plan }, rotation.openedAt) : null;
}

/** When the old key may be switched off. */
function deadlineOf(before: BeforeOff): Instant {
  return before.name === 'proposed' ? before.due : before.deactivateAt;
}

function ofBefore(rotation: Rotation, before: BeforeOff, notBefore: Instant): Examination {
  return {
    purpose: 'deactivate',
    user: rotation.key.user,
    oldKeyId: rotation.key.keyId,
    issued: issuedIn(before),
    deactivatedAt: null,
    clearUntil: null,
    statusBefore: null,
    notBefore,
    authority: authorityIn(before),
    copies: copiesOf(rotation),
  };
}

function ofSoak(rotation: Rotation, stage: Soaking, notBefore: Instant): Examination {
  return {
    purpose: 'delete',
    user: rotation.key.user,
    oldKeyId: rotation.key.keyId,
    issued: issuedIn(stage),
    deactivatedAt: stage.deactivatedAt,
    clearUntil: stage.clearUntil,
    statusBefore: null,
    notBefore,
    authority: stage.authority,
    copies: copiesOf(rotation),
  };
}

/** The further places that get the new key too, each by its text. */
function copiesOf({ policy }: Rotation): readonly string[] {
  return policy.copies.map((copy) => placeText(placeOf(copy)));
}
