/** What a CloudFormation resource refers to, so that a test can find dead ends and circles. */
import type { Resource } from './packaged-stack.ts';

/** Logical ids that a value names by Ref, Fn::GetAtt or Fn::Sub; pseudo parameters left out. */
export function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref') return named([String(inner)]);
    if (key === 'Fn::GetAtt') return named([Array.isArray(inner) ? String(inner[0]) : '']);
    if (key === 'Fn::Sub' && typeof inner === 'string') {
      return named([...inner.matchAll(/\$\{([^}.]+)[^}]*\}/g)].map((match) => match[1] ?? ''));
    }
    return referencesIn(inner);
  });
}

const named = (ids: readonly string[]) => ids.filter((id) => !id.startsWith('AWS::'));

/** The resources that form circles; empty when CloudFormation can order them. */
export function circle(resources: Readonly<Record<string, Resource>>): readonly string[] {
  const waiting = new Map(
    Object.entries(resources).map(([id, resource]) => [
      id,
      new Set([...referencesIn(resource.Properties), ...[resource.DependsOn ?? []].flat()]),
    ]),
  );
  for (let before = -1; before !== waiting.size; ) {
    before = waiting.size;
    for (const [id, needs] of waiting) {
      if (![...needs].some((need) => waiting.has(need))) waiting.delete(id);
    }
  }
  return [...waiting.keys()];
}
