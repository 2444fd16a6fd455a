/** What the vendor said of a subject, compared and reduced. Pure. */
import type { FactSet } from './order-facts.js';
import type { Observation } from './ports.js';

/** The reading of the highest generation; `null` where there is none. */
export function latestReading(facts: FactSet, subject: string): Observation | null {
  let latest: { readonly generation: number; readonly observation: Observation } | null = null;
  for (const fact of Object.values(facts)) {
    if (fact.kind !== 'observed' || fact.observation.subject !== subject) continue;
    if (latest === null || fact.generation > latest.generation) latest = fact;
  }
  return latest?.observation ?? null;
}

export function isSameReading(a: Observation | null, b: Observation): boolean {
  return (
    a !== null &&
    a.subject === b.subject &&
    a.reference === b.reference &&
    a.access === b.access &&
    a.vendorStatus === b.vendorStatus &&
    a.planId === b.planId &&
    a.customerId === b.customerId &&
    a.amountMinor === b.amountMinor &&
    a.currency === b.currency &&
    // Two partial captures leave everything else as it was.
    a.capturedMinor === b.capturedMinor &&
    a.refundedMinor === b.refundedMinor &&
    a.isCapturable === b.isCapturable &&
    a.isAcknowledgeable === b.isAcknowledgeable
  );
}

/** For an order whose buyer was erased. */
export function withoutBuyer(observation: Observation): Observation {
  return { ...observation, customerId: null };
}
