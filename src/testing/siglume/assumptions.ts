/**
 * What Siglume has not published, and may do either way. Each is set to what the contract assumes (its row in
 * the contract's table of unknowns is named) and can be turned. Its fixed numbers are in {@link ASSUMED}.
 */
export interface AssumptionValues {
  /** What a repeated nonce gives while its session lives: that session, or a new one as in the vendor's own sandbox. U1 */
  readonly repeatedNonce: 'same-session' | 'new-session';
  /** Whether `Siglume-Event-Id` and `-Type` are sent. U3 */
  readonly eventHeaders: boolean;
  /** What an event calls its version. U4 */
  readonly apiVersion: '2026-06-20' | '2026-06-11';
  /** Whether an event carries `idempotency_key` (its own id) and `trace_id`. U5 */
  readonly eventExtras: boolean;
  /** Whether a buyer who signed in before the session's end may still pay after it. U9 */
  readonly payAfterExpiry: 'after-sign-in' | 'never';
  /** Whether `session_id` is added to the success URL. U11 */
  readonly successQuery: boolean;
  /** Whether `direct_payment.spent` follows the confirmation. U12 */
  readonly spentEvent: boolean;
  /** What signs after a secret was rotated: the new one alone, or both for a day. U13 */
  readonly rotation: 'immediate' | 'overlap';
  /** How long the wallet takes to settle. U15 */
  readonly confirmDelay: 'none' | '30s';
  /** What a reading says of a payment that is not settled yet; no webhook ever says it. U15 */
  readonly beforeSettled: 'pending_payment' | 'provisional';
  /** Where a refusal for want of readiness lists what is missing. U18 */
  readonly missingRequirements: 'in-details' | 'in-error';
  /** Whether the hash follows from the merchant's secret by the published formula. U23 */
  readonly challengeHash: 'formula' | 'opaque';
  /** Whether an error answer also carries `data: null` and `meta`, as the sibling's. */
  readonly errorEnvelope: 'full' | 'bare';
  /** Whether the statements name the payment of a usage. Their documented columns do not. */
  readonly usageNamesRequirement: boolean;
}
export type AssumptionName = keyof AssumptionValues;

/** The values that each assumption may take; the first is the contract's. */
export const SIGLUME_ASSUMPTIONS: {
  readonly [Name in AssumptionName]: readonly [AssumptionValues[Name], ...AssumptionValues[Name][]];
} = {
  repeatedNonce: ['same-session', 'new-session'],
  eventHeaders: [true, false],
  apiVersion: ['2026-06-20', '2026-06-11'],
  eventExtras: [true, false],
  payAfterExpiry: ['after-sign-in', 'never'],
  successQuery: [true, false],
  spentEvent: [true, false],
  rotation: ['immediate', 'overlap'],
  confirmDelay: ['none', '30s'],
  beforeSettled: ['pending_payment', 'provisional'],
  missingRequirements: ['in-details', 'in-error'],
  challengeHash: ['formula', 'opaque'],
  errorEnvelope: ['full', 'bare'],
  usageNamesRequirement: [true, false],
};

/** Assumed numbers. Times in milliseconds, since the event or the session was made. */
export const ASSUMED = {
  /** U2: seven tries, then none. */
  deliveryTimesMs: [0, 30_000, 120_000, 600_000, 3_600_000, 21_600_000, 86_400_000],
  /** U2 */
  deliveryTimeoutMs: 10_000,
  /** U9 */
  sessionLifetimeMs: 1_800_000,
  /** U13: only with `rotation: 'overlap'`. */
  rotationOverlapMs: 86_400_000,
  /** U15 */
  confirmDelayMs: 30_000,
  /** U19: of the one 429 there is. */
  retryAfterSeconds: 1,
  /** U21, in characters and bytes. */
  longestNonce: 128,
  largestMetadataBytes: 4_096,
  /** U25 */
  pageSize: 50,
} as const;

export class Assumptions {
  #values: AssumptionValues = contractValues();
  readonly #changed: (summary: string) => void;

  constructor(changed: (summary: string) => void) {
    this.#changed = changed;
  }

  get current(): AssumptionValues {
    return this.#values;
  }

  /** @throws {RangeError} for an unknown name or a value it cannot take. */
  set<Name extends AssumptionName>(name: Name, value: AssumptionValues[Name]): void {
    if (!Object.hasOwn(SIGLUME_ASSUMPTIONS, name)) throw new RangeError(`unknown assumption: ${name}`);
    const allowed: readonly unknown[] = SIGLUME_ASSUMPTIONS[name];
    if (!allowed.includes(value)) throw new RangeError(`${name} must be one of ${allowed.join(', ')}`);
    this.#values = { ...this.#values, [name]: value };
    this.#changed(`${name} = ${String(value)}`);
  }

  reset(): void {
    this.#values = contractValues();
    this.#changed('as in the contract');
  }
}

function contractValues(): AssumptionValues {
  const entries = Object.entries(SIGLUME_ASSUMPTIONS).map(([name, values]) => [name, values[0]]);
  return Object.fromEntries(entries) as AssumptionValues;
}
