/** The tools' JSON reports, as counts. Only what ran to its end and passed counts as passed. */
import { stripVTControlCharacters } from 'node:util';
import type { Count } from './suite.js';

/** How much of a failure's message is repeated at the end. */
const MESSAGE_LINES = 12;
const MESSAGE_WIDTH = 300;

/**
 * Vitest's `json` reporter. Skipped and unfinished tests have failed: nothing is left out silently.
 * @param errors What no test is to blame for, each counted as a failure and named first: the others may follow from it.
 */
export function countVitest(report: unknown, errors: unknown = []): Count {
  const { testResults } = record(report);
  let passed = 0;
  const notes: string[] = [];
  const failures = list(errors).map((error) => failure(['outside of every test'], error));
  let failed = failures.length;
  const browsers = new Set<string>();
  for (const value of list(testResults)) {
    const file = record(value);
    const assertions = list(file['assertionResults']);
    // A file that could not be loaded names no test.
    if (assertions.length === 0 || (file['status'] !== 'passed' && assertions.every(isPassed))) {
      failed += 1;
      failures.push(failure([`${String(file['name'])} did not run to its end`], file['message']));
    }
    for (const assertion of assertions) {
      const browser = browserOf(assertion);
      if (browser !== null) browsers.add(browser);
      if (isPassed(assertion)) passed += 1;
      else {
        failed += 1;
        const { status, fullName, failureMessages } = record(assertion);
        const name = [...(browser === null ? [] : [`[${browser}]`]), String(fullName)];
        if (status !== 'failed') failures.push(`${name.join(' ')} was ${String(status)}: counted as failed`);
        else failures.push(failure(name, ...told(list(failureMessages), messagesOf(assertion))));
      }
    }
  }
  return { passed, failed, notes, failures, browsers: [...browsers].sort() };
}

/** Playwright's `json` reporter. Flaky is failed: a journey with money in it works or does not. */
export function countPlaywright(report: unknown): Count {
  const { stats, errors, suites } = record(report);
  const numbers = record(stats);
  const notes = list(errors).map((error) => String(record(error)['message']));
  const skipped = number(numbers['skipped']);
  const flaky = number(numbers['flaky']);
  if (skipped > 0) notes.push(`${skipped} skipped: counted as failed`);
  if (flaky > 0) notes.push(`${flaky} flaky: counted as failed`);
  return {
    passed: number(numbers['expected']),
    failed: number(numbers['unexpected']) + skipped + flaky + list(errors).length,
    notes,
    failures: list(suites).flatMap(failedJourneys),
  };
}

/** The chaos suite's report: counts of its own, and the names of the claims that broke. */
export function countClaims(report: unknown): Count {
  const { passed, failed, notes } = record(report);
  return { passed: number(passed), failed: number(failed), notes: list(notes).map(String) };
}

/** A tool without tests: one check, passed by its exit code alone. */
export function countExitCode(exitCode: number | null): Count {
  return exitCode === 0 ? { passed: 1, failed: 0, notes: [] } : { passed: 0, failed: 1, notes: [] };
}

/** Of a file or a group in it, with all that stands below. */
function failedJourneys(suite: unknown): readonly string[] {
  const { specs, suites } = record(suite);
  return [
    ...list(specs).flatMap((spec) => {
      const { title, file, tests } = record(spec);
      return list(tests).flatMap((test) => {
        const { status, projectName, results } = record(test);
        if (status === 'expected') return [];
        const messages = list(results).flatMap((result) =>
          list(record(result)['errors']).map((error) => record(error)['message']),
        );
        const name = [`[${String(projectName)}]`, `${String(file)}:`, String(title)];
        return [failure(name, ...(messages.length > 0 ? messages : [`was ${String(status)}`]))];
      });
    }),
    ...list(suites).flatMap(failedJourneys),
  ];
}

/** The name, and below it the beginning of each message: a log that keeps only its end is to say what happened. */
function failure(name: readonly string[], ...messages: readonly unknown[]): string {
  const said = messages
    .filter((message) => typeof message === 'string')
    .flatMap((message) => stripVTControlCharacters(message).split('\n').slice(0, MESSAGE_LINES))
    .filter((line) => line.trim() !== '')
    .map((line) => `\n    ${line.slice(0, MESSAGE_WIDTH)}`);
  return name.join(' ') + said.join('');
}

function isPassed(assertion: unknown): boolean {
  return record(assertion)['status'] === 'passed';
}

/** Each stack with its message, which is not in it in Firefox. */
function told(stacks: readonly unknown[], messages: readonly unknown[]): readonly unknown[] {
  return stacks.flatMap((stack, index) => {
    const message = messages[index];
    return typeof message === 'string' && !String(stack).includes(message) ? [message, stack] : [stack];
  });
}

function browserOf(assertion: unknown): string | null {
  const { browser } = metaOf(assertion);
  return typeof browser === 'string' ? browser : null;
}

function messagesOf(assertion: unknown): readonly unknown[] {
  return list(metaOf(assertion)['messages']);
}

/** What `test/support/note-browser.ts` notes. */
function metaOf(assertion: unknown): Record<string, unknown> {
  const { meta } = record(assertion);
  return typeof meta === 'object' && meta !== null ? record(meta) : {};
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error('the report has not the expected shape');
  return value as Record<string, unknown>;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function number(value: unknown): number {
  if (typeof value !== 'number') throw new Error('the report has not the expected shape');
  return value;
}
