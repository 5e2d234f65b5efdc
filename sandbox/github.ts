/**
 * GitHub on a laptop: the three calls by which secrets of a repository are written, behind a
 * `fetch`. Strict about addresses, headers, bodies and sealed boxes, which it opens with the
 * private key as GitHub does, and about who may do what. A repository's key can be exchanged.
 * https://docs.github.com/en/rest/actions/secrets (2026-11)
 */
import * as v from 'valibot';
import type { GitHubFetch, GitHubResponse } from '../adapters/github-call.ts';

/** What somebody sees of a call: never a value. */
export interface SeenCall {
  readonly method: string;
  /** `public-key`, `list`, or the name of the secret that is written. */
  readonly what: string;
  readonly repository: string;
  readonly status: number;
}

/** How a call fails: before it takes effect, or, where its answer is lost, after it. */
export type GitHubFailure =
  | { readonly kind: 'lost request' | 'lost answer' }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
    };

export interface GitHubStandIn {
  readonly fetch: GitHubFetch;
  addRepository(fullName: string): void;
  /** The repository gets another key pair; what was sealed for the old one is refused. */
  exchangeKey(fullName: string): void;
  /** A token that may reach every repository, and what it may do with secrets. */
  setToken(token: string, may: 'write' | 'read' | 'nothing'): void;
  /** What a workflow of the repository would get; undefined if there is no such secret. */
  valueOf(fullName: string, name: string): string | undefined;
  names(fullName: string): readonly string[];
  /** Somebody writes a secret by hand. */
  putByHand(fullName: string, name: string, value: string): void;
  readonly calls: readonly SeenCall[];
  /** Asked before every call; undefined lets it pass. */
  failWith(failure: (call: Omit<SeenCall, 'status'>) => GitHubFailure | undefined): void;
}

interface Repository {
  readonly secrets: Map<string, string>;
  keyNumber: number;
}

