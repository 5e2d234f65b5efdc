/**
 * Secrets of a repository for GitHub Actions: each value is sealed for the repository's public key,
 * which GitHub exchanges now and then. https://docs.github.com/en/rest/actions/secrets (2026-11)
 */
import * as v from 'valibot';
import type { RepositorySecrets } from '../domain/custody.ts';
import { Permanent, Transient } from '../domain/errors.ts';
import { repositoryForm } from '../domain/further-place.ts';
import type { Sealed } from '../domain/sealed.ts';
import { callGitHub, type GitHubSettings, Unprocessable } from './github-call.ts';
import { sealedFor } from './sealed-box.ts';

export type { GitHubFetch } from './github-call.ts';

/** https://docs.github.com/en/actions/reference/security/secrets (2026-11) */
const mostBytes = 48 * 1024;
const nameForm = /^[A-Z_][A-Z0-9_]{0,199}$/;
const perPage = 100;
/** A repository holds a hundred; whoever answers with more pages than that is not GitHub. */
const mostPages = 10;

const publicKeySchema = v.object({ key_id: v.pipe(v.string(), v.nonEmpty()), key: v.string() });
const listSchema = v.object({
  total_count: v.number(),
  secrets: v.array(v.object({ name: v.string() })),
});

/** By that token. Throws as the port says. */
export function gitHubActionsSecrets(settings: GitHubSettings): RepositorySecrets {
  return {
    write: async (repository, name, value) => {
      const secrets = pathOf(repository);
      if (!nameForm.test(name)) throw new Permanent(`${name} is no name of a secret on GitHub`);
      if (Buffer.byteLength(value.reveal()) > mostBytes) {
        throw new Permanent(`the value for secret ${name} of ${repository} is beyond 48 KB`);
      }
      try {
        await put(settings, { repository, secrets, name, value });
      } catch (error) {
        // The public key was exchanged between the two calls.
        if (!(error instanceof Unprocessable)) throw error;
        await put(settings, { repository, secrets, name, value });
      }
    },
    names: (repository) => namesIn(settings, repository, pathOf(repository)),
  };
}

interface Written {
  readonly repository: string;
  readonly secrets: string;
  readonly name: string;
  readonly value: Sealed;
}

async function put(
  settings: GitHubSettings,
  { repository, secrets, name, value }: Written,
): Promise<void> {
  const read = `reading the public key of GitHub repository ${repository}`;
  const path = `${secrets}/public-key`;
  const answer = await callGitHub(settings, { tried: read, method: 'GET', path });
  const { key, key_id } = understood(publicKeySchema, answer, read);
  await callGitHub(settings, {
    tried: `writing secret ${name} of GitHub repository ${repository}`,
    method: 'PUT',
    path: `${secrets}/${name}`,
    body: JSON.stringify({ encrypted_value: await sealedFor(key, value), key_id }),
  });
}

async function namesIn(
  settings: GitHubSettings,
  repository: string,
  secrets: string,
): Promise<readonly string[]> {
  const tried = `listing the secrets of GitHub repository ${repository}`;
  const names: string[] = [];
  for (let page = 1; page <= mostPages; page++) {
    const path = `${secrets}?per_page=${perPage}&page=${page}`;
    const answer = await callGitHub(settings, { tried, method: 'GET', path });
    const found = understood(listSchema, answer, tried);
    names.push(...found.secrets.map(({ name }) => name));
    if (found.secrets.length === 0 || names.length >= found.total_count) return names;
  }
  throw new Transient(`${tried}: the list does not end; it is to be tried again`);
}

/** The name becomes part of the address that a value is sent to. */
function pathOf(repository: string): string {
  if (repositoryForm.test(repository)) return `/repos/${repository}/actions/secrets`;
  throw new Permanent('what was named as a GitHub repository is not owner/name');
}

function understood<S extends v.GenericSchema>(
  schema: S,
  answer: string,
  tried: string,
): v.InferOutput<S> {
  const read = v.safeParse(schema, jsonIn(answer));
  if (read.success) return read.output;
  throw new Transient(`${tried}: GitHub's answer is not as documented; it is to be tried again`);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
