/** Lists in pages, as IAM gives them. */
import { awsError } from './service.ts';

export interface PageAsked {
  readonly MaxItems?: number | undefined;
  readonly Marker?: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly rest: { readonly IsTruncated: boolean; readonly Marker?: string };
}

const prefix = 'after:';

/**
 * The next items of a sorted list, 100 unless asked for up to 1,000. The marker names the last item
 * given, so that one removed meanwhile makes nobody miss another.
 */
export function pageOf<T>(
  list: readonly T[],
  nameOf: (item: T) => string,
  { MaxItems = 100, Marker }: PageAsked,
): Page<T> {
  if (!Number.isInteger(MaxItems) || MaxItems < 1 || MaxItems > 1000) {
    throw invalid(`Value '${MaxItems}' at 'maxItems' must be between 1 and 1000`);
  }
  const after = Marker === undefined ? undefined : nameIn(Marker);
  const from = after === undefined ? 0 : list.findIndex((item) => nameOf(item) > after);
  const items = from < 0 ? [] : list.slice(from, from + MaxItems);
  const last = items.at(-1);
  const truncated = last !== undefined && from + items.length < list.length;
  if (!truncated) return { items, rest: { IsTruncated: false } };
  const marker = Buffer.from(`${prefix}${nameOf(last)}`).toString('base64');
  return { items, rest: { IsTruncated: true, Marker: marker } };
}

function nameIn(marker: string): string {
  const text = Buffer.from(marker, 'base64').toString();
  if (!text.startsWith(prefix)) throw invalid(`Invalid Marker ${marker}`);
  return text.slice(prefix.length);
}

/** IAM's refusal of a malformed input. */
export function invalid(problem: string): Error {
  return awsError('ValidationError', `1 validation error detected: ${problem}`);
}
