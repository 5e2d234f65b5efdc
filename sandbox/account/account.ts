/**
 * Account Management: ListRegions, of the caller's own account. A Region that the account was
 * called in shows as enabled too: it could not have been called in otherwise.
 * https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html
 */
import type { ListRegionsRequest, ListRegionsResponse, Region } from '@aws-sdk/client-account';
import type { Ground } from './ground.ts';
import { regionsOf } from './region.ts';
import { awsError, type ServiceModel } from './service.ts';
import { strict } from './strict.ts';
import type { Trail } from './trail.ts';

const statuses: ReadonlySet<string> = new Set([
  'ENABLED',
  'ENABLED_BY_DEFAULT',
  'ENABLING',
  'DISABLING',
  'DISABLED',
]);

export function accountModel(ground: Ground, trail: Trail): ServiceModel {
  const regionsIn = (account: string): readonly Region[] => {
    const usual = ground.settings.enabledRegions ?? regionsOf(ground.partition);
    const others = trail.regions(account).filter((region) => !usual.includes(region));
    return [
      ...usual.map((RegionName): Region => ({ RegionName, RegionOptStatus: 'ENABLED_BY_DEFAULT' })),
      ...others.map((RegionName): Region => ({ RegionName, RegionOptStatus: 'ENABLED' })),
    ];
  };
  return strict('account', {
    ListRegions: {
      takes: ['MaxResults', 'NextToken', 'RegionOptStatusContains'],
      run: (input: ListRegionsRequest, { account }) => page(regionsIn(account), input),
    },
  });
}

/** A token says from where to go on. */
function page(
  regions: readonly Region[],
  { MaxResults = 50, NextToken, RegionOptStatusContains }: ListRegionsRequest,
): ListRegionsResponse {
  const from = NextToken === undefined ? 0 : Number(NextToken);
  if (!Number.isInteger(MaxResults) || MaxResults < 1 || MaxResults > 50) {
    throw awsError('ValidationException', 'maxResults must be between 1 and 50');
  }
  if (!Number.isInteger(from) || from < 0 || RegionOptStatusContains?.length === 0) {
    throw awsError('ValidationException', 'the request is not valid');
  }
  if (RegionOptStatusContains?.some((status) => !statuses.has(status))) {
    throw awsError('ValidationException', 'regionOptStatusContains names an unknown status');
  }
  const asked = regions.filter(
    ({ RegionOptStatus = '' }) =>
      RegionOptStatusContains?.some((status) => status === RegionOptStatus) ?? true,
  );
  const end = from + MaxResults;
  return {
    Regions: asked.slice(from, end),
    ...(end < asked.length ? { NextToken: String(end) } : {}),
  };
}
