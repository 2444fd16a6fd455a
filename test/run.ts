/**
 * `npm test`: every suite, and one plain last line that is true for all of them together. What failed is named again
 * right before it: a log that is cut keeps its end.
 * `npm test -- unit lint` runs only those.
 */
import { mkdir, rm } from 'node:fs/promises';
import { runSuite, RESULTS, type Count, type Suite } from './runner/suite.js';
import { STAGES, SUITES } from './runner/suites.js';
import { ensureBrowser, usableFirefox } from './support/ensure-browser.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** More of them have one cause. */
const NAMED_FAILURES = 40;

/** Of a tool's output, from its end. */
const TOOL_LINES = 30;

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
if (suites.some(({ name }) => name === 'element')) await reportOthers();
for (const stage of STAGES) {
  const lanes = stage
    .map((lane) => lane.filter((suite) => suites.includes(suite)))
    .filter((lane) => lane.length > 0);
  await Promise.all(
    lanes.map(async (lane) => {
      for (const suite of lane) await runAndSay(suite, lanes.length > 1);
    }),
  );
}

const passed = results.reduce((sum, { count }) => sum + count.passed, 0);
const failed = results.reduce((sum, { count }) => sum + count.failed, 0);
say(heading('result'));
for (const { name, seconds, count } of results) {
  const { browsers = [] } = count;
  const label = browsers.length === 0 ? name : `${name} (${browsers.join(', ')})`;
  const line = `${label.padEnd(30)}${String(count.passed).padStart(5)} passed ${String(count.failed).padStart(4)} failed`;
  say(`${line} ${seconds.toFixed(1).padStart(7)} s`);
  for (const note of count.notes) say(`    ${note}`);
}
const failures = results.flatMap(({ name, count }) =>
  (count.failures ?? []).map((failure) => `${name}: ${failure}`),
);
if (failures.length > 0) say(heading('failed'));
for (const failure of failures.slice(0, NAMED_FAILURES)) say(failure);
if (failures.length > NAMED_FAILURES) say(`and ${failures.length - NAMED_FAILURES} more`);
process.exitCode = failed === 0 ? 0 : 1;
say(`${passed} passed, ${failed} failed`);

/** Beside another suite its words are kept until it has ended: those of two would be mixed. */
async function runAndSay(suite: Suite, isBeside: boolean): Promise<void> {
  const started = performance.now();
  let count: Count;
  if (isBeside) {
    let output = '';
    count = await runSuite(suite, (more) => (output += more));
    say(heading(suite.name) + `\n${output.trimEnd()}`);
    // A tool names nothing in a report.
    if (count.failed > 0 && count.notes.length === 0 && (count.failures ?? []).length === 0)
      count = { ...count, failures: [output.trim().split('\n').slice(-TOOL_LINES).join('\n')] };
  } else {
    say(heading(suite.name));
    count = await runSuite(suite);
  }
  results.push({ name: suite.name, seconds: (performance.now() - started) / 1000, count });
}

function heading(name: string): string {
  return `\n── ${name} ${'─'.repeat(Math.max(0, 70 - name.length))}`;
}

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

async function reportOthers(): Promise<void> {
  if (process.env['WEBKIT'] === '1') say('WebKit: in place of the others (the element)');
  else await reportFirefox();
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
