/** moto's answers, put right where AWS's are otherwise, and read where CloudTrail repeats them. */
import { awsError } from '../../../sandbox/account/service.ts';
import type { WireAnswer } from './answer.ts';
import { awsUserId, element } from './callers.ts';
import type { WireRequest } from './wire.ts';

/** Users' ids as AWS writes them, and the request id that the proxy has noted. */
export function asAws(request: WireRequest, answer: WireAnswer, requestId: string): WireAnswer {
  const headers = { ...answer.headers, 'x-amzn-requestid': requestId };
  if (!['iam', 'sts'].includes(request.service)) return { ...answer, headers };
  const text = answer.body
    .toString()
    .replace(/<UserId>([a-z0-9]{20})</g, (_all, id: string) => `<UserId>${awsUserId(id)}<`);
  const body = Buffer.from(text);
  return { ...answer, headers: { ...headers, 'content-length': String(body.length) }, body };
}

/** What CloudTrail tells of an answer. */
export function outputOf(
  { service, operation }: WireRequest,
  { status, body }: WireAnswer,
): { readonly output: unknown; readonly error: Error | undefined } {
  const text = body.toString();
  if (status >= 300) return { output: undefined, error: errorIn(text, status) };
  const of = (name: string) => element(text, name);
  const output =
    service === 'iam' && operation === 'CreateAccessKey'
      ? {
          AccessKey: {
            AccessKeyId: of('AccessKeyId'),
            UserName: of('UserName'),
            Status: of('Status'),
            CreateDate: new Date(of('CreateDate')),
          },
        }
      : service === 'sts' && operation === 'AssumeRole'
        ? {
            Credentials: {
              AccessKeyId: of('AccessKeyId'),
              Expiration: new Date(of('Expiration')),
            },
            AssumedRoleUser: { AssumedRoleId: of('AssumedRoleId'), Arn: of('Arn') },
          }
        : undefined;
  return { output, error: undefined };
}

function errorIn(text: string, status: number): Error {
  const name = element(text, 'Code') || /"__type":\s*"([^"]+)"/.exec(text)?.[1] || 'Unknown';
  return awsError(name.split('#').at(-1) ?? name, element(text, 'Message'), status);
}
