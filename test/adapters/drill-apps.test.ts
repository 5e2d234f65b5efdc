/** What an application's secret holds is never quoted, whatever it is. */
import { expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { drillApps } from '../../adapters/drill-apps.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { story } from '../builders.ts';
import { cannedAws } from './canned-aws.ts';

test.each(['very-secret', '[{"accessKeyId": "AKIA", "secretAccessKey": ["very-secret"]}]'])(
  'no error quotes a secret that is none of its own: %s',
  async (SecretString) => {
    const { connection } = cannedAws({ GetSecretValue: () => ({ SecretString }) });
    const apps = drillApps(connection, virtualClock(story.opened), cryptoIds);
    const failed = await apps.keysOf('keyturn-drill-1-plain').catch((error: unknown) => error);
    expect(String(failed)).toBe('Permanent: the secret of keyturn-drill-1-plain holds no keys');
  },
);
