/**
 * Which browsers the tests drive. Chromium: `CHROMIUM_BIN`, else Playwright's own, else the system's; without a
 * window where there is such a build, which costs half as much. Firefox, for the element and only where there is one:
 * `FIREFOX_BIN`, else the system's. WebKit, for the element too, where it is asked for. Installing is
 * `ensure-browser.ts`; this only looks.
 */
import { existsSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { chromium, type LaunchOptions } from 'playwright';

/** The engine without a window's own pages around it. */
export const SHELL = 'chromium-headless-shell';
const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] as const;
const SYSTEM_PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
] as const;

/** Of Debian's package, by the machine. */
const MINI_BROWSERS = ['x86_64', 'aarch64'].map(
  (machine) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-4.1/MiniBrowser`,
);

const FIREFOX_NAMES = ['firefox', 'firefox-esr'] as const;

export interface FoundBrowser {
  /** `undefined`: Playwright's own. */
  readonly executablePath: string | undefined;
  readonly from: 'CHROMIUM_BIN' | 'playwright' | 'system';
}

/** As Playwright launches it. A stock Firefox speaks WebDriver BiDi, not Playwright's own protocol. */
export interface FoundFirefox {
  readonly channel: 'moz-firefox';
  readonly executablePath: string;
}

/** Its driver, the browser that it drives, and the screen that this needs. */
export interface FoundWebKit {
  readonly driver: string;
  readonly browser: string;
  readonly screen: string;
}

/** @throws {Error} when `CHROMIUM_BIN` names a file that is not there: a wish is never passed over. */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): FoundBrowser | null {
  const wished = wish('CHROMIUM_BIN', env);
  if (wished !== undefined) return { executablePath: wished, from: 'CHROMIUM_BIN' };
  if (existsSync(chromium.executablePath())) return { executablePath: undefined, from: 'playwright' };
  const system = onPath([SHELL], env['PATH'] ?? '') ?? wholeSystemBrowser(env);
  return system === undefined ? null : { executablePath: system, from: 'system' };
}

/**
 * Launches a browser as buyers have it, for what the one without a window lacks: the back/forward cache.
 * @throws {Error} naming the remedies.
 */
export function wholeBrowser(env: NodeJS.ProcessEnv = process.env): LaunchOptions {
  const { executablePath } = requireBrowser(env);
  // Playwright's own comes in both kinds.
  if (executablePath === undefined) return { channel: 'chromium' };
  if (basename(executablePath) !== SHELL) return { executablePath };
  const whole = wholeSystemBrowser(env);
  if (whole === undefined) {
    throw new Error(`Beside ${SHELL} a whole Chromium is needed (Debian: \`apt-get install chromium\`).`);
  }
  return { executablePath: whole };
}

/**
 * `null` where there is none, or where `FIREFOX_BIN=none` wants none.
 * @throws {Error} when `FIREFOX_BIN` names a file that is not there.
 */
export function findFirefox(env: NodeJS.ProcessEnv = process.env): FoundFirefox | null {
  if (env['FIREFOX_BIN'] === 'none') return null;
  const executablePath = wish('FIREFOX_BIN', env) ?? onPath(FIREFOX_NAMES, env['PATH'] ?? '');
  return executablePath === undefined ? null : { channel: 'moz-firefox', executablePath };
}

/**
 * For the element, and only where `WEBKIT=1` asks for it.
 * @throws {Error} naming the remedy where it is asked for and not there.
 */
export function findWebKit(env: NodeJS.ProcessEnv = process.env): FoundWebKit | null {
  if (env['WEBKIT'] !== '1') return null;
  const path = env['PATH'] ?? '';
  const [driver, screen] = [onPath(['WebKitWebDriver'], path), onPath(['Xvfb'], path)];
  const browser = MINI_BROWSERS.find((file) => existsSync(file));
  if (driver === undefined || screen === undefined || browser === undefined) {
    throw new Error('WEBKIT=1 needs `apt-get install webkit2gtk-driver xvfb` (Debian).');
  }
  return { driver, browser, screen };
}

/** @throws {Error} naming the remedies. */
export function requireBrowser(env: NodeJS.ProcessEnv = process.env): FoundBrowser {
  const found = findBrowser(env);
  if (found === null) {
    throw new Error(
      'No Chromium found. Either run `npx playwright install --with-deps chromium`, ' +
        'or install the system package (Debian: `apt-get install chromium`), ' +
        'or name one: `CHROMIUM_BIN=<path to the executable> npm test`.',
    );
  }
  return found;
}

function wholeSystemBrowser(env: NodeJS.ProcessEnv): string | undefined {
  return onPath(SYSTEM_NAMES, env['PATH'] ?? '') ?? SYSTEM_PATHS.find((path) => existsSync(path));
}

function wish(variable: 'CHROMIUM_BIN' | 'FIREFOX_BIN', env: NodeJS.ProcessEnv): string | undefined {
  const path = env[variable];
  if (path === undefined || path === '') return undefined;
  if (!existsSync(path)) throw new Error(`${variable}=${path} does not exist. Correct it or unset it.`);
  return path;
}

function onPath(names: readonly string[], path: string): string | undefined {
  for (const folder of path.split(delimiter)) {
    for (const name of names) {
      const candidate = join(folder, name);
      if (folder !== '' && existsSync(candidate)) return candidate;
    }
  }
  return undefined;
}
