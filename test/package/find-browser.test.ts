import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFirefox } from '../support/find-browser.js';

let folder = '';
let installed = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkout-embed-path-'));
  installed = join(folder, 'firefox-esr');
  await writeFile(installed, '');
});
afterAll(() => rm(folder, { recursive: true }));

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
