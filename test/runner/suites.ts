/** What `npm test` runs: the quick checks first, the whole journeys last. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { countClaims, countExitCode, countPlaywright, countVitest } from './reports.js';
import { bin, RESULTS, ROOT, type Suite } from './suite.js';
import { BUNDLED } from '../support/bundled-source.js';
import { ERRORS_FILE } from './unhandled-errors.js';

/**
 * Stages follow one another; a stage's lanes run beside each other, and a lane's suites again one after the other.
 * What keeps two cores busy by itself has a stage of its own.
 */
export const STAGES: readonly (readonly (readonly Suite[])[])[] = [
  [
    [
      tool('type check', 'typescript-7', 'bin/tsc', ['--noEmit']),
      tool('lint', 'oxlint', 'bin/oxlint', ['--max-warnings', '0']),
      tool('lint of components', 'eslint', 'bin/eslint.js', ['.', '--max-warnings', '0']),
      tool('format', 'oxfmt', 'bin/oxfmt', ['--check']),
      vitest('unit', 'unit', 'test/unit'),
    ],
    [vitest('package', 'fulfillment', 'test/package')],
  ],
  [[vitest('element', 'element', 'test/element')]],
  // Each file has a database of its own. More workers than cores: much of what they do is to wait for it.
  [[vitest('fulfillment', 'fulfillment', 'test/fulfillment', ['--maxWorkers=3'])]],
  [[chaos('chaos')]],
  [[playwright('e2e')]],
];

export const SUITES: readonly Suite[] = STAGES.flat(2);

function tool(name: string, packageName: string, path: string, args: readonly string[]): Suite {
  return { name, command: [process.execPath, bin(packageName, path), ...args], read: countExitCode };
}

function vitest(name: string, project: string, folder: string, more: readonly string[] = []): Suite {
  const report = reportOf(name);
  const errors = reportOf(`${name}-errors`);
  return {
    name,
    command: [
      process.execPath,
      bin('vitest', 'vitest.mjs'),
      'run',
      folder,
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--reporter=${join(ROOT, 'test', 'runner', 'unhandled-errors.ts')}`,
      `--outputFile.json=${report}`,
      ...more,
    ],
    env: { [ERRORS_FILE]: errors, [BUNDLED]: '1' },
    read: async () => countVitest(await readJson(report), await readJson(errors)),
  };
}

function playwright(name: string): Suite {
  const report = reportOf(name);
  return {
    name,
    command: [
      process.execPath,
      bin('@playwright/test', 'cli.js'),
      'test',
      '--config',
      'test/e2e/playwright.config.ts',
      // `test.only` would leave the others out without a word.
      '--forbid-only',
      '--reporter=list,json',
    ],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report },
    read: async () => countPlaywright(await readJson(report)),
  };
}

/** The short form; `npm run chaos` is the long one. Each claim of its verdict counts as a test. */
function chaos(name: string): Suite {
  const report = reportOf(name);
  return {
    name,
    command: [
      process.execPath,
      '--import',
      'tsx',
      '--conditions=checkout-embed-source',
      'test/chaos/run.ts',
      '--short',
      '--report',
      report,
    ],
    read: async () => countClaims(await readJson(report)),
  };
}

export function reportOf(name: string): string {
  // Never `package.json`: everything below would belong to another package.
  return join(RESULTS, `${name}.report.json`);
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8')) as unknown;
}
