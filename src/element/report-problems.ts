/** Tells the developer what the page does wrong with an element. */
import { diagnoseAttribute, type AttributeProblem } from '../core/diagnosis.js';
import { inWords } from './allowed-values.js';
import { OBJECT, type ReadConfig } from './checkout-config.js';
import { say, sayOnce } from './developer-log.js';
import { tellMisspelled } from './misspelled.js';
import { MARK } from './own-frame.js';

export interface ReportHost extends HTMLElement {
  readonly order: string | null;
  /** Something may have changed that no property tells of. */
  readonly reconsider: () => void;
}

export class ProblemReport {
  readonly #host: ReportHost;
  readonly #addresses: MutationObserver;
  #said = '';

  constructor(host: ReportHost) {
    this.#host = host;
    this.#addresses = new MutationObserver(host.reconsider);
  }

  /** Wrong attributes, once for each set of them: frameworks set attributes one by one. */
  tell({ problems, config }: ReadConfig): void {
    this.#addresses.disconnect();
    const fatal = config === null ? problems.at(-1) : undefined;
    const isMissing = fatal?.value === null;
    const pasted = this.#host.querySelectorAll(
      `:scope > iframe:not([slot], [${MARK}]), :scope > :not([slot]) iframe:not([${MARK}])`,
    );
    // A consent tool, a loader of its own or the page may bring the frame or its address later, or another: no slot tells
    // of what happens within its own children.
    if (isMissing || pasted.length > 0)
      this.#addresses.observe(this.#host, { subtree: true, childList: true, attributeFilter: ['src'] });
    if (pasted.length > 1)
      sayOnce('warn', 'second-frame', 'Of two frames in one tag only the first is heard.', this.#host);
    if (isMissing && this.#host.querySelector(':scope > slot') !== null)
      sayOnce(
        'warn',
        'slot',
        'A frame must stand in the tag itself: one behind a slot is not seen.',
        this.#host,
      );
    tellMisspelled(this.#host);
    const { order } = this.#host;
    if (order !== null && OBJECT.test(order))
      sayOnce(
        'error',
        'order',
        `order="${order}" is an object, and counts as none. Give a string or a number.`,
        this.#host,
      );
    const words = problems.map((problem) => {
      const { evidence, fix } = diagnoseAttribute(inWords(this.#asWritten(problem)));
      return [...evidence, fix.text, ...(fix.copy === undefined ? [] : [`For example: ${fix.copy}.`])].join(
        ' ',
      );
    });
    const all = words.join();
    if (all === this.#said) return;
    this.#said = all;
    words.forEach((word, index) => {
      say('error', problems[index] === fatal ? word : `${word} Its default is used.`, this.#host);
    });
  }

  /** The element is gone. */
  end(): void {
    this.#addresses.disconnect();
  }

  /** A number that cannot be read has lost what was written. */
  #asWritten(problem: AttributeProblem): AttributeProblem {
    const { attribute, value } = problem;
    return value === 'NaN' ? { ...problem, value: this.#host.getAttribute(attribute) ?? value } : problem;
  }

  /** The page took it out. */
  lost(): void {
    const words = 'The page threw the checkout’s frame out: it loads anew. Leave the children in place.';
    sayOnce('warn', 'lost', words, this.#host);
  }

  /** Taken out and put in again. */
  moved(): void {
    sayOnce('warn', 'moved', 'Moved in the page, a checkout loads anew. moveBefore() keeps it.', this.#host);
  }
}
