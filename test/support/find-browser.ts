/**
 * Which Chromium the tests drive: `CHROMIUM_BIN`, else Playwright's own, else the system's. Installing one is
 * `ensure-browser.ts`; this only looks.
 */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright';

const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] as const;
const SYSTEM_PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
] as const;

export interface FoundBrowser {
  /** `undefined`: Playwright's own. */
  readonly executablePath: string | undefined;
  readonly from: 'CHROMIUM_BIN' | 'playwright' | 'system';
}

/** @throws {Error} when `CHROMIUM_BIN` names a file that is not there: a wish is never passed over. */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): FoundBrowser | null {
  const wished = env['CHROMIUM_BIN'];
  if (wished !== undefined && wished !== '') {
    if (!existsSync(wished))
      throw new Error(`CHROMIUM_BIN=${wished} does not exist. Correct it or unset it.`);
    return { executablePath: wished, from: 'CHROMIUM_BIN' };
  }
  if (existsSync(chromium.executablePath())) return { executablePath: undefined, from: 'playwright' };
  const system = onPath(env['PATH'] ?? '') ?? SYSTEM_PATHS.find((path) => existsSync(path));
  return system === undefined ? null : { executablePath: system, from: 'system' };
}

/** @throws {Error} naming the remedies. */
export function requireBrowser(): FoundBrowser {
  const found = findBrowser();
  if (found === null) {
    throw new Error(
      'No Chromium found. Either run `npx playwright install --with-deps chromium`, ' +
        'or install the system package (Debian: `apt-get install chromium`), ' +
        'or name one: `CHROMIUM_BIN=<path to the executable> npm test`.',
    );
  }
  return found;
}

function onPath(path: string): string | undefined {
  for (const folder of path.split(delimiter)) {
    for (const name of SYSTEM_NAMES) {
      const candidate = join(folder, name);
      if (folder !== '' && existsSync(candidate)) return candidate;
    }
  }
  return undefined;
}
