/** Whatever leaves the kit, gathered to be searched for words that must not. */
import { inspect } from 'node:util';
import { vi } from 'vitest';

/** Everything that came out, with where it did. */
export class Outside {
  readonly #heard: { readonly where: string; readonly text: string }[] = [];

  /** Errors, their causes and fields that JSON would leave out are seen too. */
  hear(where: string, what: unknown): void {
    this.#heard.push({ where, text: typeof what === 'string' ? what : inspect(what, { depth: 20 }) });
  }

  /** The console and both streams of this process, until `vi.restoreAllMocks`. */
  hearConsole(): void {
    for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
      vi.spyOn(console, method).mockImplementation((...words: unknown[]) => this.hear('console', words));
    }
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((chunk) => {
        this.hear('output', String(chunk));
        return true;
      });
    }
  }

  /** An answer of the kit's, head and body. @returns its status. */
  async hearAnswer(where: string, answer: Response): Promise<number> {
    this.hear(where, `${inspect([...answer.headers])}\n${await answer.clone().text()}`);
    return answer.status;
  }

  /** What a call throws, causes and all. @returns whether it threw. */
  async hearFailure(where: string, call: Promise<unknown>): Promise<boolean> {
    try {
      await call;
      return false;
    } catch (error) {
      this.hear(where, error);
      return true;
    }
  }

  get places(): ReadonlySet<string> {
    return new Set(this.#heard.map(({ where }) => where));
  }

  findings(words: readonly string[]): readonly string[] {
    return this.#heard.flatMap(({ where, text }) =>
      words.filter((word) => text.includes(word)).map((word) => `${where}: ${word} in ${text}`),
    );
  }
}
