/**
 * A browser for the tests, installed where there is none: what is there, else one try of Playwright's own, else
 * Debian's package as root, else one error that names the remedies.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { chromium, firefox } from 'playwright';
import {
  findBrowser,
  findFirefox,
  requireBrowser,
  SHELL,
  type FoundBrowser,
  type FoundFirefox,
} from './find-browser.js';

/** A download over a slow line. */
const INSTALL_TIMEOUT_MS = 5 * 60_000;

interface Way {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly usable: () => boolean;
}

/** @throws {Error} naming the remedies. */
export async function ensureBrowser(say: (line: string) => void): Promise<FoundBrowser> {
  const found = findBrowser();
  if (found !== null && canStart(found)) return found;
  for (const way of ways()) {
    if (!way.usable()) continue;
    say(`No Chromium found; trying ${way.name} …`);
    await tryCommand(way.command, say);
    const installed = findBrowser();
    if (installed !== null && canStart(installed)) return installed;
  }
  const { executablePath = chromium.executablePath() } = requireBrowser();
  throw new Error(
    `${executablePath} does not start: libraries are missing. Run \`npx playwright install-deps chromium\` as root, ` +
      'or name another one: `CHROMIUM_BIN=<path to the executable> npm test`.',
  );
}

/**
 * A Firefox that Playwright can really drive, never installed for it: `null` where there is none.
 * @throws {Error} when it cannot be driven, as in a sandbox that hides its profile, or is not there as wished.
 */
export async function usableFirefox(): Promise<FoundFirefox | null> {
  const found = findFirefox();
  if (found !== null) await (await firefox.launch(found)).close();
  return found;
}

/** A bare machine may have the file without the libraries that it needs. A wish is left to fail by itself. */
function canStart({ executablePath, from }: FoundBrowser): boolean {
  if (from === 'CHROMIUM_BIN') return true;
  return (
    spawnSync(executablePath ?? chromium.executablePath(), ['--version'], { stdio: 'ignore' }).status === 0
  );
}

function ways(): readonly Way[] {
  const playwright = join(
    dirname(createRequire(import.meta.url).resolve('playwright/package.json')),
    'cli.js',
  );
  const mayInstallPackages = (): boolean => process.getuid?.() === 0 && existsSync('/etc/debian_version');
  return [
    {
      name: 'playwright install chromium',
      command: [process.execPath, playwright, 'install', 'chromium'],
      usable: () => true,
    },
    {
      name: 'apt-get install chromium',
      command: [
        'sh',
        '-c',
        // One by one: an older Debian has no headless shell.
        `apt-get update -q; for name in chromium ${SHELL}; do apt-get install -y -q --no-install-recommends $name; done`,
      ],
      usable: mayInstallPackages,
    },
  ];
}

/** Success is not read from the exit code: what counts is whether a browser is there afterwards. */
function tryCommand([file, ...args]: Way['command'], say: (line: string) => void): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    // Not spawn's own `timeout`: after a command that could not be started it would keep this process alive.
    const timer = setTimeout(() => child.kill(), INSTALL_TIMEOUT_MS);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    child.once('error', (error) => {
      say(`${file}: ${error.message}`);
      end();
    });
    child.once('exit', end);
  });
}
