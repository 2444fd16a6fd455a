/** One real process of the merchant's backend, started again each time it ends, as a process manager does. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { NOT_STARTED, type ChildLine } from './child.js';
import type { Role, Step } from './steps.js';

/** Before a process that was killed is started again, and one that could not start, in milliseconds. */
const RESTART_PAUSE_MS = 30;
const NOT_STARTED_PAUSE_MS = 200;
/** How long one that was asked to end may take. */
const END_LIMIT_MS = 10_000;
/** Last words kept of one that ended by itself, in UTF-16 units. */
const LAST_WORDS = 2_000;

/** How a process ended: killed from outside, by itself at the step it was told, or otherwise. */
export type Death =
  | { readonly how: 'killed' }
  | { readonly how: 'at-step'; readonly step: Step }
  /** It could not start, with the database away: no failure. */
  | { readonly how: 'not-started' }
  /** Nobody told it to. */
  | { readonly how: 'by-itself'; readonly words: string };

export interface ProcessPlan {
  readonly name: string;
  readonly role: Role;
  /** The script, ready for Node. */
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly onDeath: (death: Death) => void;
  /** Passes the process's own words on. */
  readonly verbose: boolean;
}

export class SupervisedProcess {
  readonly #plan: ProcessPlan;
  #child: ChildProcess | null = null;
  #timer: NodeJS.Timeout | undefined;
  #ending = false;
  #ready = false;
  #port: number | null = null;
  #armed: Step | null = null;

  constructor(plan: ProcessPlan) {
    this.#plan = plan;
    this.#start();
  }

  get role(): Role {
    return this.#plan.role;
  }

  get ready(): boolean {
    return this.#ready;
  }

  /** The step it was told to die at, and has not reached. */
  get armed(): Step | null {
    return this.#armed;
  }

  /** `null` while it takes no requests. */
  get origin(): string | null {
    return this.#port === null ? null : `http://127.0.0.1:${this.#port}`;
  }

  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  /** It dies by itself when it next reaches the step. Forgotten when it ends before. */
  arm(step: Step): void {
    this.#armed = step;
    // One that is dying meanwhile hears no more.
    this.#child?.send(step, () => undefined);
  }

  /** Asks it to end, and ends it. @returns whether it did so by itself and in good order. */
  async end(): Promise<boolean> {
    this.#ending = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === null) return true;
    const ended = new Promise<boolean>((done) => child.once('close', (code) => done(code === 0)));
    const timer = setTimeout(() => child.kill('SIGKILL'), END_LIMIT_MS);
    child.kill('SIGTERM');
    return ended.finally(() => clearTimeout(timer));
  }

  /** Ends it without asking, for good. */
  async destroy(): Promise<void> {
    this.#ending = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === null) return;
    const ended = new Promise((done) => child.once('close', done));
    child.kill('SIGKILL');
    await ended;
  }

  #start(): void {
    if (this.#ending) return;
    const { script, environment, verbose } = this.#plan;
    const child = spawn(process.execPath, ['--enable-source-maps', script], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new Error('a process without its pipes');
    let step: Step | null = null;
    let words = '';
    createInterface({ input: stdout }).on('line', (line) => {
      const said = JSON.parse(line) as ChildLine;
      if (said.kind === 'died-at') step = said.step;
      else [this.#ready, this.#port] = [true, said.port];
    });
    stderr.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-LAST_WORDS);
      if (verbose) process.stderr.write(chunk);
    });
    child.once('error', (error) => (words += error.message));
    // Gone, but its last words may still be on their way: no request goes to it from here on.
    child.once('exit', () => ([this.#ready, this.#port] = [false, null]));
    child.once('close', (code, signal) => {
      [this.#child, this.#armed] = [null, null];
      if (this.#ending) return;
      const death = readDeath(code, signal, step, words);
      this.#plan.onDeath(death);
      const pauseMs = death.how === 'not-started' ? NOT_STARTED_PAUSE_MS : RESTART_PAUSE_MS;
      this.#timer = setTimeout(() => this.#start(), pauseMs);
    });
  }
}

function readDeath(code: number | null, signal: string | null, step: Step | null, words: string): Death {
  if (signal === 'SIGKILL') return step === null ? { how: 'killed' } : { how: 'at-step', step };
  if (code === NOT_STARTED) return { how: 'not-started' };
  return { how: 'by-itself', words: `exit code ${code}, signal ${signal ?? 'none'}: ${words.trim()}` };
}
