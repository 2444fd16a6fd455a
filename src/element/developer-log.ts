/** What is said to the developer, in the console alone. Never a secret, a token or anything about a buyer. */
import type { Diagnosis } from '../core/diagnosis.js';
import { HandoffError } from '../core/handoff-error.js';

const MARK = '[checkout-embed]';
const said = new Set<string>();

export function say(level: 'info' | 'warn' | 'error', ...words: readonly unknown[]): void {
  console[level](MARK, ...words);
}

/** Once per page and `key`. */
export function sayOnce(level: 'info' | 'warn' | 'error', key: string, ...words: readonly unknown[]): void {
  if (said.has(key)) return;
  said.add(key);
  say(level, ...words);
}

export function explain({ code, confidence, evidence, fix }: Diagnosis, element: HTMLElement): void {
  console.groupCollapsed(`${MARK} Diagnosis: ${code} (${confidence}). ${fix.text}`);
  for (const line of evidence) console.info(line);
  if (fix.copy !== undefined) console.info('Copy:', fix.copy);
  console.info(element);
  console.groupEnd();
}

/** Trouble with the backend, once per kind of it. */
export function tell(key: string, what: string, error: unknown): void {
  const code = error instanceof HandoffError ? error.code : 'failed';
  sayOnce('warn', `${key} ${code}`, `${what} (${code}).`, error);
}
