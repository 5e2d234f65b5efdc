/**
 * A real Chromium, and pages in it that note what must not happen: an error on the console, an
 * uncaught one, a dialog, a request that leaves the machine.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser to use. Throws an Error that says what to install where there is none. */
export function chromiumProgram(): string {
  const named = process.env.KEYTURN_CHROMIUM;
  if (named !== undefined && named !== '') return named;
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((file) => isProgram(file));
  if (found !== undefined) return found;
  throw new Error(
    'The browser suite needs a Chromium, and none is on the PATH. On Debian or Ubuntu: ' +
      'apt-get install chromium. Anywhere: name the program in KEYTURN_CHROMIUM.',
  );
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Who runs as root, as containers do, gets no sandbox of Chromium's. */
export function openBrowser(): Promise<Browser> {
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: chromiumProgram(), args });
}

export interface Watched {
  readonly page: Page;
  /** What must not have happened; asserted to be empty at the end of each test. */
  readonly wrong: string[];
}

/** A page of its own, with nothing kept from another. `mayLoad`: which addresses are its own. */
export async function openPage(
  browser: Browser,
  mayLoad: (url: string) => boolean,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) wrong.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => wrong.push(`uncaught: ${error.message}`));
  page.on('dialog', (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!mayLoad(request.url())) wrong.push(`asked for ${request.url()}`);
  });
  return { page, wrong };
}
