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

  it('names each failed test with its browser and the beginning of its message', () => {
    const test = (status: string, fullName: string, ...failureMessages: string[]): unknown => ({
      ...{ status, fullName, failureMessages },
      meta: { browser: 'firefox' },
    });
    const one = {
      ...(file('failed') as object),
      assertionResults: [
        test('passed', 'is well'),
        test('failed', 'is not', '\u001b[31mError: 1 is not 2\u001b[39m\n    at somewhere'),
        test('skipped', 'is left out'),
      ],
    };
    const { failures } = countVitest({
      testResults: [one, { ...(file('failed') as object), message: 'gone' }],
    });
    expect(failures).toEqual([
      '[firefox] is not\n    Error: 1 is not 2\n        at somewhere',
      '[firefox] is left out was skipped: counted as failed',
      'some.test.ts did not run to its end\n    gone',
    ]);
  });

  it('says what was wrong also where the stack does not', () => {
    const failureMessages = ['accessible@chai.js:1:1', 'Error: 1 is not 2\n    at somewhere'];
    const meta = { browser: 'firefox', messages: ['Rule: color-contrast', '1 is not 2'] };
    const assertionResults = [{ status: 'failed', fullName: 'is not', failureMessages, meta }];
    expect(
      countVitest({ testResults: [{ ...(file('failed') as object), assertionResults }] }).failures,
    ).toEqual([
      '[firefox] is not\n    Rule: color-contrast\n    accessible@chai.js:1:1\n    Error: 1 is not 2\n        at somewhere',
    ]);
  });

  it('counts what no test is to blame for, and names it first', () => {
    const { passed, failed, failures } = countVitest({ testResults: [file('failed', 'passed', 'pending')] }, [
      'Failed to run the test a.test.ts.\nCannot connect to the iframe.',
    ]);
    expect([passed, failed]).toEqual([1, 2]);
    expect(failures?.[0]).toBe(
      'outside of every test\n    Failed to run the test a.test.ts.\n    Cannot connect to the iframe.',
    );
  });

  it('names each journey that was not as expected, also in a group of a file', () => {
    const spec = (title: string, status: string, ...messages: string[]): unknown => ({
      ...{ title, file: 'a.spec.ts' },
      tests: [
        { status, projectName: 'demo', results: [{ errors: messages.map((message) => ({ message })) }] },
      ],
    });
    const group = { specs: [spec('is hidden', 'flaky', 'Error: too late')] };
    const suites = [{ specs: [spec('is well', 'expected'), spec('is not', 'skipped')], suites: [group] }];
    const { failures } = countPlaywright({ ...(stats(1, 0, 1, 1) as object), suites });
    expect(failures).toEqual([
      '[demo] a.spec.ts: is not\n    was skipped',
      '[demo] a.spec.ts: is hidden\n    Error: too late',
    ]);
  });

  it('counts skipped and flaky journeys as failed', () => {
    expect(countPlaywright(stats(5, 1, 2, 1))).toMatchObject({ passed: 5, failed: 4 });
  });

  it('counts an error outside any journey as a failure', () => {
    const report = {
      stats: { expected: 0, unexpected: 0, skipped: 0, flaky: 0 },
      errors: [{ message: 'no server' }],
    };
    expect(countPlaywright(report)).toMatchObject({ passed: 0, failed: 1, notes: ['no server'] });
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

  it('keeps what a suite prints on either stream for whoever hears it', async () => {
    let output = '';
    const count = await runSuite(
      {
        name: 'talks',
        command: [process.execPath, '-e', 'console.log("said"); console.error("warned")'],
        read: countExitCode,
      },
      (more) => (output += more),
    );
    expect(count).toMatchObject({ passed: 1, failed: 0 });
    expect(output.split('\n').sort()).toEqual(['', 'said', 'warned']);
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
