/**
 * One call of GitHub's REST API, tried again where that helps. What GitHub refused is Permanent and
 * certainly did nothing; where no answer came it may have, and is Transient. Limits are heeded as
 * told, by Retry-After or X-RateLimit-Reset, if the wait is short. No message shows token or body.
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api (2026-11)
 */
import { messageOf, Permanent, Transient } from '../domain/errors.ts';
import type { Clock } from '../domain/ports.ts';
import { cutText, oneLine } from './cut-text.ts';
import type { Kept } from './kept-secret.ts';

/** As much of the standard `fetch` as is used here. */
export type GitHubFetch = (
  url: string,
  request: {
    readonly method: 'GET' | 'PUT';
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly redirect: 'manual';
    readonly signal: AbortSignal;
  },
) => Promise<GitHubResponse>;

export interface GitHubResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

export interface GitHubSettings {
  readonly token: Kept<string>;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly fetch?: GitHubFetch;
}

export interface GitHubCall {
  /** For messages: `reading the public key of acme/web`. */
  readonly tried: string;
  readonly method: 'GET' | 'PUT';
  /** From `/repos/…`; the caller makes sure of what is in it. */
  readonly path: string;
  readonly body?: string;
}

const origin = 'https://api.github.com';
const timeoutMillis = 5000;
const attempts = 3;
/** Longer waits are left to whoever tries the whole step again. */
const longestWaitMillis = 10_000;

interface Answered {
  readonly status: number;
  readonly text: string;
  /** How long GitHub asks to wait, if it does. */
  readonly waitMillis: number | null;
}

/** The text of GitHub's answer. Throws Transient or Permanent, 422 as Unprocessable. */
export async function callGitHub(settings: GitHubSettings, call: GitHubCall): Promise<string> {
  const { token, clock } = settings;
  let bearer = await token.read();
  let isUncertain = false;
  let problem = '';
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const answered = await ask(settings, call, bearer);
    let waitMillis = attempt * 1000;
    if ('problem' in answered) {
      isUncertain = true;
      problem = `no answer (${answered.problem})`;
    } else if (isTaken(answered)) {
      return answered.text;
    } else if (mayPass(answered)) {
      isUncertain ||= answered.status >= 500;
      problem = `GitHub answered ${answered.status}`;
      waitMillis = answered.waitMillis ?? waitMillis;
    } else {
      // The token may have been exchanged since it was read.
      const again = isAboutToken(answered) ? await token.readAgain() : bearer;
      if (again === bearer) throw refusal(call, answered, { bearer, isUncertain });
      bearer = again;
      problem = `GitHub answered ${answered.status}, to another token`;
      continue;
    }
    if (waitMillis > longestWaitMillis) {
      problem += `, and to wait for ${Math.ceil(waitMillis / 1000)} seconds`;
      break;
    }
    if (attempt < attempts) await clock.sleep(waitMillis);
  }
  throw new Transient(`${call.tried}: ${problem}; it is to be tried again`);
}

/** GitHub understood the call and did nothing: the public key has been exchanged, say. */
export class Unprocessable extends Permanent {}

function isTaken({ status }: Answered): boolean {
  return status === 200 || status === 201 || status === 204;
}

function mayPass({ status, waitMillis }: Answered): boolean {
  return (
    status === 429 || status === 408 || status >= 500 || (status === 403 && waitMillis !== null)
  );
}

function isAboutToken({ status }: Answered): boolean {
  return status === 401 || status === 403 || status === 404;
}

const whatToDo: Readonly<Record<number, string>> = {
  301: 'the repository has another name by now: write that one into the policy',
  307: 'the repository has another name by now: write that one into the policy',
  308: 'the repository has another name by now: write that one into the policy',
  401: 'the token is not valid, or has ended: put another one into its secret',
  403: 'the token may not do that: it needs the repository permission Secrets, read and write',
  404: 'there is no such repository, or the token does not reach it: look at both',
};

function refusal(
  { tried }: GitHubCall,
  { status, text }: Answered,
  { bearer, isUncertain }: { readonly bearer: string; readonly isUncertain: boolean },
): Error {
  const said = saidIn(text).replaceAll(bearer, '(token)');
  const next = whatToDo[status] ?? 'look at the repository';
  const message = `${tried}: GitHub answered ${status}${said}; ${next}`;
  if (isUncertain) return new Transient(`${message}. An earlier try may have taken effect`);
  return status === 422 ? new Unprocessable(message) : new Permanent(message);
}

async function ask(
  { fetch: given, clock }: GitHubSettings,
  { method, path, body }: GitHubCall,
  bearer: string,
): Promise<Answered | { readonly problem: string }> {
  const call: GitHubFetch = given ?? fetch;
  try {
    const response = await call(`${origin}${path}`, {
      method,
      headers: {
        Accept: 'application/vnd.github+json',
        Authorization: `Bearer ${bearer}`,
        'User-Agent': 'keyturn-custodian',
        'X-GitHub-Api-Version': '2022-11-28',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
      // A repository that was renamed: the key would go where policy does not say.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMillis),
    });
    const { status } = response;
    return { status, text: await response.text(), waitMillis: waitOf(response, clock) };
  } catch (error) {
    return { problem: messageOf(error).replaceAll(bearer, '(token)') };
  }
}

/** Retry-After is in seconds; X-RateLimit-Reset a moment in seconds, if nothing remains. */
function waitOf({ headers }: GitHubResponse, clock: Pick<Clock, 'now'>): number | null {
  const after = Number(headers.get('retry-after') ?? Number.NaN);
  if (Number.isFinite(after) && after >= 0) return after * 1000;
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN);
  if (headers.get('x-ratelimit-remaining') !== '0' || !Number.isFinite(reset)) return null;
  return Math.max(0, reset * 1000 - Date.parse(clock.now())) + 1000;
}

/** What GitHub said was wrong, if it said so. */
function saidIn(text: string): string {
  try {
    const { message } = Object(JSON.parse(text)) as { readonly message?: unknown };
    return typeof message === 'string' ? ` (${cutText(oneLine(message), 200)})` : '';
  } catch {
    return '';
  }
}
