/**
 * An examination as the flat text fields in which runbooks and the witness's payload carry it;
 * `none` stands for what does not exist.
 */
import type { Authority } from './evidence.ts';
import type { Examination } from './examination.ts';

/**
 * A runbook parameter holds 512 characters, which is 13 request ids with their commas. The judge
 * also knows the custodian's calls by their user agent and by their time, so the oldest may go.
 */
const mostTestRequestIds = 13;

const mostNameCharacters = 128;

/** `none` for nothing. */
function orNone(text: string | null): string {
  return text ?? 'none';
}

/** Comma-joined, the latest 13; `none` for none. */
function joinedIds(ids: readonly string[]): string {
  return ids.length === 0 ? 'none' : ids.slice(-mostTestRequestIds).join(',');
}

/** All fields of an examination but its purpose. */
export function examinationFields(examination: Examination): Readonly<Record<string, string>> {
  const { user, oldKeyId, issued, deactivatedAt, notBefore, authority } = examination;
  return {
    UserName: user.userName,
    UserId: user.userId,
    OldKeyId: oldKeyId,
    NewKeyId: issued.newKeyId,
    SecretArn: issued.secretArn,
    SecretVersionId: issued.secretVersionId,
    CurrentSince: issued.currentSince,
    TestRequestIds: joinedIds(issued.testRequestIds),
    DeactivatedAt: orNone(deactivatedAt),
    NotBefore: notBefore,
    ...authorityFields(authority),
  };
}

function authorityFields(authority: Authority): Readonly<Record<string, string>> {
  return authority.kind === 'evidence'
    ? { AuthorityKind: authority.kind, AuthorityBy: 'none', AuthorityAt: 'none' }
    : {
        AuthorityKind: authority.kind,
        AuthorityBy: plainName(authority.by),
        AuthorityAt: authority.at,
      };
}

/** A name as the runbooks let it in: it is for the record only, so odd characters become `?`. */
function plainName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not get in
  const plain = name.replace(/[{}<>"\\\x00-\x1f]/g, '?').slice(0, mostNameCharacters);
  return plain === '' || plain === 'none' ? 'unnamed' : plain;
}
