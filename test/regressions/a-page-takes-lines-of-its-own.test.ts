/** Of a page the summary alone was one line of limited length; its source and details were not. */
import { expect, test } from 'vitest';
import { pagerDutyAlerts, pagerDutyLimits } from '../../adapters/pagerduty-alerts.ts';
import { overlapping, rotationAt, staleKey } from '../builders.ts';

test('given odd text in a name, then each text of the page is one line that fits', async () => {
  const bodies: string[] = [];
  const pager = pagerDutyAlerts({
    routingKey: async () => 'x'.repeat(32),
    fetch: async (_url, { body }) => {
      bodies.push(body);
      return { status: 202, text: async () => '' };
    },
  });
  const userName = `a\nb\u202Ec\u001b[31m${'x'.repeat(3000)}`;
  const key = { ...staleKey, user: { ...staleKey.user, userName } };
  const owner = { known: true, slackUserId: 'U0', name: userName } as const;
  const rotation = rotationAt(overlapping(), { key, owner });
  await pager.trigger({ dedupKey: 'rot/1', summary: userName, severity: 'warning', rotation });
  const { payload } = JSON.parse(bodies[0] ?? '');
  const texts: unknown[] = [
    payload.source,
    payload.summary,
    ...Object.values(payload.custom_details),
  ];
  for (const text of texts) {
    expect(text).toMatch(/^[^\p{Cc}\u202E]+$/u);
    expect(String(text).length).toBeLessThanOrEqual(pagerDutyLimits.detail);
  }
});
