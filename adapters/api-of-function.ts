/** Which HTTP API may invoke a function, and under which address it is called from outside. */
import { GetPolicyCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Answer } from '../domain/account-reads.ts';
import { partitionOf } from '../domain/region.ts';
import { triedRead } from './tried-read.ts';

/**
 * The API stands in the function's own policy, as the source that may invoke it; its stage is
 * `$default`, which no address shows. null if there is no such function, or nothing may invoke it.
 * https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html (2026-11)
 */
export function apiOfFunction(
  lambda: LambdaClient,
  FunctionName: string,
): Promise<Answer<string | null>> {
  return triedRead({
    action: 'lambda:GetPolicy',
    absent: ['ResourceNotFoundException'],
    read: async () => addressIn((await lambda.send(new GetPolicyCommand({ FunctionName }))).Policy),
  });
}

function addressIn(policy = ''): string | null {
  const source = /:execute-api:([a-z0-9-]+):\d{12}:([a-z0-9]+)\//.exec(policy);
  const [, region = '', api = ''] = source ?? [];
  return source === null ? null : `https://${api}.execute-api.${region}.${suffixOf(region)}`;
}

/** https://docs.aws.amazon.com/general/latest/gr/apigateway.html (2026-11) */
function suffixOf(region: string): string {
  switch (partitionOf(region)) {
    case 'aws-cn':
      return 'amazonaws.com.cn';
    case 'aws-eusc':
      return 'amazonaws.eu';
    default:
      return 'amazonaws.com';
  }
}
