/** Where the frame's bind tokens come from: the merchant's own function, or the handoff. */
import { withDeadline } from '../core/deadline.js';
import type { HandoffClient } from '../core/handoff-client.js';
import { HandoffError } from '../core/handoff-error.js';
import { systemTimers } from '../core/ports.js';
import type { AttemptHandle, BindTokenAnswer } from '../protocol/attempt.js';
import { sayOnce, tell } from './developer-log.js';
import type { UnboundCause } from './events.js';
import type { BindTokenAsk } from './vendor/bind-provider.js';

/** A token that came with the start of the attempt serves a first ask this soon after, in milliseconds. */
const FRESH_TOKEN_MS = 15_000;

const NO_FUNCTION = 'fetchBindToken is no function';

/** What a merchant's own `fetchBindToken` is told. */
export interface BindTokenRequest extends Omit<BindTokenAsk, 'frame'> {
  readonly order: string | null;
  /** Aborted when the attempt ends. */
  readonly signal: AbortSignal;
}

/** Mints a fresh token by the merchant's backend; `null` goes on anonymously. Called anew for each checkout. */
export type BindTokenProvider = (request: BindTokenRequest) => Promise<string | null>;

export interface BindTokenOptions {
  readonly client: HandoffClient | null;
  readonly order: string | null;
  /** Looked up when needed: a page may set it late. */
  readonly fetchBindToken: () => BindTokenProvider | null | undefined;
  /** The attempt that a token of the handoff belongs to. */
  readonly start: (item: string | null) => Promise<AttemptHandle>;
  /** The backend does not know it, or not as this buyer's: gives another. */
  readonly startAnew: (item: string | null) => Promise<AttemptHandle>;
  /** Nothing is to be bought now. */
  readonly isHeld: () => boolean;
  /** Aborted when the attempt ends. */
  readonly signal: AbortSignal;
}

export class BindTokens {
  /** What the attempt is bound by, as far as is known: the reason of an anonymous checkout. */
  unbound: UnboundCause = 'never_asked';
  readonly #options: BindTokenOptions;
  #spare: { readonly token: string; readonly atMs: number } | null = null;

  constructor(options: BindTokenOptions) {
    this.#options = options;
  }

  /** Whether there is anything to ask. */
  get offered(): boolean {
    return this.#options.client !== null || (this.#options.fetchBindToken() ?? null) !== null;
  }

  /** The token that came with the start; one of a start before it is of another attempt. */
  keep(token: string | null): void {
    this.#spare = token === null ? null : { token, atMs: Date.now() };
  }

  /** For `embed.js`: a fresh token, or `null` and the developer knows why. */
  async mint({ planVersionId, planItemId, vanity }: Omit<BindTokenAsk, 'frame'>): Promise<string | null> {
    const { order, fetchBindToken, isHeld, signal } = this.#options;
    const provider = fetchBindToken() ?? null;
    const before = this.unbound;
    // As long as there is no answer.
    this.unbound = 'provider_failed';
    if (provider !== null && typeof provider !== 'function') {
      sayOnce('error', NO_FUNCTION, NO_FUNCTION);
      return null;
    }
    try {
      let token: unknown;
      if (provider !== null) {
        const request = { planVersionId, planItemId, vanity, order, signal };
        token = await withDeadline(systemTimers, signal, () => provider(request));
        if (token === null) this.unbound = 'anonymous';
        else if (!isToken(token)) {
          const words = misgiven(token);
          sayOnce('warn', words, words);
          return null;
        }
      } else {
        const answer = await withDeadline(systemTimers, signal, (until) =>
          this.#handoffToken(planItemId, until),
        );
        // No frame is seen that could use it, and the developer has no part in that.
        if (isHeld()) {
          this.unbound = before;
          return null;
        }
        token = answer.bindToken;
        this.unbound = answer.unbound ?? 'anonymous';
      }
      if (isToken(token)) {
        this.unbound = 'token_not_used';
        return token;
      }
    } catch (error) {
      if (signal.aborted) return null;
      tell('bind-token', 'No bind token, so this checkout is anonymous', error);
      return null;
    }
    sayOnce(
      'warn',
      `unbound ${this.unbound}`,
      `No bind token (${this.unbound}), so this checkout is anonymous.`,
    );
    return null;
  }

  /** @param until The frame waits no longer then; a start that is on its way goes on. */
  async #handoffToken(
    item: string | null,
    until: AbortSignal,
  ): Promise<Pick<BindTokenAnswer, 'bindToken' | 'unbound'>> {
    const { client, start, startAnew, isHeld } = this.#options;
    const attempt = await start(item);
    // What came with it is for the next who asks.
    until.throwIfAborted();
    const spare = this.#takeSpare();
    if (spare !== null) return { bindToken: spare };
    if (client === null || isHeld()) return { bindToken: null };
    try {
      return await client.bindToken(attempt, until);
    } catch (error) {
      const code = error instanceof HandoffError ? error.code : null;
      if (code !== 'not_found' && code !== 'unauthorized') throw error;
      // Kept from an earlier visit, or from before the buyer logged in.
      const another = await startAnew(item);
      const its = this.#takeSpare();
      return its !== null || isHeld() ? { bindToken: its } : client.bindToken(another, until);
    }
  }

  #takeSpare(): string | null {
    const spare = this.#spare;
    this.#spare = null;
    return spare !== null && Date.now() - spare.atMs < FRESH_TOKEN_MS ? spare.token : null;
  }
}

function misgiven(token: unknown): string {
  const what = token === '' ? 'an empty string' : token instanceof Response ? 'a Response' : typeof token;
  return `fetchBindToken gave ${what}: it must return a non-empty string, or null`;
}

/** Not everybody's functions are type-checked. */
function isToken(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
