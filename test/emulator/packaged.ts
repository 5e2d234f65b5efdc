/** Before all files of the suite: the stage is packaged once, and its zips are unpacked. */
import type { TestProject } from 'vitest/node';
import { members } from './deployed/members.ts';
import { type Packages, packageStage } from './deployed/package.ts';
import { stage } from './stage.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder of the packages. */
    readonly packages: string;
  }
}

let packages: Packages | undefined;

export function setup(project: TestProject): void {
  packages = packageStage(stage, { KEYTURN_MEMBERS: members.join(',') });
  project.provide('packages', packages.folder);
}

export function teardown(): void {
  packages?.remove();
}
