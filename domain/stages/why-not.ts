/** Why evidence lets nothing be switched off or deleted, and what somebody can do about it. */
import type { Evidence } from '../evidence.ts';
import type { HoldReason } from '../stage.ts';
import { reasonOf } from '../verdict-text.ts';
import { isBroken } from './evidence-checks.ts';

export function whyNot(evidence: Evidence): HoldReason {
  const reason = reasonOf(evidence);
  if (evidence.verdict === 'in use') {
    return {
      code: 'still in use',
      text: `${reason} Change over to the secret, then resume.`,
    };
  }
  if (isBroken(evidence)) {
    return { code: 'changed outside', text: `${reason} Look at the user and its secret.` };
  }
  const gaps = evidence.verdict === 'unknown' ? evidence.gaps : [];
  if (gaps.every(({ about }) => about === 'pickup')) {
    return {
      code: 'not picked up',
      text: `${reason} Change over to the secret and resume, or attest that nothing needs the key.`,
    };
  }
  return {
    code: 'evidence incomplete',
    text: `${reason} Resume to look again, or have an admin force it.`,
  };
}
