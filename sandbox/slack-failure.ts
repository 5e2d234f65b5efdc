/** How calls to Slack on a laptop fail, where a test wants them to. */
export type SlackFailure =
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'rate limited'; readonly retryAfterSeconds: number }
  | {
      readonly kind: 'error';
      readonly error: string;
      /** Only calls of that method fail. */
      readonly method?: string;
      /** Only calls about that channel fail. */
      readonly channel?: string;
    };

/** Whether it is that call that fails. */
export function strikes(failure: SlackFailure, url: string, body: string): boolean {
  if (failure.kind !== 'error') return true;
  const { method, channel } = failure;
  return (
    (method === undefined || url.endsWith(`/${method}`)) &&
    (channel === undefined || new URLSearchParams(body).get('channel') === channel)
  );
}

/** How Slack answers then. Throws as a broken network does. */
export function failed(failure: SlackFailure): Response {
  switch (failure.kind) {
    case 'unreachable':
      throw Object.assign(new Error('fetch failed'), { code: 'ECONNREFUSED' });
    case 'status':
      return new Response('upstream trouble', { status: failure.status });
    case 'rate limited': {
      const headers = { 'retry-after': String(failure.retryAfterSeconds) };
      return new Response('', { status: 429, headers });
    }
    case 'error':
      return new Response(JSON.stringify({ ok: false, error: failure.error }), {
        headers: { 'content-type': 'application/json' },
      });
  }
}
