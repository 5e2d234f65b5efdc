/** The stacks that are looked at: every stage as it is, and prod with all that can be chosen. */
import { type PackagedStack, packageStack } from './packaged-stack.ts';

const variants: Readonly<Record<string, readonly [string, ...string[]]>> = {
  dev: ['dev'],
  staging: ['staging'],
  prod: ['prod'],
  'prod with everything': [
    'prod',
    'encryption=customer',
    'configRule=daily',
    'objectLockDays=365',
    'githubTokenIn=secrets-manager',
    'organization=o-exampleorgid',
    'members=111122223333,444455556666',
  ],
};

export const variantNames: readonly string[] = Object.keys(variants);

/** Packages them all, one after the other. */
export async function packageVariants(): Promise<Readonly<Record<string, PackagedStack>>> {
  const packaged: Record<string, PackagedStack> = {};
  for (const [name, args] of Object.entries(variants)) packaged[name] = await packageStack(...args);
  return packaged;
}
