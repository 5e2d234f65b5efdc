/** The middle of some measurements: what else the machine did meanwhile moves it least. */

/** Of an even number, the upper one of the two in the middle; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
