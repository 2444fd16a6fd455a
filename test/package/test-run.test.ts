import { describe, expect, it } from 'vitest';
import { countClaims, countExitCode, countPlaywright, countVitest } from '../runner/reports.js';
import { believable, runSuite } from '../runner/suite.js';

const file = (status: string, ...statuses: string[]): unknown => ({
  name: 'some.test.ts',
  status,
  assertionResults: statuses.map((one, index) => ({ status: one, fullName: `test ${index}` })),
});
const stats = (expected: number, unexpected: number, skipped: number, flaky: number): unknown => ({
  stats: { expected, unexpected, skipped, flaky },
  errors: [],
});

describe('the count of a test run', () => {
  it('counts what passed and what failed', () => {
    const report = { testResults: [file('passed', 'passed', 'passed'), file('failed', 'passed', 'failed')] };
    expect(countVitest(report)).toMatchObject({ passed: 3, failed: 1 });
  });

  it.each(['skipped', 'pending', 'todo', 'disabled'])('counts a %s test as failed', (status) => {
    expect(countVitest({ testResults: [file('passed', 'passed', status)] })).toMatchObject({
      passed: 1,
      failed: 1,
    });
  });

  it('counts a file that could not be loaded as a failure', () => {
    expect(countVitest({ testResults: [file('failed')] })).toMatchObject({ passed: 0, failed: 1 });
  });

  it('counts a file whose hook failed after its tests passed as a failure', () => {
    expect(countVitest({ testResults: [file('failed', 'passed')] })).toMatchObject({ passed: 1, failed: 1 });
  });

  it('counts a file once for each browser, and names the browsers that gave results', () => {
    const inBrowser = (browser: string): unknown => ({
      ...(file('passed') as object),
      assertionResults: [{ status: 'passed', fullName: 'a test', meta: { browser } }],
    });
    const report = { testResults: [inBrowser('firefox'), inBrowser('chromium')] };
    expect(countVitest(report)).toMatchObject({ passed: 2, failed: 0, browsers: ['chromium', 'firefox'] });
    expect(countVitest({ testResults: [file('passed', 'passed')] })).toMatchObject({ browsers: [] });
  });

  it('counts skipped and flaky journeys as failed', () => {
    expect(countPlaywright(stats(5, 1, 2, 1))).toMatchObject({ passed: 5, failed: 4 });
  });

  it('counts an error outside any journey as a failure', () => {
    const report = {
      stats: { expected: 0, unexpected: 0, skipped: 0, flaky: 0 },
      errors: [{ message: 'no server' }],
    };
    expect(countPlaywright(report)).toEqual({ passed: 0, failed: 1, notes: ['no server'] });
  });

  it('counts the claims of the chaos suite, and refuses a report without counts', () => {
    const report = { passed: 50, failed: 1, notes: ['seed 1', '0 orders stuck: order 7'] };
    expect(countClaims(report)).toEqual(report);
    expect(() => countClaims({ notes: [] })).toThrow('expected shape');
  });

  it('counts a tool by its exit code', () => {
    expect(countExitCode(0)).toMatchObject({ passed: 1, failed: 0 });
    expect(countExitCode(2)).toMatchObject({ passed: 0, failed: 1 });
    expect(countExitCode(null)).toMatchObject({ passed: 0, failed: 1 });
  });

  it('fails a suite that ran nothing', () => {
    expect(believable({ passed: 0, failed: 0, notes: [] }, 0)).toMatchObject({ failed: 1 });
  });

  it('fails a suite that ended badly without naming a failure', () => {
    expect(believable({ passed: 7, failed: 0, notes: [] }, 1)).toMatchObject({ passed: 7, failed: 1 });
  });

  it('fails a suite that crashed before it could report', async () => {
    const count = await runSuite({
      name: 'crashed',
      command: [process.execPath, '-e', 'process.exit(3)'],
      read: () => {
        throw new Error('no report');
      },
    });
    expect(count).toMatchObject({ passed: 0, failed: 1 });
    expect(count.notes[0]).toContain('exit code 3');
  });
});
