/** The sandbox's S3 refuses what S3 refuses, and what it does not model. */
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { connect } from '../../../adapters/aws-connection.ts';
import { account, given, otherAccount, refusal, region } from './given.ts';

const Bucket = 'keyturn-test-evidence';
const object = { Bucket, Key: 'reports/a.json', Body: 'a' };

function givenBucket(objectLock = false) {
  const { cloud, operator } = given();
  cloud.addBucket({ account, region, name: Bucket, objectLock });
  return { cloud, operator, client: connect(S3Client, operator) };
}

describe('objects', () => {
  test('keep every version, and the newest one answers', async () => {
    const { cloud, client } = givenBucket();
    await client.send(new PutObjectCommand({ ...object, Metadata: { digest: '1' } }));
    await client.send(new PutObjectCommand({ ...object, Metadata: { digest: '2' } }));
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: object.Key }));
    expect(head.Metadata).toEqual({ digest: '2' });
    expect(cloud.objectVersions.map(({ metadata }) => metadata.digest)).toEqual(['1', '2']);
  });

  test('are refused without a checksum where they are locked', async () => {
    const { client } = givenBucket(true);
    const bare = client.send(new PutObjectCommand(object));
    expect(await refusal(bare)).toBe('InvalidRequest 400');
    await client.send(new PutObjectCommand({ ...object, ChecksumAlgorithm: 'SHA256' }));
  });

  test('go into no bucket of another owner, Region or name', async () => {
    const { cloud, client, operator } = givenBucket();
    const owned = { ...object, ExpectedBucketOwner: otherAccount };
    const put = (input: typeof object) => refusal(client.send(new PutObjectCommand(input)));
    expect(await put(owned)).toBe('AccessDenied 403');
    expect(await put({ ...object, Bucket: 'other' })).toBe('NoSuchBucket 404');
    const elsewhere = connect(S3Client, { ...operator, region: 'us-east-1' });
    const afar = elsewhere.send(new PutObjectCommand(object));
    expect(await refusal(afar)).toBe('PermanentRedirect 301');
    expect(cloud.objectVersions).toEqual([]);
  });

  test('that are not there look forbidden', async () => {
    const { client } = givenBucket();
    const asked = client.send(new HeadObjectCommand({ Bucket, Key: 'none' }));
    expect(await refusal(asked)).toBe('Unknown 403');
  });
});

test('what is not modelled fails by name', async () => {
  const { client } = givenBucket();
  const strange = [
    client.send(new ListObjectsV2Command({ Bucket })),
    client.send(new PutObjectCommand({ ...object, ACL: 'public-read' })),
    client.send(new GetObjectCommand({ Bucket, Key: 'a', Range: 'bytes=0-1' })),
  ];
  for (const each of strange) expect(await refusal(each)).toBe('NotModelled 400');
});
