/**
 * What the JSON report leaves out: errors that belong to no test, such as a test page that was left. They end a run
 * early, and a log that keeps only its end must say so. Given to Vitest as a reporter of its own.
 */
import { writeFileSync } from 'node:fs';
import type { Reporter } from 'vitest/node';

/** Names the file that the list goes to. */
export const ERRORS_FILE = 'VITEST_UNHANDLED_ERRORS';

export default class UnhandledErrors implements Reporter {
  readonly #file = process.env[ERRORS_FILE];

  onTestRunEnd(
    _modules: unknown,
    errors: readonly { readonly message: string; readonly cause?: unknown }[],
  ): void {
    if (this.#file !== undefined) writeFileSync(this.#file, JSON.stringify(errors.map(said)));
  }
}

/** The message, with those of its causes. */
function said({ message, cause }: { readonly message: string; readonly cause?: unknown }): string {
  if (typeof cause !== 'object' || cause === null || !('message' in cause)) return message;
  return `${message}\n${said(cause as { readonly message: string })}`;
}
