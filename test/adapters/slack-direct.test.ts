/**
 * What one person is told alone: golden files for every occasion, hostile text, limits. After a
 * wanted change: `UPDATE_GOLDEN=1 npx vitest run test/adapters/slack-direct.test.ts`, then read the
 * difference.
 */
import { describe, expect, test } from 'vitest';
import { profileCommands } from '../../adapters/profile-commands.ts';
import { callingMessage, directMessage } from '../../adapters/slack-direct.ts';
import { slackLimits } from '../../adapters/slack-limits.ts';
import type { SlackMessage } from '../../adapters/slack-message.ts';
import type { Rotation } from '../../domain/case.ts';
import { occasions } from '../../domain/notices.ts';
import type { Notice } from '../../domain/ports.ts';
import { rule } from '../../sandbox/slack-rules.ts';
import {
  held,
  inUse,
  issued,
  overlapping,
  policyWith,
  retirement,
  rotationAt,
  soaking,
  staleKey,
  story,
  use,
  user,
} from '../builders.ts';
import { expectGoldenJson } from '../golden-file.ts';

const channel = 'C0ACCESSKEYS';

const usedWith = (userAgent: string) =>
  overlapping({
    evidence: inUse({ at: story.pickedUp, uses: [use(story.issued, { userAgent })] }),
  });

const situations: Readonly<Record<string, readonly Notice[]>> = {
  begun: [{ rotation: rotationAt(overlapping()), occasion: 'begun' }],
  'begun-in-a-teams-channel': [
    {
      rotation: rotationAt(overlapping(), { policy: policyWith({ channel: 'C0PAYMENTS' }) }),
      occasion: 'begun',
    },
  ],
  'half-time-aws-cli': [{ rotation: rotationAt(usedWith('aws-cli/2.31')), occasion: 'half-time' }],
  'soon-environment': [{ rotation: rotationAt(usedWith('Boto3/1.40')), occasion: 'soon' }],
  'soon-lambda': [
    {
      rotation: rotationAt(usedWith('Boto3/1.40 exec-env/AWS_Lambda_python3.13')),
      occasion: 'soon',
    },
  ],
  'missed-held': [{ rotation: rotationAt(held()), occasion: 'missed' }],
  'missed-moved': [{ rotation: rotationAt(overlapping()), occasion: 'missed' }],
  'begun-told-late': [{ rotation: rotationAt(soaking()), occasion: 'begun' }],
  'retire-begun': [{ rotation: rotationAt(retirement(), { kind: 'retire' }), occasion: 'begun' }],
  digest: Array.from({ length: 57 }, (_, index) => ({
    rotation: rotationAt(overlapping(), {
      key: { ...staleKey, user: { ...user, userName: `svc-${index + 1}` } },
    }),
    occasion: 'begun',
  })),
};

function accepted(message: SlackMessage): void {
  expect(message.text.length).toBeLessThanOrEqual(slackLimits.text);
  expect(rule(JSON.stringify(message.blocks))).toMatchObject({ ok: true });
}

describe.each(Object.entries(situations))('%s', (name, notices) => {
  const message = directMessage(notices, channel);

  test('looks as it is written down', () => {
    expectGoldenJson(`slack-direct/${name}.json`, message);
  });

  test('is accepted by Slack, and shows keys by their last letters alone', () => {
    accepted(message);
    expect(JSON.stringify(message)).not.toContain('AKIA');
  });
});

describe('hostile text', () => {
  const bad = '<!channel> *bold* `x` & <@U0EVIL> <https://evil.example|click>'.padEnd(3000, '<&>`');
  const hostile = (rotation: Rotation): Rotation => ({
    ...rotation,
    owner: { known: true, slackUserId: 'U0123OWNER', name: bad },
    key: { ...staleKey, user: { ...user, userName: bad, account: bad } },
  });
  const uses = Array.from({ length: 10 }, () =>
    use(story.issued, { userAgent: bad, service: bad }),
  );
  const stage = overlapping({
    issued: { ...issued, secretArn: `arn:aws:secretsmanager:eu-west-1:1:secret:${bad}` },
    evidence: inUse({ at: story.pickedUp, uses }),
  });

  test.each(occasions)('stays text, and within the limits: %s', (occasion) => {
    for (const rotation of [
      rotationAt(stage),
      rotationAt(held({ reason: { code: 'still in use', text: bad } })),
    ]) {
      const message = directMessage([{ rotation: hostile(rotation), occasion }], channel);
      accepted(message);
      expect(JSON.stringify(message)).not.toMatch(/<!channel|<@U0EVIL|<https:\/\/evil/);
    }
  });

  test('also in a digest, and where somebody is called upon', () => {
    const many = Array.from({ length: 200 }, () => ({
      rotation: hostile(rotationAt(stage)),
      occasion: 'soon' as const,
    }));
    for (const message of [directMessage(many, channel), callingMessage(bad, 'U0123OWNER')]) {
      accepted(message);
      expect(JSON.stringify(message)).not.toMatch(/<!channel|<@U0EVIL|<https:\/\/evil/);
    }
    expect(callingMessage('Hello.', 'U0123OWNER').text).toBe('<@U0123OWNER>: Hello.');
    expect(callingMessage('Hello.', '!here').text).toBe('Hello.');
  });

  test('runs nothing in a shell: what is no ARN or name is left out of the commands', () => {
    const { key } = hostile(rotationAt(stage));
    const lines = profileCommands(rotationAt({ ...stage }, { key }));
    expect(lines.join('\n')).not.toContain('evil');
    expect(lines[0]).toContain("--profile 'PROFILE'");
  });
});

test('a parameter is read as one', () => {
  const secretArn = 'arn:aws:ssm:eu-west-1:111122223333:parameter/keyturn/users/svc-billing';
  const [first] = profileCommands(rotationAt(overlapping({ issued: { ...issued, secretArn } })));
  expect(first).toBe(
    `aws configure set aws_access_key_id "$(aws ssm get-parameter --name '${secretArn}' ` +
      '--with-decryption --query Parameter.Value --region eu-west-1 --output text | ' +
      `jq -r .accessKeyId)" --profile 'svc-billing'`,
  );
});
