/** Where the frame's bind tokens come from: the merchant's own function, or the handoff. */
import type { HandoffClient } from '../core/handoff-client.js';
import type { AttemptHandle, BindTokenAnswer } from '../protocol/attempt.js';
import { sayOnce, tell } from './developer-log.js';
import type { UnboundCause } from './events.js';
import type { BindTokenAsk } from './vendor/bind-provider.js';

/** A token that came with the start of the attempt serves a first ask this soon after, in milliseconds. */
const FRESH_TOKEN_MS = 15_000;

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
  readonly fetchBindToken: () => BindTokenProvider | null;
  /** The attempt that a token of the handoff belongs to. */
  readonly start: (item: string | null) => Promise<AttemptHandle>;
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
    return this.#options.client !== null || this.#options.fetchBindToken() !== null;
  }

  /** A token that came with the start. */
  keep(token: string): void {
    this.#spare = { token, atMs: Date.now() };
  }

  /** For `embed.js`: a fresh token, or `null` and the developer knows why. */
  async mint({ planVersionId, planItemId, vanity }: Omit<BindTokenAsk, 'frame'>): Promise<string | null> {
    const { order, fetchBindToken, signal } = this.#options;
    const provider = fetchBindToken();
    try {
      let token: string | null;
      if (provider !== null) {
        token = await provider({ planVersionId, planItemId, vanity, order, signal });
        this.unbound = token === null ? 'anonymous' : 'provider_failed';
      } else {
        const answer = await this.#handoffToken(planItemId);
        token = answer.bindToken;
        this.unbound = answer.unbound ?? 'anonymous';
      }
      if (isToken(token)) {
        this.unbound = 'token_not_used';
        return token;
      }
    } catch (error) {
      if (signal.aborted) return null;
      this.unbound = 'provider_failed';
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

  async #handoffToken(item: string | null): Promise<Pick<BindTokenAnswer, 'bindToken' | 'unbound'>> {
    const { client, start, signal } = this.#options;
    const attempt = await start(item);
    const spare = this.#spare;
    this.#spare = null;
    if (spare !== null && Date.now() - spare.atMs < FRESH_TOKEN_MS) return { bindToken: spare.token };
    return client === null ? { bindToken: null } : client.bindToken(attempt, signal);
  }
}

/** Not everybody's functions are type-checked. */
function isToken(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
