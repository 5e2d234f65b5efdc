/** Why a rotation stands where it stands, in one sentence. */
import type { Rotation } from '../domain/case.ts';
import { headline } from '../domain/status-text.ts';

export function reasonOfStage(rotation: Rotation): string {
  return rotation.stage.name === 'held' ? rotation.stage.reason.text : headline(rotation);
}
