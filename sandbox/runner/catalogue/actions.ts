/**
 * Every documented Automation action.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html (2026-11)
 *
 * That page also lists the actions that an onCancel may not lead to (`followsCancel: false`).
 */
import { apis } from './apis.ts';
import { code } from './code.ts';
import type { ActionEntry, Catalogue } from './entry.ts';
import { flow } from './flow.ts';
import { imagesAndStacks } from './images-and-stacks.ts';
import { instances } from './instances.ts';
import { waiting } from './waiting.ts';

export const catalogue: Catalogue = {
  ...apis,
  ...code,
  ...flow,
  ...imagesAndStacks,
  ...instances,
  ...waiting,
};

export function actionEntry(name: unknown): ActionEntry | undefined {
  return typeof name === 'string' && Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
}
