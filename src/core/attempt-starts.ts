import {
  decodeStartAttemptAnswer,
  PROTOCOL_VERSION,
  type AttemptHandle,
  type NextStep,
} from '../protocol/index.js';
import { isAttemptId, isToken, keyOf, type AttemptKey, type AttemptRequest } from './attempt-handles.js';
import { pause } from './deadline.js';
import { HandoffError, mayPass } from './handoff-error.js';
import { post, type HandoffResponse, type HandoffTransport } from './handoff-transport.js';

/** How often one start is sent before it is given up. */
const START_TRIES = 3;

/** Pause before the second try, in milliseconds; the next one is longer. */
const START_RETRY_MS = 500;

/** The longest `Retry-After` that a start waits for, in milliseconds: somebody is looking at a skeleton. */
const START_PATIENCE_MS = 5_000;

export interface StartedAttempt {
  readonly attempt: AttemptHandle;
  readonly next: NextStep;
  /** The handle was kept from earlier: nothing was asked, and `next` carries no bind token yet. */
  readonly reused: boolean;
}

export interface AttemptStartsOptions {
  readonly transport: HandoffTransport;
  readonly newId: () => string;
  /** @param isWanted Nobody has forgotten the checkout meanwhile. */
  readonly onStarted: (request: AttemptRequest, started: StartedAttempt, isWanted: boolean) => void;
  readonly onFailed: (request: AttemptRequest, error: unknown, isWanted: boolean) => void;
}

/** Starts attempts: one flight for all who want the same checkout, and one key for all tries of one start. */
export class AttemptStarts {
  readonly #options: AttemptStartsOptions;
  readonly #starting = new Map<string, Promise<StartedAttempt>>();
  /** Keys of starts whose fate is unknown, by body: the buyer's next try must not make a second attempt. */
  readonly #unanswered = new Map<string, { readonly of: string; readonly id: string }>();

  constructor(options: AttemptStartsOptions) {
    this.#options = options;
  }

  begin(request: AttemptRequest): Promise<StartedAttempt> {
    return this.#starting.get(keyOf(request)) ?? this.#fly(request);
  }

  /** Makes the next one another, also where one is still on its way, or may have arrived. */
  forget(which: AttemptKey): void {
    const key = keyOf(which);
    this.#starting.delete(key);
    for (const [body, { of }] of this.#unanswered) if (of === key) this.#unanswered.delete(body);
  }

  #fly(request: AttemptRequest): Promise<StartedAttempt> {
    const { onStarted, onFailed } = this.#options;
    const key = keyOf(request);
    const isWanted = (): boolean => this.#starting.get(key) === flight;
    const flight: Promise<StartedAttempt> = this.#start(request)
      .then(
        (started) => {
          onStarted(request, started, isWanted());
          return started;
        },
        (error: unknown) => {
          onFailed(request, error, isWanted());
          throw error;
        },
      )
      .finally(() => {
        if (isWanted()) this.#starting.delete(key);
      });
    this.#starting.set(key, flight);
    return flight;
  }

  async #start(request: AttemptRequest): Promise<StartedAttempt> {
    const { transport, newId } = this.#options;
    const { vendor, order, plan, item } = request;
    const page = request.page.replace(/[?#].*/s, '');
    const init = post({ v: PROTOCOL_VERSION, vendor, order, plan, item, page });
    const unanswered = this.#unanswered.get(init.body) ?? { of: keyOf(request), id: newId() };
    this.#unanswered.set(init.body, unanswered);
    const headers = { ...init.headers, 'Idempotency-Key': unanswered.id };
    for (let tries = 1; ; tries += 1) {
      try {
        const started = await transport.send('/attempts', { ...init, headers }, null, readStart);
        this.#unanswered.delete(init.body);
        return started;
      } catch (error) {
        if (!(error instanceof HandoffError)) throw error;
        if (!mayPass(error)) this.#unanswered.delete(init.body);
        const waitMs = Math.max(START_RETRY_MS * tries, error.retryAfterMs ?? 0);
        if (!mayPass(error) || tries === START_TRIES || waitMs > START_PATIENCE_MS) throw error;
        await pause(transport.timers, waitMs);
      }
    }
  }
}

async function readStart({ decode }: HandoffResponse): Promise<StartedAttempt> {
  const { attempt, next } = await decode(decodeStartAttemptAnswer);
  if (!isAttemptId(attempt.id) || !isToken(attempt.token)) {
    throw new HandoffError('unreadable', 'The attempt has no usable id or token');
  }
  return { attempt, next, reused: false };
}
