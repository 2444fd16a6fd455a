/** What a person sees while a command takes its time. On stderr alone: stdout belongs to the answer. */

/** How long a command may be silent, in milliseconds. */
const SILENT_MS = 1_000;
/** How often a line is written anew on a terminal, and added in a log, in milliseconds. */
const TERMINAL_EVERY_MS = 200;
const LOG_EVERY_MS = 10_000;

export interface ProgressOutput {
  readonly write: (text: string) => void;
  /** A line can be written over. */
  readonly isTerminal: boolean;
  /** Default 1000. */
  readonly silentMs?: number;
}

export class Progress {
  readonly #output: ProgressOutput;

  constructor(output: ProgressOutput) {
    this.#output = output;
  }

  /** Does the work, and says what it is about once that takes longer than a moment. */
  async during<T>(what: string, work: (say: (now: string) => void) => Promise<T>): Promise<T> {
    const { write, isTerminal, silentMs = SILENT_MS } = this.#output;
    let now = what;
    let shown = '';
    const show = (): void => {
      if (isTerminal) write(`\r\u001b[2K${now} …`);
      else if (now !== shown) write(`${now} …\n`);
      shown = now;
    };
    let every: NodeJS.Timeout | undefined;
    const first = setTimeout(() => {
      show();
      every = setInterval(show, isTerminal ? TERMINAL_EVERY_MS : LOG_EVERY_MS);
    }, silentMs);
    try {
      return await work((text) => {
        now = text;
      });
    } finally {
      clearTimeout(first);
      clearInterval(every);
      if (isTerminal && shown !== '') write('\r\u001b[2K');
    }
  }
}
