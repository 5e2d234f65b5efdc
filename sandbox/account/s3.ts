/**
 * S3: buckets that keep every version of an object, and what the sandbox's own programs do with
 * their keys in buckets that nobody made: ListBuckets (a management event) and GetObject (a data
 * event, which LookupEvents never shows).
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html (read 2026-11)
 */
import type { GetObjectRequest, HeadObjectRequest, PutObjectRequest } from '@aws-sdk/client-s3';
import type { Instant } from '../../domain/instant.ts';
import { awsError, type CallContext, type ServiceModel } from './service.ts';
import type { NamedPlace } from './sns.ts';
import { notModelled, strict } from './strict.ts';

export interface StoredObject {
  readonly at: Instant;
  readonly bucket: string;
  readonly key: string;
  readonly body: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface BucketPlace extends NamedPlace {
  /** Then S3 takes nothing without a checksum. */
  readonly objectLock: boolean;
}

export interface Buckets {
  add(place: BucketPlace): void;
  /** Every version of every object, oldest first. */
  readonly versions: readonly StoredObject[];
  readonly model: ServiceModel;
}

export function buckets(): Buckets {
  const places = new Map<string, BucketPlace>();
  const versions: StoredObject[] = [];
  const reached = (
    input: PutObjectRequest | HeadObjectRequest | GetObjectRequest,
    context: CallContext,
  ) => {
    const place = places.get(input.Bucket ?? '');
    if (place === undefined) {
      throw awsError('NoSuchBucket', 'The specified bucket does not exist', 404);
    }
    const { ExpectedBucketOwner: expected = place.account } = input;
    if (expected !== place.account || context.account !== place.account) {
      throw awsError('AccessDenied', 'Access Denied', 403);
    }
    if (context.region !== place.region) {
      throw awsError('PermanentRedirect', 'The bucket must be addressed in its Region', 301);
    }
    return place;
  };
  const model = strict('s3', {
    ListBuckets: { takes: [], run: () => ({ Buckets: [] }) },
    GetObject: {
      takes: ['Bucket', 'Key', 'ExpectedBucketOwner'],
      run: (input: GetObjectRequest, context) => {
        // Of the sandbox's own programs, which only leave a trace.
        if (!places.has(input.Bucket ?? '')) return { ContentLength: 0 };
        reached(input, context);
        const { bucket, key } = { bucket: input.Bucket, key: input.Key };
        const found = versions.findLast((each) => each.bucket === bucket && each.key === key);
        // To who may not list the bucket.
        if (found === undefined) throw awsError('AccessDenied', 'Access Denied', 403);
        return { Body: { transformToString: async () => found.body } };
      },
    },
    PutObject: {
      takes: [
        'Bucket',
        'Key',
        'Body',
        'ContentType',
        'ChecksumAlgorithm',
        'ExpectedBucketOwner',
        'Metadata',
      ],
      run: (input: PutObjectRequest, context) => {
        const { objectLock } = reached(input, context);
        if (objectLock && input.ChecksumAlgorithm === undefined) {
          const problem = 'Content-MD5 OR x-amz-checksum- HTTP header is required';
          throw awsError('InvalidRequest', problem);
        }
        versions.push(objectIn(input, context.now));
        return {};
      },
    },
    HeadObject: {
      takes: ['Bucket', 'Key', 'ExpectedBucketOwner'],
      run: (input: HeadObjectRequest, context) => {
        reached(input, context);
        const found = versions.findLast(
          ({ bucket, key }) => bucket === input.Bucket && key === input.Key,
        );
        // To who may not list the bucket; and HEAD has no body that would say more.
        if (found === undefined) throw awsError('Unknown', 'UnknownError', 403);
        const { contentType, metadata } = found;
        return { ContentType: contentType, Metadata: { ...metadata } };
      },
    },
  });
  return { add: (place) => void places.set(place.name, place), versions, model };
}

function objectIn(input: PutObjectRequest, at: Instant): StoredObject {
  const { Bucket: bucket = '', Key: key = '', ContentType, Metadata = {}, Body } = input;
  if (key === '' || Buffer.byteLength(key) > 1024) {
    throw awsError('KeyTooLongError', 'Your key is too long, or empty');
  }
  if (typeof Body !== 'string' && !(Body instanceof Uint8Array)) {
    throw notModelled('s3:PutObject with a stream');
  }
  if (Object.keys(Metadata).some((name) => name !== name.toLowerCase())) {
    throw notModelled('s3:PutObject with capitals in the names of metadata, which S3 makes small');
  }
  const contentType = ContentType ?? 'application/octet-stream';
  return { at, bucket, key, body: Buffer.from(Body).toString(), contentType, metadata: Metadata };
}
