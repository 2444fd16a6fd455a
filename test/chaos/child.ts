/**
 * What a process under chaos and the harness say to each other. The process writes lines to its standard output,
 * synchronously, so that the last one is out before it dies; the harness sends the step at which it is to die.
 */
import { writeSync } from 'node:fs';
import type { VendorName } from './vendor.js';
import { isStep, type Role, type Step } from './steps.js';

/** Given to the process as JSON in its environment. */
export interface ChildSettings {
  readonly name: string;
  readonly role: Role;
  readonly databaseUrl: string;
  readonly sinkOrigin: string;
  /** For each vendor's adapter. */
  readonly adapters: Readonly<Partial<Record<VendorName, unknown>>>;
  /** Tells the kit's warnings and errors on the standard error. */
  readonly verbose: boolean;
}

/** Ends by itself with this code when it could not begin: the database was away. */
export const NOT_STARTED = 75;

/** By its number: Node's own stream would make it non-blocking. */
const STDOUT = 1;
const VARIABLE = 'CHAOS_CHILD';

export function environmentOf(settings: ChildSettings): Readonly<Record<string, string>> {
  return { [VARIABLE]: JSON.stringify(settings) };
}

export function readSettings(): ChildSettings {
  return JSON.parse(process.env[VARIABLE] ?? 'null') as ChildSettings;
}

export type ChildLine =
  | { readonly kind: 'ready'; readonly port: number | null }
  | { readonly kind: 'died-at'; readonly step: Step };

/** @param port `null` for a process that takes no requests. */
export function sayReady(port: number | null): void {
  say({ kind: 'ready', port });
}

/** Ends the process as `kill -9` would, at this very statement, if the harness asked for this step. */
export type Reach = (step: Step) => void;

export function listenForSteps(): Reach {
  let armed: Step | null = null;
  process.on('message', (step) => {
    if (typeof step === 'string' && isStep(step)) armed = step;
  });
  return (step) => {
    if (armed !== step) return;
    say({ kind: 'died-at', step });
    process.kill(process.pid, 'SIGKILL');
  };
}

/** Ends the process in good order when asked, and at once when the harness is gone. */
export function endWithHarness(close: () => Promise<void>): void {
  let ending = false;
  process.once('disconnect', () => {
    if (!ending) process.exit(1);
  });
  process.once('SIGTERM', () => {
    ending = true;
    void close().then(() => process.disconnect());
  });
}

function say(line: ChildLine): void {
  writeSync(STDOUT, `${JSON.stringify(line)}\n`);
}
