/**
 * Objects put into the evidence bucket: only into the bucket of the account that it should belong
 * to, each with a SHA-256 by which S3 checks what arrived; a bucket with Object Lock asks for it.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html (2026-11)
 */
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { fromAws } from './aws-error.ts';

export interface EvidenceBucket {
  readonly name: string;
  /** The account that must own it, or nothing is sent. */
  readonly owner: string;
}

/** Milliseconds: so much takes longer than a usual answer. */
export const requestTimeout = 120_000;

export const json = 'application/json';
export const csv = 'text/csv; charset=utf-8';

/** Throws Transient or Permanent. `metadata` by which the object is known without reading it. */
export type Put = (
  key: string,
  body: Uint8Array | string,
  type: string,
  metadata?: Readonly<Record<string, string>>,
) => Promise<void>;

export function putInto(client: S3Client, bucket: EvidenceBucket): Put {
  return async (key, body, type, metadata) => {
    const input = {
      Bucket: bucket.name,
      Key: key,
      Body: body,
      ContentType: type,
      ChecksumAlgorithm: 'SHA256' as const,
      ExpectedBucketOwner: bucket.owner,
      ...(metadata === undefined ? {} : { Metadata: { ...metadata } }),
    };
    try {
      await client.send(new PutObjectCommand(input));
    } catch (error) {
      throw fromAws(`writing ${key} to bucket ${bucket.name}`, error);
    }
  };
}
