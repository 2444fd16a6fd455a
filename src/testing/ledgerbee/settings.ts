/** What the operator sets in LedgerBee's own app (contract §9), as values that a test can turn. */
export const LICENCES = ['CustomerPortal', 'Subscription'] as const;
export type Licence = (typeof LICENCES)[number];

export interface SettingValues {
  /** Origins that may frame the portal and call its API; drives both `frame-ancestors` and CORS. */
  readonly partnerOrigins: readonly string[];
  /** "Allow in-frame checkout". Off: `inline` falls back to a new tab, pinned and forced checkouts are "not found" (U27). */
  readonly inFrameCheckout: boolean;
  /** Whether anonymous buyers may sign up. */
  readonly selfSignup: boolean;
  readonly licences: readonly Licence[];
  /** Version of the terms a buyer accepts. */
  readonly termsVersion: string;
}

export class Settings {
  readonly #initial: SettingValues;
  readonly #changed: (summary: string) => void;
  #values: SettingValues;

  constructor(initial: SettingValues, changed: (summary: string) => void) {
    this.#initial = initial;
    this.#values = initial;
    this.#changed = changed;
  }

  get current(): SettingValues {
    return this.#values;
  }

  set(change: Partial<SettingValues>): void {
    this.#values = { ...this.#values, ...change };
    this.#changed(Object.keys(change).join(', '));
  }

  /** The operator publishes new terms: a form opened before holds a stale version. */
  publishTerms(): void {
    const [base = '', revision = '1'] = this.#values.termsVersion.split(' r');
    this.set({ termsVersion: `${base} r${Number(revision) + 1}` });
  }

  reset(): void {
    this.#values = this.#initial;
    this.#changed('as at the start');
  }
}
