/** Before all files of the suite: the stage is packaged once, and its zips are unpacked. */
import type { TestProject } from 'vitest/node';
import { packageStage } from './deployed/package.ts';
import { stage } from './stage.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder of the packages. */
    readonly packages: string;
  }
}

export default function setup(project: TestProject): () => void {
  const packages = packageStage(stage, {});
  project.provide('packages', packages.folder);
  return packages.remove;
}
