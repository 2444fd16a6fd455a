/** Every trap of the vendor, and a buyer who presses by itself, by name. A scenario is off, on, or on for the next n times it matters. */
export const SCENARIOS = [
  'plan-not-public',
  'origin-not-allowlisted',
  'missing-scope',
  'unknown-customer',
  'rate-limited',
  'bind-ref-expired',
  'bind-ref-reused',
  'bind-ref-foreign',
  'session-expired',
  'duplicate-confirm',
  'mint-fails',
  'confirm-fails',
  'self-signup-off',
  'slow-portal',
  'silent-portal',
  'portal-error',
  'portal-empty',
  'portal-hangs',
  'portal-stalls',
  'portal-cuts-off',
  'buyer-chooses',
  'buyer-confirms',
  'buyer-leaves',
  'webhook-twice',
  'webhook-late',
  'webhook-out-of-order',
  'webhook-lost',
  'webhook-wrongly-signed',
  'webhook-replayed',
] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

/** `true` until switched off; `{ times }` for the next so many occasions. */
export type ScenarioSwitch = boolean | { readonly times: number };

export interface ScenarioState {
  readonly name: ScenarioName;
  readonly on: boolean;
  /** Occasions left, or `null` without a limit. */
  readonly remaining: number | null;
}

export class Scenarios {
  readonly #left = new Map<ScenarioName, number>();
  readonly #changed: (summary: string) => void;

  constructor(changed: (summary: string) => void) {
    this.#changed = changed;
  }

  /** @throws {RangeError} for a name that is not in {@link SCENARIOS}, or `times` that is no positive whole number. */
  set(name: ScenarioName, to: ScenarioSwitch): void {
    if (!SCENARIOS.includes(name)) throw new RangeError(`unknown scenario: ${name}`);
    const left = typeof to === 'boolean' ? (to ? Infinity : 0) : to.times;
    if (left !== Infinity && (!Number.isSafeInteger(left) || left < 0 || (left === 0 && to !== false))) {
      throw new RangeError('times must be a positive whole number');
    }
    if (left === 0) this.#left.delete(name);
    else this.#left.set(name, left);
    this.#changed(left === 0 ? `${name} off` : `${name} on${left === Infinity ? '' : `, ${left}×`}`);
  }

  list(): readonly ScenarioState[] {
    return SCENARIOS.map((name) => {
      const left = this.#left.get(name) ?? 0;
      return { name, on: left > 0, remaining: left > 0 && Number.isFinite(left) ? left : null };
    });
  }

  reset(): void {
    this.#left.clear();
    this.#changed('all off');
  }

  /** Whether it is on; uses nothing up. */
  isOn(name: ScenarioName): boolean {
    return (this.#left.get(name) ?? 0) > 0;
  }

  /** Whether it is on for this occasion, which is then used up. */
  take(name: ScenarioName): boolean {
    const left = this.#left.get(name) ?? 0;
    if (left === 0) return false;
    if (left === 1) this.#left.delete(name);
    else this.#left.set(name, left - 1);
    this.#changed(`${name} happens${left === Infinity ? '' : `, ${left - 1}× left`}`);
    return true;
  }
}
