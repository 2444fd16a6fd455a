/** What becomes of a name that nobody here has linked, by what the vendor says of it? Pure. */
import type { Observation, Undetermined } from './ports.js';
import type { ParkedClaim } from './postgres/claim-parked-triggers.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** When it is looked up again, each counted from its first delivery: the vendor's own patience with us. */
const LOOKS_MS = [
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  35 * MINUTE_MS,
  3 * HOUR_MS,
  8 * HOUR_MS,
  18 * HOUR_MS,
  28 * HOUR_MS,
];
/** After those, for what the vendor knows and has not decided. */
const LATER_LOOKS_MS = 12 * HOUR_MS;
/** The life of a session: counted from the last delivery. */
const UNDECIDED_FOR_MS = 7 * 24 * HOUR_MS;

export type ParkedFate =
  | { readonly kind: 'make'; readonly observation: Observation }
  | { readonly kind: 'look-again'; readonly atMs: number }
  /** Invented, or over before it began. */
  | { readonly kind: 'drop'; readonly why: 'not-found' | 'undecided' | 'ended' };

export function fateOf(
  found: Observation | Undetermined | null,
  claim: Pick<ParkedClaim, 'looks' | 'firstAtMs' | 'lastAtMs' | 'secret'>,
  nowMs: number,
): ParkedFate {
  const observation = found === null || 'undetermined' in found ? null : found;
  if (observation !== null && (claim.secret !== null || isOrder(observation)))
    return { kind: 'make', observation };
  if (observation?.access === 'ended') return { kind: 'drop', why: 'ended' };
  const delayMs = LOOKS_MS[claim.looks];
  if (delayMs !== undefined) {
    return { kind: 'look-again', atMs: Math.max(nowMs + MINUTE_MS, claim.firstAtMs + delayMs) };
  }
  if (found === null) return { kind: 'drop', why: 'not-found' };
  return nowMs < claim.lastAtMs + UNDECIDED_FOR_MS
    ? { kind: 'look-again', atMs: nowMs + LATER_LOOKS_MS }
    : { kind: 'drop', why: 'undecided' };
}

/** The vendor has an order: so should the merchant, even while its payment is waited for. */
function isOrder({ access, amountMinor }: Observation): boolean {
  return access === 'granted' || (access !== 'ended' && amountMinor !== undefined);
}
