/** One hub serves one partition: whatever is placed in another one is refused, in one sentence. */

/** The problem with where `what` is; none if that is the partition served, or not known. */
export function foreignTo(
  served: string,
  what: string,
  where: string | undefined,
): readonly string[] {
  return where === undefined || where === served
    ? []
    : [`${what} is in partition ${where}: this Keyturn serves ${served}`];
}
