/** ISO-8601 durations of days and shorter, as aws:sleep takes them. */

const pattern = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Seconds of `PT10M`, `P1DT2H` …, or undefined if the text is no such duration. */
export function secondsOfIsoDuration(text: string): number | undefined {
  const parts = pattern.exec(text)?.slice(1);
  if (parts === undefined || parts.every((part) => part === undefined)) return undefined;
  if (text.endsWith('T')) return undefined;
  const units = [7 * 86_400, 86_400, 3_600, 60, 1];
  return parts.reduce((sum, part, index) => sum + Number(part ?? 0) * (units[index] ?? 0), 0);
}
