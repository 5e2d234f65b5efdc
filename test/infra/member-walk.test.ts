/** The template for member accounts, walked like the hub's. */
import { expect, test } from 'vitest';
import { memberTemplate } from '../../commands/member-stack.ts';
import { excused } from './excuses.ts';
import { packageStack } from './packaged-stack.ts';
import { type Excused, walk } from './walk.ts';

const inMembers: Excused = {
  ...excused,
  resources: {
    ...excused.resources,
    Unforwarded: 'stands in every Region, the key in one: SQS’s own encryption',
  },
};

const variants: readonly (readonly [string, ...string[]])[] = [
  ['dev'],
  ['prod', 'encryption=customer'],
];

test.each(variants)(
  'the template for members of %s lacks nothing',
  async (stage, ...params) => {
    const { resources } = await packageStack(stage, ...params);
    const code = { custodian: 'custodian.zip', witness: 'witness.zip' };
    const template = memberTemplate(resources, stage, code);
    expect(walk(template, inMembers)).toEqual([]);
    expect(Object.keys(template.Resources).length).toBeGreaterThan(20);
  },
  120_000,
);