interface Answer {
  readonly status: number;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

const mostBytes = 48 * 1024;
const mostSecrets = 100;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const bodySchema = v.strictObject({
  encrypted_value: v.pipe(v.string(), v.nonEmpty(), v.regex(base64)),
  key_id: v.pipe(v.string(), v.nonEmpty()),
});
const headersSchema = v.looseObject({
  Accept: v.literal('application/vnd.github+json'),
  Authorization: v.pipe(v.string(), v.startsWith('Bearer ')),
  'User-Agent': v.pipe(v.string(), v.nonEmpty()),
  'X-GitHub-Api-Version': v.literal('2022-11-28'),
});
const base = 'https://api.github.com/repos/';
const address = /^([\w.-]+\/[\w.-]+)\/actions\/secrets(?:\/([\w-]+)|\?per_page=100&page=(\d+))$/;

export function gitHubStandIn(): GitHubStandIn {
  const repositories = new Map<string, Repository>();
  const tokens = new Map<string, 'write' | 'read' | 'nothing'>();
  const calls: SeenCall[] = [];
  let failure: Parameters<GitHubStandIn['failWith']>[0] = () => undefined;
  const find = (fullName: string) => repositories.get(fullName.toLowerCase());
  const answerTo = async (asked: Asked): Promise<Answer> => {
    const may = tokens.get(asked.token);
    if (may === undefined) return { status: 401, body: { message: 'Bad credentials' } };
    const repository = find(asked.repository);
    if (repository === undefined || may === 'nothing') {
      return { status: 404, body: { message: 'Not Found' } };
    }
    if (asked.method === 'GET') {
      return asked.page === undefined ? publicKey(repository) : list(repository, asked.page);
    }
    if (may !== 'write') {
      const message = 'Resource not accessible by personal access token';
      return { status: 403, body: { message } };
    }
    return write(repository, asked);
  };
  return {
    fetch: async (url, request) => {
      const asked = askedIn(url, request);
      const seen = { method: asked.method, what: asked.what, repository: asked.repository };
      const fails = failure(seen);
      if (fails?.kind === 'lost request') throw new TypeError('fetch failed');
      const answer = fails?.kind === 'status' ? fails : await answerTo(asked);
      calls.push({ ...seen, status: answer.status });
      if (fails?.kind === 'lost answer') throw new TypeError('fetch failed');
      return responseOf(answer);
    },
    addRepository: (fullName) => {
      repositories.set(fullName.toLowerCase(), { secrets: new Map(), keyNumber: 1 });
    },
    exchangeKey: (fullName) => {
      const repository = find(fullName);
      if (repository !== undefined) repository.keyNumber += 1;
    },
    setToken: (token, may) => {
      tokens.set(token, may);
    },
    valueOf: (fullName, name) => find(fullName)?.secrets.get(name),
    names: (fullName) => [...(find(fullName)?.secrets.keys() ?? [])],
    putByHand: (fullName, name, value) => void find(fullName)?.secrets.set(name, value),
    calls,
    failWith: (next) => {
      failure = next;
    },
  };
}

interface Asked {
  readonly method: 'GET' | 'PUT';
  readonly repository: string;
  readonly what: string;
  /** Of a list. */
  readonly page: number | undefined;
  readonly token: string;
  readonly body: string | undefined;
}

/** What is no call of GitHub's API as we know it fails loudly. */
function askedIn(url: string, request: Parameters<GitHubFetch>[1]): Asked {
  const [, repository = '', what, page] =
    address.exec(url.startsWith(base) ? url.slice(base.length) : '') ?? [];
  const headers = v.safeParse(headersSchema, request.headers);
  const isRead = request.method === 'GET';
  const fits = isRead ? what === 'public-key' || page !== undefined : what !== 'public-key';
  if (repository === '' || !fits || (!isRead && what === undefined)) {
    throw new Error(`GitHub's stand-in does not model ${request.method} of that address`);
  }
  if (!headers.success || isRead !== (request.body === undefined)) {
    throw new Error("a call of GitHub's API lacks headers, or has a body that it must not have");
  }
  return {
    method: request.method,
    repository,
    what: what ?? 'list',
    page: page === undefined ? undefined : Number(page),
    token: headers.output.Authorization.slice('Bearer '.length),
    body: request.body,
  };
}

async function keyPairOf({ keyNumber }: Repository) {
  const { default: sodium } = await import('libsodium-wrappers');
  await sodium.ready;
  const seed = new Uint8Array(sodium.crypto_box_SEEDBYTES).fill(keyNumber);
  return { sodium, ...sodium.crypto_box_seed_keypair(seed), keyId: `56${keyNumber}` };
}

async function publicKey(repository: Repository): Promise<Answer> {
  const { publicKey: key, keyId } = await keyPairOf(repository);
  return { status: 200, body: { key_id: keyId, key: Buffer.from(key).toString('base64') } };
}

function list({ secrets }: Repository, page: number): Answer {
  const at = '2026-11-02T03:14:07Z';
  const all = [...secrets.keys()].map((name) => ({ name, created_at: at, updated_at: at }));
  const shown = all.slice((page - 1) * 100, page * 100);
  return { status: 200, body: { total_count: all.length, secrets: shown } };
}

async function write(repository: Repository, { what: name, body = '' }: Asked): Promise<Answer> {
  const refused = (message: string) => ({ status: 422, body: { message } });
  const given = v.safeParse(bodySchema, JSON.parse(body));
  if (!given.success) return refused('Invalid request.');
  if (!/^[A-Z_][A-Z0-9_]*$/.test(name) || name.startsWith('GITHUB_')) {
    return refused('Secret names are capital letters, digits and underscores.');
  }
  const { sodium, publicKey: key, privateKey, keyId } = await keyPairOf(repository);
  if (given.output.key_id !== keyId) return refused('The key_id is not the current one.');
  const { secrets } = repository;
  const isNew = !secrets.has(name);
  if (isNew && secrets.size >= mostSecrets) return refused('Too many secrets.');
  let value: string;
  try {
    const box = Buffer.from(given.output.encrypted_value, 'base64');
    value = sodium.to_string(sodium.crypto_box_seal_open(box, key, privateKey));
  } catch {
    return refused('The value cannot be decrypted.');
  }
  if (Buffer.byteLength(value) > mostBytes) return refused('Value is too large.');
  secrets.set(name, value);
  return isNew ? { status: 201, body: {} } : { status: 204 };
}

function responseOf({ status, body, headers = {} }: Answer): GitHubResponse {
  const known = new Map(Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text]));
  return {
    status,
    headers: { get: (name) => known.get(name.toLowerCase()) ?? null },
    text: async () => (body === undefined ? '' : JSON.stringify(body)),
  };
}
