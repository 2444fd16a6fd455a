/** Tells the developer what the page does wrong with an element. */
import { diagnoseAttribute, type AttributeProblem } from '../core/diagnosis.js';
import { inWords } from './allowed-values.js';
import type { ReadConfig } from './checkout-config.js';
import { say, sayOnce } from './developer-log.js';

export class ProblemReport {
  readonly #host: HTMLElement;
  #said = '';

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  /** Wrong attributes, once for each set of them: frameworks set attributes one by one. */
  tell({ problems, config }: ReadConfig): void {
    const words = problems.map((problem) => {
      const { evidence, fix } = diagnoseAttribute(inWords(this.#asWritten(problem)));
      return [...evidence, fix.text, fix.copy].filter((word) => word !== undefined).join(' ');
    });
    const all = words.join();
    if (all === this.#said) return;
    this.#said = all;
    words.forEach((word, index) => {
      const fatal = config === null && index === words.length - 1;
      say('error', fatal ? word : `${word} Its default is used.`, this.#host);
    });
  }

  /** A number that cannot be read has lost what was written. */
  #asWritten(problem: AttributeProblem): AttributeProblem {
    const { attribute, value } = problem;
    return value === 'NaN' ? { ...problem, value: this.#host.getAttribute(attribute) ?? value } : problem;
  }

  /** Taken out and put in again. */
  moved(): void {
    sayOnce('warn', 'moved', 'Moved in the page, a checkout loads anew. moveBefore() keeps it.', this.#host);
  }
}
