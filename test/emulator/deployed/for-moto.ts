/**
 * A template as moto's CloudFormation can take it. Only what it trips over is written otherwise,
 * and means the same; docs/emulator.md lists it.
 */
import type { Template } from './package.ts';

/** A Ref to an event bus, which moto does not resolve, becomes the bus's ARN. */
export function forMoto(text: string): string {
  const template: Template = JSON.parse(text);
  return JSON.stringify(template, (_key, value) => {
    const { Ref } = Object(value) as { readonly Ref?: unknown };
    const isBus =
      typeof Ref === 'string' && template.Resources[Ref]?.Type === 'AWS::Events::EventBus';
    return isBus ? { 'Fn::GetAtt': [Ref, 'Arn'] } : value;
  });
}
