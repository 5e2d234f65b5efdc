/** Which resource a value of a template speaks of. */

/** The logical id in a Ref or GetAtt; empty for anything else. */
export function namedBy(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  if ('Ref' in value) return String(value.Ref);
  if (!('Fn::GetAtt' in value)) return '';
  return String([value['Fn::GetAtt']].flat()[0]).split('.')[0] ?? '';
}

/** Whether a value stands for nothing at all. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || namedBy(value) === 'AWS::NoValue';
}
