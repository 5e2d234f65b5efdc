/** The project's own runbooks, read from runbooks/ and parsed as the runner needs them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Documents } from './account/ssm.ts';
import type { AutomationDocument } from './runner/document.ts';
import { parseAutomationDocument } from './runner/parse-document.ts';

const folder = join(import.meta.dirname, '..', 'runbooks');

/** The text of a runbook: `deactivate-key` → the file's content. */
export function runbookText(name: string): string {
  return readFileSync(join(folder, `${name}.yml`), 'utf8');
}

/** Every runbook: the name of its file without `.yml`, and as it is deployed, without a prefix. */
export function runbookNames(): readonly { readonly file: string; readonly title: string }[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yml'))
    .map((file) => file.slice(0, -'.yml'.length))
    .map((file) => ({ file, title: documentName(file).slice(`${documentPrefix}-`.length) }));
}

let kept: Documents | undefined;

/** Every runbook under its document name, `Keyturn-DeactivateKey`. Throws on an invalid one. */
export function runbookDocuments(): Documents {
  kept ??= new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.yml'))
      .map((file) => {
        const name = file.slice(0, -'.yml'.length);
        return [documentName(name), parsedRunbook(name, runbookText(name))];
      }),
  );
  return kept;
}

/** A runbook's text as a document. Throws naming every problem. */
export function parsedRunbook(name: string, text: string): AutomationDocument {
  const document = parseAutomationDocument(text);
  if (!document.ok) throw new Error(`runbook ${name}: ${document.problems.join('; ')}`);
  return document.value;
}

export const documentPrefix = 'Keyturn';

/** `deactivate-key` → `Keyturn-DeactivateKey`. */
export function documentName(runbook: string): string {
  const words = runbook.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${documentPrefix}-${words.join('')}`;
}
