import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser, findFirefox, findWebKit, wholeBrowser } from '../support/find-browser.js';

let folder = '';
let installed = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkout-embed-path-'));
  installed = join(folder, 'firefox-esr');
  await writeFile(installed, '');
});
afterAll(() => rm(folder, { recursive: true }));

describe('a Chromium', () => {
  it('without a window is not what a test of the back/forward cache gets', async () => {
    const shell = join(folder, 'chromium-headless-shell');
    await writeFile(shell, '');
    const env = { CHROMIUM_BIN: shell, PATH: folder };
    expect(findBrowser(env)?.executablePath).toBe(shell);
    const whole = join(folder, 'chromium');
    await writeFile(whole, '');
    expect(wholeBrowser(env)).toEqual({ executablePath: whole });
    expect(wholeBrowser({ ...env, CHROMIUM_BIN: whole })).toEqual({ executablePath: whole });
  });
});

describe('a Firefox', () => {
  it('is found on the PATH, under Debian’s name too', () => {
    const PATH = ['', join(folder, 'elsewhere'), folder].join(delimiter);
    expect(findFirefox({ PATH })).toEqual({ channel: 'moz-firefox', executablePath: installed });
  });

  it('may be missing, or not wanted', () => {
    expect(findFirefox({ PATH: join(folder, 'elsewhere') })).toBeNull();
    expect(findFirefox({ PATH: folder, FIREFOX_BIN: 'none' })).toBeNull();
  });

  it('that is asked for by name is never passed over', () => {
    expect(findFirefox({ PATH: '', FIREFOX_BIN: installed })?.executablePath).toBe(installed);
    const missing = join(folder, 'nowhere');
    expect(() => findFirefox({ PATH: folder, FIREFOX_BIN: missing })).toThrow(missing);
  });
});

describe('WebKit', () => {
  it('is not looked for before somebody asks for it', () => {
    expect(findWebKit({ PATH: folder })).toBeNull();
  });

  it('that is asked for and not there is an error that names what to install', () => {
    expect(() => findWebKit({ PATH: folder, WEBKIT: '1' })).toThrow('webkit2gtk-driver xvfb');
  });
});
