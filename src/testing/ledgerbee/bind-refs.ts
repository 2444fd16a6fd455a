/** Checkout-bind refs: opaque, single use, about a minute, tied to a customer and an order reference. */
import { randomBytes } from 'node:crypto';
import type { Scenarios } from './scenarios.js';
import type { VendorTime } from './clock.js';
import type { ActivityFeed } from './activity.js';

const REF_LIFETIME_MS = 60_000;

export interface BindRef {
  readonly token: string;
  readonly customerId: string;
  readonly email: string;
  readonly reference: string | null;
  readonly expiresAtMs: number;
}

/** What a ref is worth at a checkout. `lapsed` (expired, used or unknown) goes on anonymously, without an error. */
export type BindRefCheck =
  | { readonly kind: 'bound'; readonly ref: BindRef }
  | {
      readonly kind: 'lapsed';
      readonly why: 'expired' | 'used' | 'unknown';
      readonly reference: string | null;
    }
  | { readonly kind: 'foreign' };

export class BindRefs {
  readonly #refs = new Map<string, BindRef>();
  readonly #used = new Set<string>();
  readonly #time: VendorTime;
  readonly #scenarios: Scenarios;
  readonly #activity: ActivityFeed;

  constructor(time: VendorTime, scenarios: Scenarios, activity: ActivityFeed) {
    this.#time = time;
    this.#scenarios = scenarios;
    this.#activity = activity;
  }

  mint(customerId: string, email: string, reference: string | null): BindRef {
    const ref: BindRef = {
      token: `cbr_${randomBytes(24).toString('base64url')}`,
      customerId,
      email,
      reference,
      expiresAtMs: this.#time.now() + this.#time.lifetime(REF_LIFETIME_MS),
    };
    this.#refs.set(ref.token, ref);
    this.#activity.add('bind', 'bind ref minted', { customerId, reference });
    return ref;
  }

  /** Looks a ref up. Spends nothing. */
  check(token: string): BindRefCheck {
    const ref = this.#refs.get(token);
    const lapsed = (why: 'expired' | 'used' | 'unknown'): BindRefCheck => {
      this.#activity.add('bind', `bind ref ${why}: the checkout goes on anonymously`, { why });
      return { kind: 'lapsed', why, reference: ref?.reference ?? null };
    };
    if (this.#scenarios.take('bind-ref-foreign')) return { kind: 'foreign' };
    if (this.#scenarios.take('bind-ref-expired')) return lapsed('expired');
    if (this.#scenarios.take('bind-ref-reused')) return lapsed('used');
    if (ref === undefined) return lapsed('unknown');
    if (this.#used.has(token)) return lapsed('used');
    if (ref.expiresAtMs <= this.#time.now()) return lapsed('expired');
    return { kind: 'bound', ref };
  }

  /** @returns `false` when it was spent before. */
  spend(token: string): boolean {
    if (this.#used.has(token)) return false;
    this.#used.add(token);
    return true;
  }
}
