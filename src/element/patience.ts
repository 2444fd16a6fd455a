/** How long a load is waited for, and what is said of it when that has passed. */
import type { AttemptInput } from '../core/attempt-states.js';
import { effectOnFrame, isNetworkLike, type Diagnosis } from '../core/diagnosis.js';
import type { Presence } from '../core/ports.js';
import type { Attempt } from './attempt.js';
import { PageDeadlines } from './page-deadlines.js';

export interface PatienceOptions {
  readonly presence: Presence;
  readonly dispatch: (input: AttemptInput) => void;
  /** Which load is the current one. */
  readonly mount: () => number;
  /** The current load did not come in time. */
  readonly onMissed: () => void;
}

/** With one load at a time. */
export class Patience {
  readonly #options: PatienceOptions;
  readonly #deadlines: PageDeadlines;
  /** Which wait is the current one. */
  #wait = 0;
  /** Its deadline has passed, and nothing was said of it yet. */
  #isJudging = false;

  constructor(options: PatienceOptions) {
    this.#options = options;
    this.#deadlines = new PageDeadlines(options.presence);
  }

  begin({ config, judge }: Attempt): void {
    this.stop();
    const { dispatch } = this.#options;
    const mount = this.#options.mount();
    const growImpatient = (): void => {
      dispatch({ type: 'slow-elapsed', mount });
      // What the portal says of itself is known by the time of the deadline.
      void judge.look();
    };
    this.#deadlines.start([
      { afterMs: config.slowAfterMs, onPassed: growImpatient },
      { afterMs: config.timeoutMs, onPassed: () => void this.#giveUp(judge, mount) },
    ]);
  }

  /** The line is back. What was judged without one counts for nothing; what was not judged yet goes on. */
  renew(attempt: Attempt): void {
    attempt.judge.lookAnew();
    if (this.#isJudging) this.begin(attempt);
  }

  stop(): void {
    this.#wait += 1;
    this.#isJudging = false;
    this.#deadlines.stop();
  }

  /** The browser named the cause before the deadline. */
  meetProof(diagnosis: Diagnosis): void {
    const type = effectOnFrame(diagnosis) === 'refused' ? 'proof' : 'unheard';
    this.#options.dispatch({ type, mount: this.#options.mount(), diagnosis });
  }

  async #giveUp(judge: Attempt['judge'], mount: number): Promise<void> {
    const { dispatch, mount: current, onMissed, presence } = this.#options;
    const wait = this.#wait;
    this.#isJudging = true;
    await judge.look();
    if (wait !== this.#wait || !presence.online()) return;
    this.#isJudging = false;
    const diagnosis = judge.diagnose();
    if (diagnosis === null || current() !== mount) return;
    // A frame that only cannot be heard may be working: its silence does not cover it.
    if (effectOnFrame(diagnosis) === 'unheard') dispatch({ type: 'unheard', mount, diagnosis });
    else dispatch({ type: 'timeout-elapsed', mount, diagnosis, networkLike: isNetworkLike(diagnosis) });
    if (current() === mount) onMissed();
  }
}
