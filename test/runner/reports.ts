/** The tools' JSON reports, as counts. Only what ran to its end and passed counts as passed. */
import type { Count } from './suite.js';

/** Vitest's `json` reporter. Skipped and unfinished tests have failed: nothing is left out silently. */
export function countVitest(report: unknown): Count {
  const { testResults } = record(report);
  let passed = 0;
  let failed = 0;
  const notes: string[] = [];
  const browsers = new Set<string>();
  for (const value of list(testResults)) {
    const file = record(value);
    const assertions = list(file['assertionResults']);
    // A file that could not be loaded names no test.
    if (assertions.length === 0 || (file['status'] !== 'passed' && assertions.every(isPassed))) {
      failed += 1;
      notes.push(`${String(file['name'])} did not run to its end`);
    }
    for (const assertion of assertions) {
      const browser = browserOf(assertion);
      if (browser !== null) browsers.add(browser);
      if (isPassed(assertion)) passed += 1;
      else {
        failed += 1;
        const status = record(assertion)['status'];
        if (status !== 'failed')
          notes.push(`${String(record(assertion)['fullName'])} was ${String(status)}: counted as failed`);
      }
    }
  }
  return { passed, failed, notes, browsers: [...browsers].sort() };
}

/** Playwright's `json` reporter. Flaky is failed: a journey with money in it works or does not. */
export function countPlaywright(report: unknown): Count {
  const { stats, errors } = record(report);
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

function isPassed(assertion: unknown): boolean {
  return record(assertion)['status'] === 'passed';
}

/** As `test/support/note-browser.ts` notes it. */
function browserOf(assertion: unknown): string | null {
  const { meta } = record(assertion);
  const browser = typeof meta === 'object' && meta !== null ? record(meta)['browser'] : null;
  return typeof browser === 'string' ? browser : null;
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
