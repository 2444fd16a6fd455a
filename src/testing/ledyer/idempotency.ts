/** A POST that comes again under its key is answered as the first time and does nothing. */
import type { VendorTime } from '../ledgerbee/clock.js';
import type { Reply } from '../ledgerbee/http.js';
import { type Assumptions, IDEMPOTENCY_WINDOW_MS } from './assumptions.js';
import { LedyerFailure } from './failure.js';

interface Answered {
  readonly body: string;
  readonly reply: Reply;
  readonly untilMs: number;
}

export class IdempotencyKeys {
  readonly #time: VendorTime;
  readonly #assumptions: Assumptions;
  readonly #answered = new Map<string, Answered>();

  constructor(time: VendorTime, assumptions: Assumptions) {
    this.#time = time;
    this.#assumptions = assumptions;
  }

  /**
   * Work that fails leaves no trace, so a corrected request may use its key again.
   * @param scope Merchant, method and path: keys of different calls never meet.
   * @throws {LedyerFailure} 422 for another body under a key, by assumption.
   */
  once(key: string | null, scope: string, body: string, work: () => Reply): Reply {
    if (key === null) return work();
    const name = `${scope} ${key}`;
    const before = this.#answered.get(name);
    if (before === undefined || before.untilMs <= this.#time.now()) {
      const reply = work();
      this.#answered.set(name, { body, reply, untilMs: this.#time.now() + IDEMPOTENCY_WINDOW_MS });
      return reply;
    }
    if (before.body !== body && this.#assumptions.current.keyWithOtherBody === 'refused') {
      throw new LedyerFailure(422, 'the idempotency key was used with another body');
    }
    return before.reply;
  }
}
