/** A whole number that somebody typed. */

/** Throws an Error that names the option and says what to give. */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new Error(`${option} is "${text}": give a whole number from ${least} to ${most}`);
}
