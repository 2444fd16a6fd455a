/** WebKitGTK's MiniBrowser by W3C WebDriver, on a screen of its own. It is the engine of Safari, and not Safari. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../runner/free-ports.js';
import type { FoundWebKit } from './find-browser.js';

const KEYS = { Tab: '\uE004', Enter: '\uE007', Shift: '\uE008' } as const;
const TRIES = 100;
const SCREEN = '1280x900x24';

export class WebKitDriver {
  readonly #server: string;
  readonly #session: string;
  readonly #end: () => Promise<void>;

  private constructor(server: string, session: string, end: () => Promise<void>) {
    this.#server = server;
    this.#session = session;
    this.#end = end;
  }

  static async start({ driver, browser, screen }: FoundWebKit): Promise<WebKitDriver> {
    const started: ChildProcess[] = [];
    const settings = await mkdtemp(join(tmpdir(), 'checkout-embed-webkit-'));
    const end = async (): Promise<void> => {
      for (const child of started.reverse()) child.kill();
      await rm(settings, { recursive: true, force: true });
    };
    try {
      // Without a graphics card, painting what moves costs more than all the rest: it asks for reduced motion.
      await mkdir(join(settings, 'gtk-3.0'));
      await writeFile(join(settings, 'gtk-3.0', 'settings.ini'), '[Settings]\ngtk-enable-animations=0\n');
      const display = await startScreen(screen, started);
      const [port] = await freePorts(1);
      const env = { ...process.env, DISPLAY: display, NO_AT_BRIDGE: '1', XDG_CONFIG_HOME: settings };
      started.push(spawn(driver, [`--port=${port}`, '--host=127.0.0.1'], { stdio: 'ignore', env }));
      const server = `http://127.0.0.1:${port}`;
      await untilAnswered(server);
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
      return new WebKitDriver(server, sessionId, end);
    } catch (error) {
      await end();
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
    try {
      await this.#call('POST', '/window', { handle });
      await this.go(url);
      while (!(await this.#isAt(url)));
      return await use();
    } finally {
      await this.#call('DELETE', '/window');
      await this.#call('POST', '/window', { handle: before });
    }
  }

  /** The page that was there before may go while it is asked. */
  #isAt(url: string): Promise<boolean> {
    const script = "return location.href === arguments[0] && document.readyState !== 'loading'";
    return this.#call<boolean>('POST', '/execute/sync', { script, args: [url] }).catch(() => false);
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
    await this.#end();
  }

  #call<T = void>(method: string, path: string, body?: object): Promise<T> {
    return call<T>(method, `${this.#server}/session/${this.#session}${path}`, body);
  }
}

async function call<T>(method: string, url: string, body?: object): Promise<T> {
  const response = await fetch(url, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const { value } = (await response.json()) as { value: T & { message?: string } };
  if (!response.ok) throw new Error(value.message ?? `${method} ${url}: ${response.status}`);
  return value;
}

async function untilAnswered(server: string): Promise<void> {
  for (let left = TRIES; ; left -= 1) {
    try {
      await call('GET', `${server}/status`);
      return;
    } catch (error) {
      if (left === 0) throw error;
      await sleep(100);
    }
  }
}

/** A screen that nobody sees. @returns Its name. */
function startScreen(screen: string, started: ChildProcess[]): Promise<string> {
  // It takes the first number that is free, and says which once it is ready.
  const child = spawn(screen, ['-displayfd', '1', '-screen', '0', SCREEN, '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`${screen} ended with ${String(code)} before it was ready.`)),
    );
    child.stdout.once('data', (number: Buffer) => resolve(`:${number.toString().trim()}`));
  });
}
