/**
 * `npm test`: every suite, one after the other, and one plain last line that is true for all of them together.
 * `npm test -- unit lint` runs only those.
 */
import { mkdir, rm } from 'node:fs/promises';
import { runSuite, RESULTS, type Count } from './runner/suite.js';
import { SUITES } from './runner/suites.js';
import { ensureBrowser, usableFirefox } from './support/ensure-browser.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !SUITES.some((suite) => suite.name === name));
const suites = SUITES.filter(({ name }) => wanted.length === 0 || wanted.includes(name));

// An old report must not speak for a run that crashed.
await rm(RESULTS, { recursive: true, force: true });
await mkdir(RESULTS, { recursive: true });

const results: { name: string; seconds: number; count: Count }[] = [];
for (const name of unknown) {
  const notes = [`no such suite; there are ${SUITES.map((suite) => suite.name).join(', ')}`];
  results.push({ name, seconds: 0, count: { passed: 0, failed: 1, notes } });
}
if (suites.length > 0) await reportBrowser();
if (suites.some(({ name }) => name === 'element')) await reportFirefox();
for (const suite of suites) {
  say(`\n── ${suite.name} ${'─'.repeat(Math.max(0, 70 - suite.name.length))}`);
  const started = performance.now();
  const count = await runSuite(suite);
  results.push({ name: suite.name, seconds: (performance.now() - started) / 1000, count });
}

const passed = results.reduce((sum, { count }) => sum + count.passed, 0);
const failed = results.reduce((sum, { count }) => sum + count.failed, 0);
say(`\n── result ${'─'.repeat(64)}`);
for (const { name, seconds, count } of results) {
  const { browsers = [] } = count;
  const label = browsers.length === 0 ? name : `${name} (${browsers.join(', ')})`;
  const line = `${label.padEnd(30)}${String(count.passed).padStart(5)} passed ${String(count.failed).padStart(4)} failed`;
  say(`${line} ${seconds.toFixed(1).padStart(7)} s`);
  for (const note of count.notes) say(`    ${note}`);
}
process.exitCode = failed === 0 ? 0 : 1;
say(`${passed} passed, ${failed} failed`);

/** Looked for once, before anything runs: a missing browser is one error, not one per test. */
async function reportBrowser(): Promise<void> {
  try {
    const { executablePath, from } = await ensureBrowser(say);
    say(`Chromium: ${executablePath ?? "Playwright's own"} (${from})`);
  } catch (error) {
    const notes = [error instanceof Error ? error.message : String(error)];
    results.push({ name: 'browser', seconds: 0, count: { passed: 0, failed: 1, notes } });
  }
}

/** A second browser for the element, where there is one that can be driven. Its absence is said and fails nothing; one asked for by name must come. */
async function reportFirefox(): Promise<void> {
  try {
    const found = await usableFirefox();
    if (found === null) say('Firefox: none found, so the element runs in Chromium alone');
    else say(`Firefox: ${found.executablePath} (the element)`);
  } catch (error) {
    const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    if ((process.env['FIREFOX_BIN'] ?? '') !== '') {
      results.push({ name: 'firefox', seconds: 0, count: { passed: 0, failed: 1, notes: [why] } });
      return;
    }
    say(`Firefox: left out, so the element runs in Chromium alone: ${why}`);
    process.env['FIREFOX_BIN'] = 'none';
  }
}
