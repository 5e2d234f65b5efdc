/**
 * GitHub as it fails, behind the `fetch` that the custodian calls: now and then, as everything
 * does, and in some worlds from a certain call on for long.
 */
import type { GitHubFetch } from '../../adapters/github-call.ts';
import { type Instant, plus } from '../../domain/instant.ts';
import { type FaultyMessages, struck } from './faulty-messages.ts';
import type { GitHubOutage } from './plan.ts';

export interface FaultyGitHub extends FaultyMessages {
  readonly outage: GitHubOutage | null;
  readonly now: () => Instant;
}

/** What GitHub refuses, it says so plainly, and nothing happened. */
export function faultyGitHub(parts: FaultyGitHub, fetch: GitHubFetch): GitHubFetch {
  const { outage, now, strikes } = parts;
  let calls = 0;
  let downUntil: Instant | undefined;
  return (url, request) => {
    calls += 1;
    if (outage !== null && calls > outage.afterCalls) {
      downUntil ??= plus(now(), { hours: outage.hours });
    }
    const isDown = downUntil !== undefined && now() < downUntil && !strikes.isOver();
    const refusal = () => says(isDown ? (outage?.status ?? 403) : 403);
    return struck({ ...parts, isDown: () => isDown }, 'github', effectOf(url, request.method), {
      go: () => fetch(url, request),
      refused: refusal,
      throttled: () => says(429, { 'retry-after': '30' }),
    });
  };
}

function effectOf(url: string, method: string): string {
  const [, last = ''] = /secrets[/?]([\w-]+)/.exec(url) ?? [];
  if (last === 'per_page') return 'github:list';
  return `github:${method} ${last.startsWith('KEYTURN_') ? 'mark' : last}`;
}

function says(status: number, headers: Readonly<Record<string, string>> = {}) {
  return {
    status,
    headers: { get: (name: string) => headers[name.toLowerCase()] ?? null },
    text: async () => '{"message":"no"}',
  };
}
