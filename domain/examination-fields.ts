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
/** What the runbooks let in. One that they refuse would keep the whole run from starting. */
const testRequestId = /^[0-9a-f-]{36}$/;

/** Counted in UTF-16 units. */
const mostNameCharacters = 128;
/** What runbooks or witness refuse in a name: marks, controls, line ends, half characters. */
const oddCharacters = /[{}<>"\\\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** `none` for nothing. */
function orNone(text: string | null | undefined): string {
  return text ?? 'none';
}

/** Comma-joined, the latest 13 of those that the runbooks let in; `none` for none. */
function joinedIds(ids: readonly string[]): string {
  const latest = ids.filter((id) => testRequestId.test(id)).slice(-mostTestRequestIds);
  return latest.length === 0 ? 'none' : latest.join(',');
}

/** Comma-joined; `none` for none. */
export function joinedPlaces(places: readonly string[]): string {
  return places.length === 0 ? 'none' : places.join(',');
}

/** All fields of an examination but its purpose. */
export function examinationFields(examination: Examination): Readonly<Record<string, string>> {
  const { user, oldKeyId, issued, deactivatedAt, clearUntil, statusBefore } = examination;
  const { notBefore, authority, copies } = examination;
  return {
    UserName: user.userName,
    UserId: user.userId,
    OldKeyId: oldKeyId,
    NewKeyId: orNone(issued?.newKeyId),
    SecretArn: orNone(issued?.secretArn),
    SecretVersionId: orNone(issued?.secretVersionId),
    CurrentSince: orNone(issued?.currentSince),
    TestRequestIds: joinedIds(issued?.testRequestIds ?? []),
    DeactivatedAt: orNone(deactivatedAt),
    ClearUntil: orNone(clearUntil),
    StatusBefore: orNone(statusBefore),
    NotBefore: notBefore,
    ...authorityFields(authority),
    Copies: joinedPlaces(copies),
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
  const plain = start(name.replace(oddCharacters, '?'), mostNameCharacters);
  return plain === '' || plain === 'none' ? 'unnamed' : plain;
}

/** At most so many UTF-16 units from the start, and no half character at the end. */
function start(text: string, length: number): string {
  const cut = text.slice(0, length);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
