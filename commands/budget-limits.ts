/** What the packaged functions may weigh, how long they may load, and who exceeds that. */

const kilobyte = 1024;

/** A zip holds no more, unless it is named below. */
export const usualBytes = 150 * kilobyte;

const whole =
  'it is composed as a whole hub: clients of nine services, Slack, and the YAML of the policy file';

/** Zips that may be larger, how large, and why. */
export const exceptions: Readonly<
  Record<string, { readonly bytes: number; readonly why: string }>
> = {
  onFinding: { bytes: 300 * kilobyte, why: whole },
  onRunbookFinished: { bytes: 300 * kilobyte, why: whole },
  onSlackAction: { bytes: 300 * kilobyte, why: whole },
  onTick: { bytes: 300 * kilobyte, why: whole },
  onInventory: {
    bytes: 290 * kilobyte,
    why:
      'it claims keys as the hub does and keeps what it saw in S3: clients of seven services, ' +
      'the whole notebook, and the YAML of the policy file',
  },
  evidenceReport: {
    bytes: 200 * kilobyte,
    why:
      'it asks Config besides table and bucket, reads back what it wrote, and draws the page ' +
      'of the week for whoever reads no JSON',
  },
  onSlackCommand: {
    bytes: 190 * kilobyte,
    why:
      'it speaks to the table, one secret or parameter ' +
      'and Slack, and reads the YAML of the policy file',
  },
  custodian: {
    bytes: 330 * kilobyte,
    why:
      'it speaks to six services, IAM, STS, Secrets Manager, SSM, Lambda, CloudTrail; and it ' +
      'holds libsodium, which seals secrets for GitHub and is loaded for that alone',
  },
};

/** A bundle loads in no more than so many times what the best way to bundle it takes. */
export const importRatio = 1.3;

/** What is wrong with the sizes of zips, by the name of the function. */
export function sizeProblems(zips: Readonly<Record<string, number>>): readonly string[] {
  const small = Object.entries(exceptions)
    .filter(([name]) => (zips[name] ?? usualBytes + 1) <= usualBytes)
    .map(([name]) => `${name}: it needs no exception any more: take it out of budget-limits.ts`);
  const large = Object.entries(zips).flatMap(([name, bytes]) => {
    const limit = exceptions[name]?.bytes ?? usualBytes;
    if (bytes <= limit) return [];
    const sizes = `${inKilobytes(bytes)} in its zip, ${inKilobytes(limit)} allowed`;
    return [`${name}: ${sizes}: find what it bundles that it need not`];
  });
  return [...small, ...large];
}

export function inKilobytes(bytes: number): string {
  return `${Math.round(bytes / kilobyte)} KB`;
}
