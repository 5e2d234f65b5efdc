/** Regions as payloads carry them: comma-joined, or `none`. */
import * as v from 'valibot';

const pattern = /^(?:none|[a-z]{2,8}(?:-[a-z]+){1,3}-\d(?:,[a-z]{2,8}(?:-[a-z]+){1,3}-\d){0,9})$/;
const problem = 'is not a comma-joined list of at most ten Regions, or none';

/** Each Region once. */
export const regionsOrNone = v.pipe(
  v.string(problem),
  v.regex(pattern, problem),
  v.transform((text): readonly string[] => (text === 'none' ? [] : text.split(','))),
  v.check((regions) => new Set(regions).size === regions.length, 'names a Region twice'),
);
