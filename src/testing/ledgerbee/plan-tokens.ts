/** Tokens of resolve: let one buyer see gated plans for half an hour. ASSUMED (U4, U10). */
import { randomBytes } from 'node:crypto';
import type { VendorTime } from './clock.js';

const TOKEN_LIFETIME_MS = 30 * 60_000;

export interface PlanToken {
  readonly token: string;
  /** `null` for a buyer known by hints only. */
  readonly customerId: string | null;
  readonly planIds: readonly string[];
  readonly expiresAtMs: number;
}

export class PlanTokens {
  readonly #tokens = new Map<string, PlanToken>();
  readonly #time: VendorTime;

  constructor(time: VendorTime) {
    this.#time = time;
  }

  mint(customerId: string | null, planIds: readonly string[]): PlanToken {
    const token: PlanToken = {
      token: `ppt_${randomBytes(24).toString('base64url')}`,
      customerId,
      planIds,
      expiresAtMs: this.#time.now() + this.#time.lifetime(TOKEN_LIFETIME_MS),
    };
    this.#tokens.set(token.token, token);
    return token;
  }

  /** The token, if it is alive and shows this plan. */
  redeem(token: string | null, planId: string): PlanToken | null {
    const found = token === null ? undefined : this.#tokens.get(token);
    const isGood =
      found !== undefined && found.expiresAtMs > this.#time.now() && found.planIds.includes(planId);
    return isGood ? found : null;
  }
}
