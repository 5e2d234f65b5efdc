/** GitHub as a deployment finds it: the repositories that its policy names, and their token. */
import type { PolicyBook } from '../domain/policy-book.ts';
import type { Cloud } from './account/cloud.ts';
import { type GitHubStandIn, gitHubStandIn } from './github.ts';
import { gitHubToken, names } from './settings.ts';

interface Deployed {
  readonly region: string;
  readonly accounts: readonly string[];
  readonly book: PolicyBook;
}

/** The repositories that any part of the policy names, each once. */
export function repositoriesIn({ defaults, rules }: PolicyBook): readonly string[] {
  const copies = [defaults, ...rules.map(({ changes }) => changes)].flatMap((each) => [
    ...(each.copies ?? []),
  ]);
  const named = copies.flatMap((copy) => (copy.kind === 'github-actions' ? [copy.repository] : []));
  return [...new Set(named)];
}

/** Nothing is put into AWS where policy names no repository. */
export async function deployGitHub(
  cloud: Cloud,
  { region, accounts, book }: Deployed,
): Promise<GitHubStandIn> {
  const gitHub = gitHubStandIn();
  gitHub.setToken(gitHubToken, 'write');
  const repositories = repositoriesIn(book);
  for (const repository of repositories) gitHub.addRepository(repository);
  for (const account of repositories.length === 0 ? [] : accounts) {
    cloud.createRole(account, 'operator');
    await cloud.call({
      ...{ service: 'secretsmanager', operation: 'CreateSecret', region },
      input: { Name: names.gitHubToken, SecretString: JSON.stringify({ gitHubToken }) },
      credentials: cloud.roleCredentials(account, 'operator', 'deployment'),
    });
  }
  return gitHub;
}
