/**
 * What the sandbox's own programs do with their keys: ListBuckets (a management event) and
 * GetObject (a data event, which LookupEvents never shows).
 */
import type { ServiceModel } from './service.ts';
import { strict } from './strict.ts';

export function s3Model(): ServiceModel {
  return strict('s3', {
    ListBuckets: { takes: [], run: () => ({ Buckets: [] }) },
    GetObject: { takes: ['Bucket', 'Key'], run: () => ({ ContentLength: 0 }) },
  });
}
