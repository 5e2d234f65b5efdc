/**
 * Prints what some calls send and what comes of some answers, in four protocols: to be run as it
 * is and bundled, which must not differ.
 */
import { GetUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { BatchUpdateFindingsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const wanted = /^(?:content-type|x-amz-(?:target|invocation-type|expected.*|meta.*|.*checksum.*))$/;

/** Answers every request alike, and prints it. */
function answering(status: number, type: string, body: string) {
  return {
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'example' },
    requestHandler: {
      handle: async ({ method, path, headers, body: sent }: Sent) => {
        const kept = Object.entries(headers).filter(([name]) => wanted.test(name));
        const text = sent instanceof Uint8Array ? new TextDecoder().decode(sent) : sent;
        console.log(JSON.stringify({ method, path, headers: Object.fromEntries(kept), text }));
        const bytes = new TextEncoder().encode(body);
        const response = { statusCode: status, headers: { 'content-type': type }, body: bytes };
        return { response };
      },
    },
  };
}

async function told(call: Promise<object>): Promise<void> {
  const { name, message, ...answer } = (await call.catch((error: Error) => ({
    name: error.name,
    message: error.message,
  }))) as { readonly name?: string; readonly message?: string };
  console.log(JSON.stringify({ name, message, ...answer, $metadata: undefined }));
}

const hub = new SecurityHubClient(
  answering(200, 'application/json', '{"ProcessedFindings": [], "UnprocessedFindings": []}'),
);
await told(
  hub.send(
    new BatchUpdateFindingsCommand({
      FindingIdentifiers: [{ Id: 'a finding', ProductArn: 'a product' }],
      Note: { Text: 'BatchUpdateFindings', UpdatedBy: 'keyturn' },
      Workflow: { Status: 'RESOLVED' },
      UserDefinedFields: { keyturn: 'done' },
    }),
  ),
);

const gone =
  '<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code>' +
  '<Message>no such user</Message></Error><RequestId>1</RequestId></ErrorResponse>';
await told(
  new IAMClient(answering(404, 'text/xml', gone)).send(new GetUserCommand({ UserName: 'x' })),
);

const absent = '{"__type": "ParameterNotFound", "message": "none"}';
await told(
  new SSMClient(answering(400, 'application/x-amz-json-1.1', absent)).send(
    new GetParameterCommand({ Name: '/keyturn/dev/stop' }),
  ),
);

const invoke = new InvokeCommand({
  FunctionName: 'keyturn-dev-witness',
  InvocationType: 'RequestResponse',
  Payload: new TextEncoder().encode('{}'),
});
await told(new LambdaClient(answering(200, 'application/json', '{"safe": true}')).send(invoke));

const ours = { Bucket: 'keyturn-dev-evidence', ExpectedBucketOwner: '111122223333' };
await told(
  new S3Client(answering(200, 'application/xml', '')).send(
    new PutObjectCommand({
      ...ours,
      Key: 'reports/2026-W45.json',
      Body: new TextEncoder().encode('{}'),
      ContentType: 'application/json',
      ChecksumAlgorithm: 'SHA256',
      Metadata: { 'keyturn-digest': 'a digest' },
    }),
  ),
);
const refused = '<Error><Code>AccessDenied</Code><Message>not the owner</Message></Error>';
await told(
  new S3Client(answering(403, 'application/xml', refused)).send(
    new PutObjectCommand({
      ...ours,
      Key: 'reports/x.json',
      Body: 'x',
      ChecksumAlgorithm: 'SHA256',
    }),
  ),
);
await told(
  new S3Client(answering(403, 'application/xml', '')).send(
    new HeadObjectCommand({ ...ours, Key: 'reports/2026-W44.json' }),
  ),
);
