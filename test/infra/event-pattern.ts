/**
 * EventBridge's pattern matching, as far as our rules use it: values, prefix, suffix, wildcard and
 * anything-but; every field must match; a list in the event matches if one element matches whole.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
type Pattern = { readonly [field: string]: Pattern | readonly Condition[] };
type Condition =
  | string
  | number
  | { readonly prefix: string }
  | { readonly suffix: string }
  | { readonly wildcard: string }
  | { readonly 'anything-but': readonly string[] };

/** Whether the event matches. Throws on a condition that is not modelled. */
export function matches(pattern: Pattern, event: unknown): boolean {
  if (Array.isArray(event)) return event.some((element) => matches(pattern, element));
  if (typeof event !== 'object' || event === null) return false;
  return Object.entries(pattern).every(([field, wanted]) => {
    const found = (event as Record<string, unknown>)[field];
    return isConditions(wanted)
      ? [found].flat().some((value) => wanted.some((condition) => meets(condition, value)))
      : matches(wanted, found);
  });
}

function isConditions(wanted: Pattern | readonly Condition[]): wanted is readonly Condition[] {
  return Array.isArray(wanted);
}

function meets(condition: Condition, value: unknown): boolean {
  if (typeof condition !== 'object') return value === condition;
  if (typeof value !== 'string') return false;
  if ('prefix' in condition) return value.startsWith(condition.prefix);
  if ('suffix' in condition) return value.endsWith(condition.suffix);
  if ('wildcard' in condition) return wildcard(condition.wildcard).test(value);
  if ('anything-but' in condition) return !condition['anything-but'].includes(value);
  throw new Error(`no model of the condition ${JSON.stringify(condition)}`);
}

function wildcard(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
