/** Where findings come from, as the doctor sees it: AWS Config and Security Hub, read only. */
import {
  ConfigServiceClient,
  DescribeConfigRulesCommand,
  DescribeConfigurationRecorderStatusCommand,
  DescribeConfigurationRecordersCommand,
  type RecordingGroup,
} from '@aws-sdk/client-config-service';
import {
  BatchGetSecurityControlsCommand,
  DescribeHubCommand,
  DescribeSecurityHubV2Command,
  GetEnabledStandardsCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import type { AccountReads, Recorder } from '../domain/account-reads.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { isKeyAgeRule } from './config-compliance.ts';
import { triedFact, triedRead } from './tried-read.ts';

type FindingsReads = Pick<
  AccountReads,
  'recorder' | 'keyAgeRules' | 'standards' | 'control' | 'securityHubV2'
>;

/**
 * What Security Hub answers where it is off.
 * https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_DescribeHub.html (2026-11)
 */
const hubIsOff = ['InvalidAccessException', 'ResourceNotFoundException'] as const;

export function findingsReads(connection: AwsConnection): FindingsReads {
  const config = connect(ConfigServiceClient, connection);
  const hub = connect(SecurityHubClient, connection);
  return {
    recorder: () =>
      triedFact('config:DescribeConfigurationRecorders', async () => recorderIn(config)),
    keyAgeRules: () =>
      triedFact('config:DescribeConfigRules', async () =>
        (await ruleNames(config)).filter(isKeyAgeRule),
      ),
    standards: async () => {
      const on = await triedRead({
        action: 'securityhub:DescribeHub',
        absent: hubIsOff,
        read: () => hub.send(new DescribeHubCommand({})),
      });
      if (!on.read || on.value === null) return on.read ? { read: true, value: null } : on;
      return triedFact('securityhub:GetEnabledStandards', () => readyStandards(hub));
    },
    control: (id) =>
      triedFact('securityhub:BatchGetSecurityControls', async () => {
        const asked = new BatchGetSecurityControlsCommand({ SecurityControlIds: [id] });
        const { SecurityControls = [] } = await hub.send(asked);
        return SecurityControls.some(({ SecurityControlStatus: is }) => is === 'ENABLED');
      }),
    securityHubV2: async () => {
      const answer = await triedRead({
        action: 'securityhub:DescribeSecurityHubV2',
        absent: hubIsOff,
        read: async () => (await hub.send(new DescribeSecurityHubV2Command({}))).HubV2Arn,
      });
      return answer.read ? { read: true, value: typeof answer.value === 'string' } : answer;
    },
  };
}

async function recorderIn(config: ConfigServiceClient): Promise<Recorder | null> {
  const { ConfigurationRecorders: [recorder] = [] } = await config.send(
    new DescribeConfigurationRecordersCommand({}),
  );
  if (recorder === undefined) return null;
  const { ConfigurationRecordersStatus: [status] = [] } = await config.send(
    new DescribeConfigurationRecorderStatusCommand({}),
  );
  const recordsUsers = takesUsers(recorder.recordingGroup ?? {});
  return { recording: status?.recording === true, recordsUsers };
}

const user = 'AWS::IAM::User';

/**
 * Users are a global type: "all supported" leaves them out unless it says so.
 * https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingGroup.html (2026-11)
 */
function takesUsers(group: RecordingGroup): boolean {
  const { allSupported, includeGlobalResourceTypes, resourceTypes = [] } = group;
  if (group.recordingStrategy?.useOnly === 'EXCLUSION_BY_RESOURCE_TYPES') {
    return group.exclusionByResourceTypes?.resourceTypes?.includes(user) !== true;
  }
  return (
    resourceTypes.includes(user) || (allSupported === true && includeGlobalResourceTypes === true)
  );
}

/** Rules come by 25; an account has 1,000 at most by default. */
const mostPages = 100;

async function ruleNames(config: ConfigServiceClient): Promise<readonly string[]> {
  const names: string[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const token = NextToken === undefined ? {} : { NextToken };
    const answer = await config.send(new DescribeConfigRulesCommand(token));
    names.push(...(answer.ConfigRules ?? []).map(({ ConfigRuleName = '' }) => ConfigRuleName));
    NextToken = answer.NextToken;
    if (!NextToken) return names;
  }
  throw new Error(`the Config rules fill over ${mostPages} pages`);
}

/** There are fewer standards than fit on one page. */
async function readyStandards(hub: SecurityHubClient): Promise<readonly string[]> {
  const { StandardsSubscriptions = [] } = await hub.send(new GetEnabledStandardsCommand({}));
  return StandardsSubscriptions.filter(({ StandardsStatus: is }) => is === 'READY').map(
    ({ StandardsArn = '' }) => StandardsArn,
  );
}
