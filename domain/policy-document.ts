/**
 * A policy document of IAM after it has been read: what its statements say about actions and
 * resources. Conditions are left out on purpose: who may do something on a condition may do it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html (2026-11)
 */

/** Patterns: those listed, or everything except those listed. `*` and `?` are wildcards. */
export interface Patterns {
  readonly are: 'listed' | 'all but';
  readonly patterns: readonly string[];
}

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Patterns;
  readonly resources: Patterns;
}

export interface PolicyDocument {
  readonly statements: readonly Statement[];
}

/** Whether a statement speaks of an action, e.g. `iam:CreateUser`. IAM ignores the case. */
export function speaksOf({ actions }: Statement, action: string): boolean {
  const matched = actions.patterns.some((pattern) => fits(pattern, action));
  return actions.are === 'listed' ? matched : !matched;
}

/**
 * Whether a text fits a pattern, in any case. Walks back to the latest `*` alone, so that no
 * pattern, however many stars it has, takes long.
 */
export function fits(pattern: string, text: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), text.toLowerCase()];
  let at = 0;
  let star = -1;
  let starAt = 0;
  let index = 0;
  while (at < given.length) {
    const sign = wanted[index];
    if (sign === '*') {
      star = index++;
      starAt = at;
    } else if (sign === '?' || sign === given[at]) {
      index++;
      at++;
    } else if (star >= 0) {
      index = star + 1;
      at = ++starAt;
    } else {
      return false;
    }
  }
  return /^\**$/.test(wanted.slice(index));
}

/**
 * Whether any text fits both of two patterns, in any case. Goes through both at once, keeping every
 * place in the second that the first may stand at: as many steps as the product of their lengths.
 */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  // Whether the rest of `one` from here and each rest of `other` have a text in common.
  let after: readonly boolean[] = [];
  for (let i = a.length; i >= 0; i--) {
    const here: boolean[] = Array(b.length + 1).fill(false);
    for (let j = b.length; j >= 0; j--) {
      const [x, y] = [a[i], b[j]];
      if (x === undefined && y === undefined) here[j] = true;
      // A star is nothing, or takes what the other side has next.
      else if (x === '*') here[j] = after[j] === true || (y !== undefined && here[j + 1] === true);
      else if (y === '*') here[j] = here[j + 1] === true || (x !== undefined && after[j] === true);
      else here[j] = (x === y || x === '?' || y === '?') && after[j + 1] === true;
    }
    after = here;
  }
  return after[0] === true;
}
