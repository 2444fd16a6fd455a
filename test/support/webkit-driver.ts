/** WebKitGTK's MiniBrowser by W3C WebDriver, on a screen of its own. It is the engine of Safari, and not Safari. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../runner/free-ports.js';
import type { FoundWebKit } from './find-browser.js';

const KEYS = { Tab: '\uE004', Enter: '\uE007', Shift: '\uE008' } as const;
const SCREEN = '1280x900x24';
/** Longest wait for the driver and for a page, in milliseconds. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 50;

/** The driver's own answer that it could not do what was asked. */
class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

export class WebKitDriver {
  readonly #server: string;
  readonly #session: string;
  readonly #processes: Processes;

  private constructor(server: string, session: string, processes: Processes) {
    this.#server = server;
    this.#session = session;
    this.#processes = processes;
  }

  /** @throws {Error} when one of the programs does not start. */
  static async start({ driver, browser, screen }: FoundWebKit): Promise<WebKitDriver> {
    const processes = await Processes.create();
    try {
      const display = await processes.startScreen(screen);
      const [port] = await freePorts(1);
      await processes.start(driver, [`--port=${port}`, '--host=127.0.0.1'], display);
      const server = `http://127.0.0.1:${port}`;
      // Refused until it listens.
      await until(() =>
        call('GET', `${server}/status`).then(
          () => true,
          () => false,
        ),
      );
      const options = { binary: browser, args: ['--automation'] };
      const { sessionId } = await call<{ sessionId: string }>('POST', `${server}/session`, {
        capabilities: {
          // A frame that never answers would keep a visit from going on.
          alwaysMatch: {
            browserName: 'MiniBrowser',
            pageLoadStrategy: 'none',
            'webkitgtk:browserOptions': options,
          },
        },
      });
      return new WebKitDriver(server, sessionId, processes);
    } catch (error) {
      await processes.end();
      throw error;
    }
  }

  go(url: string): Promise<void> {
    return this.#call('POST', '/url', { url });
  }

  resize(width: number, height: number): Promise<void> {
    return this.#call('POST', '/window/rect', { width, height });
  }

  /** Presses and lets go of one key, or of one with Shift, wherever the focus is. */
  press(key: 'Tab' | 'Enter' | ' ', shift = false): Promise<void> {
    const value = key === ' ' ? key : KEYS[key];
    const keys = [...(shift ? [KEYS.Shift] : []), value];
    const actions = [
      ...keys.map((one) => ({ type: 'keyDown', value: one })),
      ...keys.reverse().map((one) => ({ type: 'keyUp', value: one })),
    ];
    return this.#call('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
  }

  /** Opens `url` in a window of its own, beside the one of the tests, and closes it after `use`. */
  async inNewWindow<T>(url: string, use: () => Promise<T>): Promise<T> {
    const before = await this.#call<string>('GET', '/window');
    const { handle } = await this.#call<{ handle: string }>('POST', '/window/new', { type: 'window' });
    await this.#call('POST', '/window', { handle });
    const back = async (): Promise<void> => {
      await this.#call('DELETE', '/window');
      await this.#call('POST', '/window', { handle: before });
    };
    try {
      await this.go(url);
      await until(() => this.#isAt(url));
      const found = await use();
      await back();
      return found;
    } catch (error) {
      await back().catch(() => undefined);
      throw error;
    }
  }

  /** Runs in the page, and resolves with what it resolves with. Nothing from outside it is there. */
  async evaluate<A, T>(script: (argument: A) => T | Promise<T>, argument: A): Promise<T> {
    const wrapped = `const done = arguments[1];
      Promise.resolve().then(() => (${String(script)})(arguments[0])).then(
        (value) => done({ value }), (error) => done({ error: String(error) }));`;
    const answer = await this.#call<{ value: T; error?: string }>('POST', '/execute/async', {
      script: wrapped,
      args: [argument],
    });
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value;
  }

  async close(): Promise<void> {
    await Promise.race([this.#call('DELETE', '').catch(() => undefined), sleep(3_000)]);
    await this.#processes.end();
  }

  /** The page that was there before may go while it is asked. */
  async #isAt(url: string): Promise<boolean> {
    const script = "return location.href === arguments[0] && document.readyState !== 'loading'";
    try {
      return await this.#call<boolean>('POST', '/execute/sync', { script, args: [url] });
    } catch (error) {
      if (error instanceof RefusedError) return false;
      throw error;
    }
  }

  #call<T = void>(method: string, path: string, body?: object): Promise<T> {
    return call<T>(method, `${this.#server}/session/${this.#session}${path}`, body);
  }
}

/** What was started, and ends with whoever started it. */
class Processes {
  readonly #settings: string;
  readonly #children: ChildProcess[] = [];
  readonly #kill = (): void => {
    for (const child of this.#children) child.kill();
  };

  private constructor(settings: string) {
    this.#settings = settings;
    process.once('exit', this.#kill);
  }

  static async create(): Promise<Processes> {
    const settings = await mkdtemp(join(tmpdir(), 'checkout-embed-webkit-'));
    // Without a graphics card, painting what moves costs more than all the rest: it asks for reduced motion.
    await mkdir(join(settings, 'gtk-3.0'));
    await writeFile(join(settings, 'gtk-3.0', 'settings.ini'), '[Settings]\ngtk-enable-animations=0\n');
    return new Processes(settings);
  }

  async start(program: string, options: readonly string[], display: string): Promise<void> {
    const env = { ...process.env, DISPLAY: display, NO_AT_BRIDGE: '1', XDG_CONFIG_HOME: this.#settings };
    const child = spawn(program, options, { stdio: 'ignore', env });
    this.#children.push(child);
    await once(child, 'spawn');
  }

  /** A screen that nobody sees. @returns Its name. */
  async startScreen(program: string): Promise<string> {
    // It takes the first number that is free, and says which once it is ready.
    const child = spawn(program, ['-displayfd', '1', '-screen', '0', SCREEN, '-nolisten', 'tcp'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#children.push(child);
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`${program} ended with ${String(code)} before it was ready.`);
    });
    const [number] = (await Promise.race([once(child.stdout, 'data'), ended])) as [Buffer];
    ended.catch(() => undefined);
    return `:${number.toString().trim()}`;
  }

  async end(): Promise<void> {
    process.off('exit', this.#kill);
    for (const child of this.#children.reverse()) {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    }
    // The browser, which the driver ends, may still be writing.
    await rm(this.#settings, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** @throws {Error} when it stays untrue. */
async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!(await isTrue())) {
    if (performance.now() > endMs) throw new Error(`WebKit: nothing came in ${PATIENCE_MS} ms.`);
    await sleep(PAUSE_MS);
  }
}

async function call<T>(method: string, url: string, body?: object): Promise<T> {
  const response = await fetch(url, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const { value } = (await response.json()) as { value: T & { message?: string } };
  if (!response.ok) throw new RefusedError(value.message ?? `${method} ${url}: ${response.status}`);
  return value;
}
