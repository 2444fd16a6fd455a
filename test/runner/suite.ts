/** One suite of `npm test`: how it is started, and how its result is read from what it wrote. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Count {
  readonly passed: number;
  readonly failed: number;
  /** What a person should know beside the numbers. */
  readonly notes: readonly string[];
  /** Each failed test by its name, with the first words of what it said. */
  readonly failures?: readonly string[];
  /** The browsers that gave results, by their own account. */
  readonly browsers?: readonly string[];
}

export interface Suite {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Reads the suite's own report. Throwing means that there is no report to believe. */
  readonly read: (exitCode: number | null) => Promise<Count> | Count;
}

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const RESULTS = join(ROOT, 'test', '.results');

/** The script behind a package's command, run by this Node: no shell, no PATH. */
export function bin(packageName: string, path: string): string {
  const require = createRequire(import.meta.url);
  try {
    return join(dirname(require.resolve(`${packageName}/package.json`)), path);
  } catch {
    return join(ROOT, 'node_modules', packageName, path);
  }
}

/**
 * Runs the suite, then counts. Never throws: what cannot be counted has failed.
 * @param hear Gets what the suite prints. Left out: it goes straight to our own output.
 */
export async function runSuite(suite: Suite, hear?: (output: string) => void): Promise<Count> {
  const exitCode = await run(suite, hear);
  try {
    return believable(await suite.read(exitCode), exitCode);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { passed: 0, failed: 1, notes: [`gave no readable result (exit code ${exitCode}): ${why}`] };
  }
}

/** A suite that ran nothing, or that ended badly without naming a failure, has failed. */
export function believable(count: Count, exitCode: number | null): Count {
  if (count.passed + count.failed === 0) {
    return { ...count, failed: 1, notes: [...count.notes, 'ran no test'] };
  }
  if (exitCode !== 0 && count.failed === 0) {
    const note = `ended with exit code ${exitCode} although no test failed`;
    return { ...count, failed: 1, notes: [...count.notes, note] };
  }
  return count;
}

function run(
  { command: [file, ...args], env }: Suite,
  hear?: (output: string) => void,
): Promise<number | null> {
  return new Promise((resolve) => {
    const output = hear === undefined ? 'inherit' : 'pipe';
    const child = spawn(file, args, {
      cwd: ROOT,
      stdio: ['ignore', output, output],
      env: { ...process.env, ...env },
    });
    if (hear !== undefined)
      for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', hear);
    child.once('error', () => resolve(null));
    // Not `exit`: what it printed last may still be on its way.
    child.once('close', (code) => resolve(code));
  });
}
